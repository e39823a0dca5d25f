"""Which files a list of requirements may include: those of its own tree, each once, and none from a network."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from audit.masking import masked
from audit.scan.inputs.bounded import MOST_BYTES, read_plain
from audit.scan.inputs.decoding import decoded
from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import not_on_index
from audit.scan.pins import NotOnIndex

MOST_FILES: Final = 200


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file: ``path``, without links, and ``named``, the path as it was given: includes are relative to that."""

    path: Path
    named: Path


@dataclass(slots=True)
class Includes:
    """The files that were read for one input, including the first.

    Args:
        first: the input's own file; None: it has none, such as standard input.
    """

    first: NamedFile | None
    read_bytes: int = 0
    _taken: set[tuple[Path, bool]] = field(default_factory=set)

    @classmethod
    def of(cls, path: str | None) -> "Includes":
        """The includes of the input at ``path``; None: it has no path."""
        return cls(None if path is None else NamedFile(Path(os.path.realpath(path)), Path(path)))

    def place(self, document: Document, line: int, target: str, beside: NamedFile | None) -> NamedFile | NotOnIndex:
        """The place of an include, or why it is not read: it is on a network or outside the tree.

        The tree is the folder of the input, or the Git repository that it is in.

        Raises:
            InputError: the path is not valid.
        """
        shown = masked(target)
        if "://" in target or target.lower().startswith("file:"):
            return not_on_index(document, line, shown, f"the address {shown} (lists are not fetched)")
        if self.first is None or beside is None:
            return not_on_index(document, line, shown, f"the list {shown} (standard input has no folder)")
        path = beside.named.parent / target
        try:
            real = Path(os.path.realpath(path))
        except ValueError:  # a null character
            raise document.fault(line, "the path of a list is expected") from None
        top = _tree(self.first.path.parent)
        if not real.is_relative_to(top):
            return not_on_index(document, line, shown, f"the list {shown} (outside of the input's folder: not read)")
        return NamedFile(real, path)

    def take(self, document: Document, line: int, place: NamedFile, *, is_constraint: bool) -> Document | None:
        """The text of a file; None: it was read before.

        Raises:
            InputError: it cannot be read, or there are too many files.
        """
        if (place.path, is_constraint) in self._taken:
            return None
        self._taken.add((place.path, is_constraint))
        if not place.path.exists():
            raise document.fault(line, "a list that is there is expected")
        source = os.path.normpath(place.named)
        body = read_plain(place.path, source)
        self.read_bytes += len(body)
        if len(self._taken) > MOST_FILES or self.read_bytes > MOST_BYTES:
            raise document.fault(line, f"at most {MOST_FILES} lists of {MOST_BYTES >> 20} MiB together are expected")
        return Document(source, decoded(body, source), document.format)


def _tree(folder: Path) -> Path:
    """The top of the Git repository that a folder is in; else the folder."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
