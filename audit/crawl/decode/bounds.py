"""Bounds on what a page may hold: strangers write it, and a crawl must survive what they write.

The largest projects have about 60,000 files; their pages stay below every bound here.
"""

from typing import Final

from audit.errors import DecodeError
from audit.model import LONGEST_NAME

MOST_FILES: Final = 200_000
MOST_VERSIONS: Final = 200_000
# The parts that this many files and versions have: in the richest pages a file is up to four objects and thirty texts.
_MOST_PARTS: Final = 1_000_000
_MOST_TEXTS: Final = 6_000_000
# A smaller document cannot hold too many parts, so it is not counted: 30,000 versions need this many bytes.
_HARMLESS_BYTES: Final = 256 * 1024


def check_parts(body: bytes, *, pages: int = 1) -> None:
    """Checks a document against what may be in memory once it is read: the bounds of ``pages`` pages.

    Counts the characters that begin a part, also inside texts: an upper bound that costs almost nothing.

    Raises:
        DecodeError: ``too-many``.
    """
    if len(body) <= _HARMLESS_BYTES:
        return
    parts, texts = body.count(b"{") + body.count(b"["), body.count(b'"') // 2
    if parts > _MOST_PARTS * pages or texts > _MOST_TEXTS * pages:
        raise DecodeError("too-many", f"the document has {parts:,} objects and lists and {texts:,} texts")


def check_counts(versions: int, files: int) -> None:
    """Checks a page against the most versions and files that a project may have.

    Raises:
        DecodeError: ``too-many``.
    """
    if versions > MOST_VERSIONS or files > MOST_FILES:
        raise DecodeError("too-many", f"the page lists {versions:,} versions and {files:,} files")


def is_too_long(name: str) -> bool:
    """Whether a filename, a version, a tag or another name is longer than any real one."""
    return len(name) > LONGEST_NAME
