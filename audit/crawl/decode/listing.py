"""The versions that a page lists, found by any spelling that means one of them: see ``docs/api-differences.md``."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from packaging.version import Version

from audit.crawl.decode.version import facts_of

_DELIMITERS = re.compile(r"[-_.]+")


class Listing:
    """Versions as an index spells them; a lookup costs the same, however many there are."""

    def __init__(self, versions: Iterable[str]) -> None:
        """Reads each version once; their order does not matter."""
        self._listed = frozenset(versions)
        self._alike: dict[tuple[str, str | None], str] = {}
        self._loose: dict[str, str] = {}
        self._equal: dict[str, str] = {}
        for version in sorted(self._listed, key=best_first, reverse=True):  # the last one put in stays
            alike, key = loose(version), facts_of(version).version_key
            self._alike[alike, key] = self._loose[alike] = version
            if key is not None:
                self._equal[key] = version

    def __contains__(self, version: str) -> bool:
        return version in self._listed

    def find(self, spelling: str) -> str | None:
        """The listed version that a spelling in a filename means, by the first rule that matches; None: no rule does.

        The rules: the same spelling; the same but for delimiters and case; equal by PEP 440; equal without the local
        part; equal without the post part. Of several matches the normalized spelling wins, then the first by text.
        """
        # In filenames "-" is written "_": 1.0-1 becomes 1.0_1.
        dashed = spelling.replace("_", "-")
        for exact in (spelling, dashed):
            if exact in self._listed:
                return exact
        spelled = loose(spelling)
        meant = spelling if facts_of(spelling).version_key else dashed
        key = facts_of(meant).version_key
        if key is None:
            return self._loose.get(spelled)
        # Versions unequal by PEP 440 are not the same: 1.0-1 is a post release, and not 1.0.1.
        alike = self._alike.get((spelled, key)) or self._alike.get((spelled, None))
        return alike or next(filter(None, map(self._equal.get, _without_parts(meant))), None)


def best_first(version: str) -> tuple[bool, str]:
    """Sorts spellings of equal versions: the normalized ones before others, then by text."""
    return normalized(version) != version, version


@lru_cache(maxsize=1 << 16)
def normalized(spelling: str) -> str:
    """As PEP 440 writes it, trailing zeros kept; unchanged where it is not PEP 440, or has too many digits."""
    return str(Version(spelling)) if facts_of(spelling).version_key is not None else spelling


def _without_parts(spelling: str) -> Iterator[str]:
    """The keys of a PEP 440 version: its own, then without the local part, then without the post part too."""
    facts = facts_of(spelling)
    yield from filter(None, (facts.version_key, facts.public_key))
    version = Version(spelling)
    if version.post is not None:
        shorter = version.__replace__(local=None, post=None)
        yield from filter(None, [facts_of(str(shorter)).version_key])


def loose(text: str) -> str:
    """The text without differences that filenames bring: case, and one delimiter for another."""
    return _DELIMITERS.sub("-", text).lower()
