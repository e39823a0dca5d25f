"""Which release a file belongs to, by its name: ``docs/api-differences.md`` has the rules, in their order."""

import re
from collections.abc import Container, Iterable, Iterator
from functools import cached_property

from packaging.utils import NormalizedName
from packaging.version import Version

from audit.crawl.decode.filename import DUMB_PLATFORM, is_project, split_ending
from audit.crawl.decode.listing import Listing, best_first, loose
from audit.crawl.decode.version import facts_of
from audit.model import Kind

OTHER_NAME = "other-name"
NO_VERSION = "no-version"

_INSTALLER = re.compile(r"(.+?)\.(?:win32|win-[a-z0-9]+)(?:-py\d.*)?", re.IGNORECASE)
# What follows the version in names that distutils' commands write, and setuptools for eggs.
_GRAMMARS = {
    Kind.EGG: re.compile(r"(.+?)(?:-py\d+(?:\.\d+)?(?:-.+)?)?"),
    Kind.WININST: _INSTALLER,
    Kind.MSI: _INSTALLER,
    Kind.RPM: re.compile(r"(.+)-[^-]+\.[^-.]+"),
    Kind.DUMB: re.compile(f"(.+?){DUMB_PLATFORM}", re.IGNORECASE),
}
# A longer text is not searched for the version's end, as a hostile name may consist of delimiters only.
_LONGEST_SPELLING = 200
_DELIMITER = re.compile(r"[-_.+]")
# The version does not end before these: a number of a release goes on; a part follows that may be of the version.
_NUMBER_GOES_ON = re.compile(r"\.\d")
_MAY_GO_ON = re.compile(r"[-_.+]\d")
# Versions older than PEP 440 that begin with a digit, up to a "-" with no digit after it: 2004d, 1.0x, 1.0-1ubuntu1.
_OLD_VERSION = re.compile(r"\d[\w.+!]*(?:-\d[\w.+!]*)*(?=-(?!\d)|\Z)", re.ASCII)


class VersionFinder:
    """Finds the release of each file of one project by its name; ``versions`` are those that the page lists."""

    def __init__(self, project: NormalizedName, versions: Iterable[str]) -> None:
        """The versions are parsed once, when they are first needed."""
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
        """The listed version that the file belongs to, else the version in its name; None: it has none.

        The name of a wheel or an sdist that follows the specified grammar is read by that grammar only. Every other
        name is read by the grammar of the program that writes such names, then by its longest part that means a listed
        version, or is PEP 440, then as a version older than PEP 440.
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
        candidate = found[1] if found else rest
        return self._first(candidate, rest) or _old_version(candidate)

    def why_not(self, filename: str) -> str:
        """Why `version_of` finds nothing: the reason's code."""
        return NO_VERSION if self._name.match(filename) else OTHER_NAME

    def other_names(self, filenames: Iterable[str], aside: Container[int] = ()) -> dict[int, str]:
        """The reason's code of each file whose name, as installers read it, is not the project's; by position.

        An index that names the release of each file itself may list such files. Files at the positions ``aside`` are
        skipped.
        """
        others: dict[int, str] = {}
        begin: str | None = None
        for place, filename in enumerate(filenames):
            if (begin and filename.startswith(begin)) or place in aside:
                continue
            name, *parts = filename.split("-", 2)
            is_named = is_project(name, self._project)
            if is_named and parts and facts_of(parts[0]).version_key is not None:
                begin = f"{name}-{parts[0]}-"  # the other files of this release begin so too
            elif is_named and parts and filename[-4:].lower() != ".whl":
                continue  # as most sdists: they need no closer look
            elif not self._is_named(filename):
                others[place] = OTHER_NAME
        return others

    def _is_named(self, filename: str) -> bool:
        """Whether a name is the project's."""
        stem, kind = split_ending(filename)
        if kind is Kind.WHEEL:
            return self._of_wheel(stem) is not None
        return self._name.match(filename) is not None

    def is_listed(self, version: str) -> bool:
        """Whether the page lists this version."""
        return version in self._listing

    def _rest(self, stem: str) -> str | None:
        """What follows the project's name; None: the filename does not begin with it."""
        name = self._name.match(stem)
        return stem[name.end() :] if name else None

    def _of_wheel(self, stem: str) -> str | None:
        parts = stem.split("-")
        if len(parts) in {5, 6} and is_project(parts[0], self._project):
            listed = self._listing.find(parts[1])
            if listed is not None or facts_of(parts[1]).version_key is not None:
                return listed or parts[1]
        # No installer takes it, and it does not prove a release that the index does not list:
        # py-date-1.0-py3-none-any.whl
        rest = self._rest(stem)
        version = None if rest is None else self._first(rest, rest)
        return version if version is not None and self.is_listed(version) else None

    def _first(self, candidate: str, rest: str) -> str | None:
        """``candidate``, or the longest beginning of ``rest`` that means a listed version, or is a version itself.

        So 1.0.1 is never read as 1.0, and neither is 1.0.1x. But a snapshot is not a release of its own where a shorter
        spelling means a listed one: NumPy's installer 1.0.1.dev3460 was uploaded for 1.0, before there was a 1.0.1.
        """
        snapshot: str | None = None
        for spelling in (candidate, *_shorter(rest)):
            if spelling != candidate and snapshot is None and _NUMBER_GOES_ON.match(rest, len(spelling)):
                continue
            listed = self._listing.find(spelling)
            if listed is not None:
                return listed
            own = None if spelling != candidate and _MAY_GO_ON.match(rest, len(spelling)) else _own(spelling)
            if own is not None and snapshot is None:
                if not Version(own).is_devrelease:
                    return own
                snapshot = own
        return snapshot


def _own(spelling: str) -> str | None:
    """The PEP 440 version that is spelled so in a filename, where "-" is often written "_"; None: none is."""
    return next((each for each in (spelling, spelling.replace("_", "-")) if facts_of(each).version_key), None)


def _old_version(text: str) -> str | None:
    """The version that is no PEP 440 at the beginning of a text; None: there is none, or it is too long."""
    found = _OLD_VERSION.match(text)
    return found[0] if found and len(found[0]) <= _LONGEST_SPELLING else None


def _shorter(text: str) -> Iterator[str]:
    """The beginnings of a text that end at a delimiter, longest first."""
    for end in reversed([found.start() for found in _DELIMITER.finditer(text, 0, _LONGEST_SPELLING)]):
        if end:
            yield text[:end]


def one_spelling(versions: Iterable[str]) -> dict[str, str]:
    """For each version that the index does not list, the one spelling used for all versions equal to it.

    Versions that are not PEP 440 are equal if only delimiters and case differ. The spelling is the normalized one, else
    the first by text; the order of ``versions`` does not matter.
    """
    spellings: dict[str, str] = {}
    by_key: dict[str, str] = {}
    for version in sorted(set(versions), key=best_first):
        spellings[version] = by_key.setdefault(facts_of(version).version_key or loose(version), version)
    return spellings
