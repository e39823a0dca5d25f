"""A folder from a stranger, read so that nothing in it can lead elsewhere, block, or fill the memory."""

import os
from collections.abc import Iterator
from pathlib import Path

from audit.errors import DecodeError, UsageError
from audit.model import LARGEST_DOCUMENT_BYTES
from audit.replay.files import open_page


class Tree:
    """The files below a folder. A link is followed if it stays below the folder; only plain files count."""

    def __init__(self, top: Path) -> None:
        """Reads nothing yet.

        Raises:
            UsageError: there is no such folder, or it cannot be read.
        """
        try:
            self._top = Path(os.path.realpath(top, strict=True))
            os.scandir(self._top).close()
        except OSError as error:
            raise UsageError(f"{str(top)!r} cannot be read ({error.strerror}): name the folder") from error

    def names(self, *parts: str, folders: bool) -> Iterator[str]:
        """The names in the folder ``parts``, in no order: only ``folders``, or only others; empty if it is none.

        Raises:
            UsageError: it exists and cannot be read: an unreadable folder is not an empty one.
        """
        folder = self._inside(parts)
        if folder is None:
            return
        try:
            with os.scandir(folder) as entries:
                yield from (entry.name for entry in entries if _is_folder(entry) == folders)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise UsageError(f"{str(folder)!r} cannot be read ({error.strerror}): check it") from error

    def read(self, *parts: str) -> bytes | None:
        """The bytes of the file ``parts``; None: there is none.

        Raises:
            DecodeError: ``too-large``, or ``not-readable``.
        """
        path = self._inside(parts)
        if path is None:
            return None
        try:
            with open_page(path) as file:
                body = file.read(LARGEST_DOCUMENT_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise DecodeError("not-readable", f"{parts[-1]!r}: {error.strerror}") from error
        if len(body) > LARGEST_DOCUMENT_BYTES:
            raise DecodeError("too-large", f"the page is larger than {LARGEST_DOCUMENT_BYTES} bytes")
        return body

    def has(self, *parts: str) -> bool:
        """Whether there is such a file."""
        path = self._inside(parts)
        return path is not None and path.is_file()

    def _inside(self, parts: tuple[str, ...]) -> Path | None:
        """The path of ``parts`` with all links resolved; None: it does not exist, or is outside the folder."""
        try:
            path = Path(os.path.realpath(self._top.joinpath(*parts), strict=True))
        except (OSError, ValueError):  # missing, links in a circle, or a name too long
            return None
        return path if path.is_relative_to(self._top) else None


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False
