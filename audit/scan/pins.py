"""What an input pins: the records between the readers of lock files and the rules. Pure; no file is read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from packaging.utils import NormalizedName


class PinnedBy(StrEnum):
    """What decides which file is installed, from the strongest to the weakest."""

    HASH = "hash"
    FILENAME = "filename"
    VERSION = "version"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """One file that an input names. None: not given; a hash in a list of requirements has no filename.

    ``sha256`` is 64 hex digits in lower case; ``uploaded_at`` is UTC, as precise as the input: uv rounds it down, to
    milliseconds in its own lock and to seconds in a pylock.toml. ``is_inferred``: the input names no file, but an
    installed environment's version and tags show which one it was; its tags may be in another order than in the index's
    name. ``line`` is where the input names it.
    """

    filename: str | None = None
    sha256: str | None = None
    size_bytes: int | None = None
    uploaded_at: datetime | None = None
    is_inferred: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """One project that an input asks for, at one place of it.

    Args: source: the input's path as the user gave it; ``-`` for standard input. line: of the text, from 1; None where
        the format has no lines (an installed environment). project: the normalized name. version: the one version, as
        written; None where a range of them may be installed. specifier: what is allowed, such as ``>=1,<2`` or
        ``==1.0``; empty for any version, and where one was chosen, as in a lock. pinned_by: HASH only if the installer
        would refuse any other content. files: those that may be installed; empty if only the version or the range
        decides, or if all hashes are of another kind than SHA-256. marker: the condition under which it is asked for
        (PEP 508); None: always. index: the address of the index that the input takes it from, without credentials;
        None: not given.
    """

    source: str
    line: int | None
    project: NormalizedName
    version: str | None
    specifier: str
    pinned_by: PinnedBy
    files: tuple[PinnedFile, ...] = ()
    marker: str | None = None
    index: str | None = None


@dataclass(frozen=True, slots=True)
class NotOnIndex:
    """A requirement that no index has: a repository, a folder, an address. ``what`` contains no password."""

    source: str
    line: int | None
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Input:
    """One input as it was read. ``format`` is the format's name for people, such as ``uv.lock``."""

    source: str
    format: str
    pins: Sequence[Pin]
    not_on_index: Sequence[NotOnIndex] = ()
