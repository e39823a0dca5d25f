"""What a decoder gives: one project's releases and files, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packaging.utils import NormalizedName, canonicalize_name

from audit.errors import DecodeError

Column = Sequence[object]


@dataclass(frozen=True, slots=True)
class SetAside:
    """One file, or one field, of a page that could not be read or placed.

    ``filename`` is None where there is none, or where the field is the page's own. ``field`` is the column of the
    dataset in which it would stand, ``value`` what the page told, as JSON (None: nothing), ``reason`` a code.
    ``is_whole_file``: the file is in none of `Decoded`'s columns; else it is there without this field.
    """

    filename: str | None
    is_whole_file: bool
    field: str
    value: str | None
    reason: str


def odd_field(field: str, value: object, reason: str = "wrong-shape") -> SetAside:
    """A field of the page's own that could not be read; ``value`` is what stands there."""
    return SetAside(None, False, field, repr(value)[:200], reason)


@dataclass(frozen=True, slots=True)
class Decoded:
    """One project as its page told it.

    ``versions`` are its releases, each once, also those with no file. ``file_versions`` says of each file which one it
    belongs to, ``files`` maps the name of a column of the dataset's files to its values: all of one length and in the
    page's order (of which nothing may depend).
    ``serial`` and ``index_status`` (PEP 792) are None where the page does not tell. ``newer_api`` is the version of the
    Index API that the page speaks, where that is newer than what this program knows. ``unlisted`` are those of the
    versions that only names of files tell; ``set_aside`` is what could not be read or placed.
    """

    project: NormalizedName
    versions: list[str]
    file_versions: list[str]
    files: Mapping[str, Column]
    serial: int | None = None
    index_status: str | None = None
    index_status_reason: str | None = None
    newer_api: str | None = None
    unlisted: frozenset[str] = frozenset()
    set_aside: Sequence[SetAside] = ()

    @property
    def file_count(self) -> int:
        """How many files the page lists."""
        return len(self.file_versions)


def check_project(asked: NormalizedName, told: str, path: str) -> None:
    """Holds a page against the project it was asked for.

    Raises:
        DecodeError: ``other-project``; the page speaks of another one.
    """
    if canonicalize_name(told) != asked:
        raise DecodeError("other-project", f"{path} is {told[:200]!r}, asked for {asked!r}")
