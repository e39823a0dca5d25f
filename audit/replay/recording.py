"""A folder of recorded pages as the index's answers: found by name, read when asked for, never kept."""

import gzip
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import msgspec
from packaging.utils import NormalizedName, canonicalize_name

from audit.crawl.decode.content import inflate
from audit.crawl.decode.serial import serial_of
from audit.crawl.recorded import read_recorded
from audit.errors import DecodeError, UsageError
from audit.model import LARGEST_DOCUMENT_BYTES, Api
from audit.replay.derive import API_VERSION, document_from, page_from
from audit.replay.files import open_page, pages_below

ENDING = ".json.gz"
_FOLDERS = {Api.SIMPLE: "index", Api.JSON: "json"}
_Listing = Mapping[Api, Mapping[NormalizedName, Path]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts for an answer's headers: its content's sha256 (hexadecimal) and its serial (None: not given)."""

    digest: str
    serial: int | None


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One document, gzipped, and its facts."""

    packed: bytes = field(repr=False)
    facts: Facts

    def body(self, *, is_gzip: bool) -> bytes:
        """The document as it is sent, gzipped or not."""
        return self.packed if is_gzip else inflate(self.packed, is_gzip=True)


class Recording:
    """The answers in ``folder``: ``index/NAME.json.gz`` (Index API) and ``json/NAME.json.gz`` (JSON API).

    A page is read at each request, so changes on disk are visible in the next answer. Only the list of names and the
    facts of each page stay in memory. Threads may share it. A link is followed if it stays in ``folder``; only files
    are pages.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.recorded = read_recorded(folder)
        self._listing = _list(folder)
        self._facts: dict[Path, tuple[tuple[int, ...], Facts]] = {}

    @property
    def main_api(self) -> Api:
        """The API with more of what was recorded: the JSON API, if a page of it was."""
        return Api.JSON if self._listing[Api.JSON] else Api.SIMPLE

    def projects(self) -> list[NormalizedName]:
        """Every project recorded now in either form, sorted."""
        self._listing = _list(self._folder)
        return sorted(set().union(*self._listing.values()))

    def answer(self, api: Api, project: NormalizedName) -> StoredPage | None:
        """The project's page for ``api``: as recorded, or derived from the other form; None: a 404.

        Raises:
            DecodeError: the page is not gzip, or the other form cannot be derived from it.
        """
        if not any(project in paths for paths in self._listing.values()):
            self._listing = _list(self._folder)
        if recorded := self._load(self._listing[api].get(project)):
            return recorded
        other = self._load(self._listing[Api.JSON if api is Api.SIMPLE else Api.SIMPLE].get(project))
        if other is None:
            return None
        content = other.body(is_gzip=False)
        derived = document_from(content) if api is Api.JSON else page_from(content)
        return None if derived is None else _answer_of(derived, other.facts.serial)

    def root(self) -> StoredPage:
        """The list of all projects with their serials (PEP 691); the first call reads every page.

        For a project recorded in both forms it has the greater serial, as the index's root knows the newest.
        """
        serials = {project: self._serial_of(project) for project in self.projects()}
        newest = max((serial for serial in serials.values() if serial is not None), default=None)
        root = {
            "meta": {"api-version": API_VERSION} | _serial_field(newest),
            "projects": [{"name": project} | _serial_field(serial) for project, serial in serials.items()],
        }
        return _answer_of(msgspec.json.encode(root), newest)

    def _serial_of(self, project: NormalizedName) -> int | None:
        found = [self._facts_of(paths[project]) for paths in self._listing.values() if project in paths]
        return max((facts.serial for facts in found if facts and facts.serial is not None), default=None)

    def _facts_of(self, path: Path) -> Facts | None:
        """The facts of a page, read again only if it changed; None if it is gone or damaged."""
        try:
            identity, facts = self._facts.get(path, ((), None))
            if facts and identity == _identity(path.stat()):
                return facts
            answer = self._load(path)
        except (DecodeError, FileNotFoundError):
            return None
        return answer.facts if answer else None

    def _load(self, path: Path | None) -> StoredPage | None:
        """A page and its facts; None if there is none (any more)."""
        if path is None:
            return None
        try:
            with open_page(path) as file:
                facts_of_file = os.fstat(file.fileno())
                if facts_of_file.st_size > LARGEST_DOCUMENT_BYTES:
                    raise DecodeError("too-large", f"{path.name} is larger than {LARGEST_DOCUMENT_BYTES} bytes")
                identity, packed = _identity(facts_of_file), file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DecodeError("not-readable", f"{path.name}: {error.strerror}") from error
        known, facts = self._facts.get(path, ((), None))
        if facts is None or known != identity:
            facts = _facts_in(inflate(packed, is_gzip=True))
            self._facts[path] = identity, facts
        return StoredPage(packed, facts)


def recorded_projects(folder: Path) -> list[NormalizedName]:
    """Every project recorded in ``folder``, sorted.

    Raises:
        UsageError: there is none, or the folder cannot be read.
    """
    projects = Recording(folder).projects()
    if not projects:
        expected = f"index/NAME{ENDING} (Index API) or json/NAME{ENDING} (JSON API)"
        raise UsageError(f"no recorded page in {str(folder)!r}: expected {expected} below it")
    return projects


def _list(folder: Path) -> _Listing:
    return {api: _pages_in(folder, name) for api, name in _FOLDERS.items()}


def _pages_in(folder: Path, name: str) -> dict[NormalizedName, Path]:
    # The name in a request is looked up here and never becomes part of a path.
    pages = {page: path for page, path in pages_below(folder, name).items() if page.endswith(ENDING)}
    return {canonicalize_name(page.removesuffix(ENDING)): path for page, path in pages.items()}


def _answer_of(content: bytes, serial: int | None) -> StoredPage:
    return StoredPage(gzip.compress(content, compresslevel=1, mtime=0), Facts(sha256(content).hexdigest(), serial))


def _facts_in(content: bytes) -> Facts:
    try:
        serial = serial_of(content)
    except DecodeError:  # a recording of a broken answer is served as it is
        serial = None
    return Facts(sha256(content).hexdigest(), serial)


def _identity(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _serial_field(serial: int | None) -> dict[str, int]:
    return {} if serial is None else {"_last-serial": serial}
