"""A bandersnatch mirror: its projects, the page of each in either form, and the pages that it kept.

Below ``web/``: ``json/NAME`` and ``pypi/NAME/json`` (JSON API), ``simple/NAME/index.v1_json`` (Index API; with
``hash-index`` below the name's first letter), ``simple/NAME/versions/`` (``keep_index_versions``), ``last-modified``.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from packaging.utils import InvalidName, NormalizedName, canonicalize_name

from audit.errors import DecodeError, UsageError
from audit.importing.tree import Tree
from audit.model import LONGEST_NAME, Api

_PAGE: Final = "index.v1_json"
_OF_A_PROJECT: Final = frozenset({_PAGE, "index.html", "index.v1_html"})
_KEPT: Final = "versions"
# bandersnatch's names for kept pages: the serial, and the UTC time at which the page was written.
_VERSION: Final = re.compile(r"index_[0-9]{1,19}_([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6})(?:\.([0-9]{6}))?Z\.v1_json")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Names:
    """Projects by the entries of a folder; ``odd`` are those whose entry has another spelling."""

    found: set[NormalizedName] = field(default_factory=set)
    odd: dict[NormalizedName, str] = field(default_factory=dict)
    misnamed: list[str] = field(default_factory=list)

    def add(self, entries: Iterable[str]) -> None:
        for entry in entries:
            name = _name(entry)
            if name is None:
                self.misnamed.append(entry)
                continue
            if name == entry:
                self.odd.pop(name, None)
            elif name not in self.found or entry < self.odd.get(name, ""):
                self.odd[name] = entry
            self.found.add(name)

    def entry(self, project: NormalizedName) -> str:
        return self.odd.get(project, project)


class Mirror:
    """A mirror in ``folder``, which contains ``web/`` or is it."""

    def __init__(self, folder: Path) -> None:
        """Lists its projects; reads no page.

        Raises:
            UsageError: it is not a mirror, or cannot be read.
        """
        web = folder / "web"
        self._tree = Tree(web if web.is_dir() else folder)
        self._json, self._simple = _Names(), _Names()
        self._json.add(self._tree.names("json", folders=False))
        self._json.add(each for each in self._tree.names("pypi", folders=True) if _name(each) not in self._json.found)
        tops = list(self._tree.names("simple", folders=True))
        self._hashed = frozenset(top for top in tops if len(top) == 1 and self._is_hashed(top))
        self._simple.add(top for top in tops if top not in self._hashed)
        for top in sorted(self._hashed):
            self._simple.add(self._tree.names("simple", top, folders=True))
        if not (self._json.found or self._simple.found):
            raise UsageError(
                f"no bandersnatch mirror in {str(folder)!r}: expected web/json/NAME, web/pypi/NAME/json or "
                f"web/simple/NAME/{_PAGE} below it"
            )

    @property
    def projects(self) -> list[NormalizedName]:
        """Every project that the mirror has in any form, sorted."""
        return sorted(self._json.found | self._simple.found)

    @property
    def misnamed(self) -> list[str]:
        """Names in it that no project can have (PEP 508), or that are too long."""
        return sorted({*self._json.misnamed, *self._simple.misnamed})

    @property
    def main_api(self) -> Api:
        """The API through which it has a page of every project: the JSON API, which lists releases, if it has both."""
        return Api.JSON if self._json.found >= self._simple.found else Api.SIMPLE

    @property
    def brought_at(self) -> datetime | None:
        """When it was last updated, as it says (``last-modified``); None: it does not say.

        Raises:
            UsageError: the file that says so cannot be read.
        """
        content = self._tree.read("last-modified")
        if content is None:
            return None
        try:
            return datetime.strptime(content[:100].decode("ascii").strip(), "%Y%m%dT%H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            raise UsageError(f"web/last-modified does not fit: {content[:40]!r}, expected 20261123T10:15:00") from None

    def page(self, api: Api, project: NormalizedName) -> bytes | None:
        """The project's current page; None: the mirror has none in this form.

        Raises:
            DecodeError: it cannot be read, or is too large.
        """
        if api is Api.JSON:
            name = self._json.entry(project)
            document = self._tree.read("json", name)
            return self._tree.read("pypi", name, "json") if document is None else document
        folder = self._folder(project)
        page = self._tree.read(*folder, _PAGE)
        if page is None and (
            kept := max(self._kept(project), default=None)
        ):  # a mirror that was moved has broken links
            return self._tree.read(*folder, _KEPT, kept[1])
        return page

    def is_html(self, project: NormalizedName) -> bool:
        """Whether it has the project's page as HTML."""
        return any(self._tree.has(*self._folder(project), name) for name in _OF_A_PROJECT - {_PAGE})

    def kept(self, project: NormalizedName, time_us: int) -> bytes:
        """The page that was written at a time.

        Raises:
            DecodeError: it is missing, cannot be read, or is too large.
        """
        names = sorted(name for at, name in self._kept(project) if at == time_us)
        body = self._tree.read(*self._folder(project), _KEPT, names[-1]) if names else None
        if body is None:
            raise DecodeError("gone", "the page was there when the folder was listed")
        return body

    def all_kept(self, projects: Iterable[NormalizedName]) -> tuple["array[int]", "array[int]"]:
        """Every kept page: the position of its project in ``projects``, and when it was written."""
        numbers, times = array("q"), array("q")
        for number, project in enumerate(projects):
            for time in {time for time, _ in self._kept(project)}:
                numbers.append(number)
                times.append(time)
        return numbers, times

    def _kept(self, project: NormalizedName) -> Iterator[tuple[int, str]]:
        if project in self._simple.found:
            for name in self._tree.names(*self._folder(project), _KEPT, folders=False):
                if (time := _written_at(name)) is not None:
                    yield time, name

    def _folder(self, project: NormalizedName) -> tuple[str, ...]:
        entry = self._simple.entry(project)
        return ("simple", entry[0], entry) if entry[0] in self._hashed else ("simple", entry)

    def _is_hashed(self, top: str) -> bool:
        """Whether a folder whose name is one letter contains projects, and is not itself a project."""
        files = set(self._tree.names("simple", top, folders=False))
        return files.isdisjoint(_OF_A_PROJECT) and any(
            name != _KEPT for name in self._tree.names("simple", top, folders=True)
        )


def _name(entry: str) -> NormalizedName | None:
    try:
        return canonicalize_name(entry, validate=True) if len(entry) <= LONGEST_NAME else None
    except InvalidName:
        return None


def _written_at(name: str) -> int | None:
    """When a page was written, in microseconds, by its name; None: it is not a kept page."""
    found = _VERSION.fullmatch(name)
    if found is None:
        return None
    try:
        time = datetime.strptime(found[1], "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return (time - _EPOCH) // timedelta(microseconds=1) + int(found[2] or 0)
