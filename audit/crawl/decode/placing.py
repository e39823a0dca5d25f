"""Which release a file belongs to, by its name: the design's section 3."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property

from packaging.utils import NormalizedName
from packaging.version import Version

from audit.crawl.decode.filename import DUMB_PLATFORM, is_project, split_ending
from audit.crawl.decode.listing import Listing, best_first
from audit.crawl.decode.version import facts_of
from audit.model import Kind

OTHER_NAME = "other-name"
NO_VERSION = "no-version"

_INSTALLER = re.compile(r"(.+?)\.(?:win32|win-[a-z0-9]+)(?:-py\d.*)?", re.IGNORECASE)
# What follows the version, by the programs that wrote such names: distutils' commands, and setuptools for eggs.
_GRAMMARS = {
    Kind.EGG: re.compile(r"(.+?)(?:-py\d+(?:\.\d+)?(?:-.+)?)?"),
    Kind.WININST: _INSTALLER,
    Kind.MSI: _INSTALLER,
    Kind.RPM: re.compile(r"(.+)-[^-]+\.[^-.]+"),
    Kind.DUMB: re.compile(f"(.+?){DUMB_PLATFORM}", re.IGNORECASE),
}
# No version is so long where its end must be found: a name may hold nothing but delimiters.
_LONGEST_SPELLING = 200
_DELIMITER = re.compile(r"[-_.+]")


class VersionFinder:
    """Finds the release of each file of one project by its name; ``versions`` are those that the page lists."""

    def __init__(self, project: NormalizedName, versions: Iterable[str]) -> None:
        """They are read when they are first needed, and then once."""
        self._project = project
        self._versions = versions

    @cached_property
    def _listing(self) -> Listing:
        return Listing(self._versions)

    @cached_property
    def _name(self) -> re.Pattern[str]:
        name = re.escape(self._project).replace(r"\-", "[-_.]+")
        return re.compile(f"{name}[-_.]", re.IGNORECASE)

    def version_of(self, filename: str) -> str | None:
        """The listed version that the file belongs to, else the version that its name tells; None: it tells none.

        A wheel or an sdist whose name has a grammar is read by it alone. Every other name is read by the grammar of the
        program that writes such names, then by the longest part of it that means a listed version, or is PEP 440.
        """
        stem, kind = split_ending(filename)
        if kind is Kind.WHEEL:
            return self._of_wheel(stem)
        rest = self._rest(stem)
        if rest is None:
            return None
        if kind is Kind.SDIST and facts_of(rest).version_key is not None:
            return self._listing.find(rest) or rest
        grammar = _GRAMMARS.get(kind) if kind else None
        found = grammar.fullmatch(rest) if grammar else None
        return self._first([found[1] if found else rest, *_shorter(rest)])

    def why_not(self, filename: str) -> str:
        """Why `version_of` finds nothing: the reason's code."""
        return NO_VERSION if self._name.match(filename) else OTHER_NAME

    def other_names(self, filenames: Iterable[str], aside: Container[int] = ()) -> dict[int, str]:
        """The reason's code of each file that is not named for the project, as installers read it, by its place.

        An index that names the release of each file itself may hold such. Files whose places are ``aside`` are not
        looked at.
        """
        others: dict[int, str] = {}
        begin: str | None = None
        for place, filename in enumerate(filenames):
            if (begin and filename.startswith(begin)) or place in aside:
                continue
            name, *parts = filename.split("-", 2)
            is_named = is_project(name, self._project)
            if is_named and parts and facts_of(parts[0]).version_key is not None:
                begin = f"{name}-{parts[0]}-"  # so do the other files of this release
            elif not self._is_named(filename, begins_so=is_named and bool(parts)):
                others[place] = OTHER_NAME
        return others

    def _is_named(self, filename: str, *, begins_so: bool) -> bool:
        """Whether a name is the project's; ``begins_so``: what stands before its first dash is the project's name."""
        stem, kind = split_ending(filename)
        if kind is Kind.WHEEL:
            return self._of_wheel(stem) is not None
        return begins_so or self._name.match(filename) is not None

    def is_listed(self, version: str) -> bool:
        """Whether the page lists this version."""
        return version in self._listing

    def _rest(self, stem: str) -> str | None:
        """What follows the project's name; None: the file is not named for the project."""
        name = self._name.match(stem)
        return stem[name.end() :] if name else None

    def _of_wheel(self, stem: str) -> str | None:
        parts = stem.split("-")
        if len(parts) in {5, 6} and is_project(parts[0], self._project):
            listed = self._listing.find(parts[1])
            if listed is not None or facts_of(parts[1]).version_key is not None:
                return listed or parts[1]
        # No installer takes it, and it speaks for no release that nobody lists: py-date-1.0-py3-none-any.whl
        rest = self._rest(stem)
        version = None if rest is None else self._first([rest, *_shorter(rest)])
        return version if version is not None and self.is_listed(version) else None

    def _first(self, spellings: Sequence[str]) -> str | None:
        """The first that means a listed version, or is one by itself: 1.0.1 is never read as 1.0.

        A snapshot is no release of its own where a shorter spelling means a listed one: NumPy's installer
        1.0.1.dev3460 was uploaded for 1.0, before there was a 1.0.1.
        """
        snapshot: str | None = None
        for spelling in spellings:
            listed = self._listing.find(spelling)
            if listed is not None:
                return listed
            if snapshot is None and facts_of(spelling).version_key is not None:
                if not Version(spelling).is_devrelease:
                    return spelling
                snapshot = spelling
        return snapshot


def _shorter(text: str) -> Iterator[str]:
    """The beginnings of a text that a delimiter ends, the longest first."""
    for end in reversed([found.start() for found in _DELIMITER.finditer(text, 0, _LONGEST_SPELLING)]):
        if end:
            yield text[:end]


def one_spelling(versions: Iterable[str]) -> dict[str, str]:
    """For each of several versions that no index lists, the one by which all that are equal to it go.

    That is the normalized spelling, or else the first by text: whatever the order.
    """
    spellings: dict[str, str] = {}
    by_key: dict[str, str] = {}
    for version in sorted(set(versions), key=best_first):
        spellings[version] = by_key.setdefault(facts_of(version).version_key or version, version)
    return spellings
