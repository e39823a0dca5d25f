"""Bounds on what a page may hold: strangers write it, and a crawl must survive what they write.

The largest projects have about 60,000 files; their pages stay below every bound here.
"""

from collections.abc import Sequence
from typing import Final

from audit.errors import DecodeError
from audit.model import LONGEST_NAME

MOST_FILES: Final = 200_000
MOST_VERSIONS: Final = 200_000
# What so many files and versions are made of: a file is up to four objects and thirty texts in the richest pages.
_MOST_PARTS: Final = 1_000_000
_MOST_TEXTS: Final = 6_000_000
# A smaller document holds too few parts to be worth a look: 30,000 versions need as many bytes as this.
_HARMLESS_BYTES: Final = 256 * 1024


def check_parts(body: bytes, *, pages: int = 1) -> None:
    """Holds a document against what may be in memory once it is read: as much as of so many pages.

    Counted are the characters that begin a part, wherever they stand: a bound from above that costs next to nothing.

    Raises:
        DecodeError: ``too-many``.
    """
    if len(body) <= _HARMLESS_BYTES:
        return
    parts, texts = body.count(b"{") + body.count(b"["), body.count(b'"') // 2
    if parts > _MOST_PARTS * pages or texts > _MOST_TEXTS * pages:
        raise DecodeError("too-many", f"the document has {parts:,} objects and lists and {texts:,} texts")


def check_counts(versions: int, files: int) -> None:
    """Holds a page against the most versions and files that a project may have.

    Raises:
        DecodeError: ``too-many``.
    """
    if versions > MOST_VERSIONS or files > MOST_FILES:
        raise DecodeError("too-many", f"the page lists {versions:,} versions and {files:,} files")


def is_too_long(name: str) -> bool:
    """Whether a filename, a version, a tag or another name has more characters than any that is meant to be read."""
    return len(name) > LONGEST_NAME


def check_lengths(names: Sequence[str], what: str) -> None:
    """Holds each name against the longest that is kept.

    Raises:
        DecodeError: ``too-long``; ``what`` says of which kind the name is.
    """
    if max(map(len, names), default=0) > LONGEST_NAME:
        long = next(filter(is_too_long, names))
        raise DecodeError("too-long", f"{what} {long[:40]!r}... has {len(long):,} characters, at most {LONGEST_NAME:,}")
