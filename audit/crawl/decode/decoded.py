"""What a decoder returns: one project's releases and files, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from packaging.utils import NormalizedName, canonicalize_name

from audit.errors import DecodeError

Column = Sequence[object]
WRONG_SHAPE: Final = "wrong-shape"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One file or field of a page that could not be read, or not be assigned to a release.

    ``field`` is the dataset's column that it would be in, ``value`` what the page has there, as JSON (None: nothing),
    ``reason`` a code. ``filename`` is None where there is none, or where the field is the page's own.
    ``is_whole_file``: the file is in none of `Decoded`'s columns; else it is there without this field.
    """

    field: str
    value: str | None
    reason: str = WRONG_SHAPE
    filename: str | None = None
    is_whole_file: bool = False


def odd_field(field: str, value: object, reason: str = WRONG_SHAPE) -> SetAside:
    """A field of the page itself that could not be read; ``value`` is what the page has there."""
    return SetAside(field, repr(value)[:200], reason)


@dataclass(frozen=True, slots=True)
class Decoded:
    """One project as its page describes it.

    ``versions`` are its releases, each once, also those with no file. ``file_versions`` is the release of each file,
    ``files`` maps the name of a column of the dataset's files to its values: all of one length and in the page's order
    (no result may depend on that order). ``serial`` and ``index_status`` (PEP 792) are None where the page does not
    give them. ``newer_api`` is the version of the Index API that the page declares, where that is newer than this
    program knows. ``unlisted`` are versions known only from filenames; ``set_aside`` is what could not be read, or not
    be assigned to a release.
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


def check_project(asked: NormalizedName, name: str, path: str) -> None:
    """Checks that a page is of the project that was asked for.

    Raises:
        DecodeError: ``other-project``; the page is of another one.
    """
    if canonicalize_name(name) != asked:
        raise DecodeError("other-project", f"{path} is {name[:200]!r}, but {asked!r} was asked for")
