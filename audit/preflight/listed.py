"""What an index has of a project: from its own page, or from a dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import anyio
from packaging.utils import NormalizedName
from packaging.version import Version

from audit.crawl.choice import Asker, html_only
from audit.crawl.decode import Decoded
from audit.crawl.decode.content import HTML
from audit.crawl.fetch import Manners, open_fetcher
from audit.crawl.fetch.faults import advice_of
from audit.crawl.index import IndexAddress
from audit.dataset.dataset import Dataset
from audit.dataset.mark import read_mark
from audit.errors import CrawlError, DatasetError, DecodeError, FetchError
from audit.model import Api
from audit.versions import parsed_version

_COLUMNS: Final = ("filename", "kind", "uploaded_at", "size_bytes", "sha256", "requires_python", "is_yanked")
_KNOWN: Final = "select status, index_status from projects where project = $project"
_VERSIONS: Final = "select version from releases where project = $project order by version_key, version"
_FILES: Final = "from files where project = $project"
# A name that came back is listed, and so in use now.
_VANISHED: Final = """
    select filename, max(seen_at) as seen_at from events
    where project = $project and event = 'vanished' group by filename order by filename
"""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that the index lists; None: the index does not say, which for a yank means not yanked."""

    filename: str
    version: str
    kind: str | None = None
    uploaded_at: datetime | None = None
    size_bytes: int | None = None
    sha256: str | None = None
    requires_python: str | None = None
    is_yanked: bool | None = False


@dataclass(frozen=True, slots=True)
class Listed:
    """What an index has of a project; nothing if it does not know it.

    ``vanished`` are the names of files that were listed once, with the start of the crawl that missed them (None: it is
    not known when they vanished). ``index_status`` is as in PEP 792, if the index has it.
    """

    project: NormalizedName
    versions: Sequence[str] = ()
    files: Sequence[ListedFile] = ()
    vanished: Mapping[str, datetime | None] | None = None
    index_status: str | None = None

    def spelled(self, version: Version) -> str | None:
        """How the index spells the release that files of this version join; None: it would be a new one.

        Equal by PEP 440 is enough (``1.0`` is ``1.0.0``); of several the one with the same spelling.
        """
        equal = [spelling for spelling in self.versions if parsed_version(spelling) == version]
        return str(version) if str(version) in equal else next(iter(equal), None)

    def of(self, version: str) -> list[ListedFile]:
        """The files of a release."""
        return [file for file in self.files if file.version == version]

    def first_uploaded_at(self, version: str) -> datetime | None:
        """The first upload of the release that is still visible; None: no time is known."""
        return min((file.uploaded_at for file in self.of(version) if file.uploaded_at), default=None)


def of_index(
    address: IndexAddress, projects: Sequence[NormalizedName], manners: Manners | None = None
) -> dict[NormalizedName, Listed]:
    """What the index's own pages list now, by project.

    Raises:
        CrawlError: a page is not available, or cannot be read.
        UsageError: pip's configuration, or a proxy's address, does not fit.
    """
    return anyio.run(partial(_asked, address, projects, manners or Manners()))


async def _asked(
    address: IndexAddress, projects: Sequence[NormalizedName], manners: Manners
) -> dict[NormalizedName, Listed]:
    async with open_fetcher(manners, address.logins) as fetcher:
        asker = Asker(fetcher, address)
        return {project: await _page(asker, project) for project in projects}


async def _page(asker: Asker, project: NormalizedName) -> Listed:
    url = asker.address.page(Api.SIMPLE, project)
    try:
        page = await asker.project(Api.SIMPLE, project)
    except FetchError as fault:
        advice = advice_of(fault.reason, "try again")
        raise CrawlError(f"{url} cannot be fetched ({fault}): {advice}") from fault
    except DecodeError as error:
        message = html_only(asker.address) if error.reason == HTML else f"{url} cannot be read ({error})"
        raise CrawlError(message) from error
    return Listed(project) if page is None else _decoded(page)


def _decoded(page: Decoded) -> Listed:
    rows = zip(*(page.files[name] for name in _COLUMNS), strict=True)
    files = [
        {"version": version, **dict(zip(_COLUMNS, row, strict=True))}
        for version, row in zip(page.file_versions, rows, strict=True)
    ]
    return Listed(page.project, page.versions, _files(files), index_status=page.index_status)


def _files(rows: Sequence[Mapping[str, Any]]) -> list[ListedFile]:
    files = [ListedFile(**{name: row[name] for name in ("version", *_COLUMNS)}) for row in rows]
    return sorted(files, key=lambda file: file.filename)


def of_dataset(folder: Path, projects: Sequence[NormalizedName]) -> dict[NormalizedName, Listed]:
    """What a dataset has, by project; it also knows what its index once listed.

    Raises:
        DatasetError: there is none, it is damaged, or its crawls did not ask for a project.
    """
    with Dataset(folder) as dataset:
        return {project: _held(dataset, project) for project in projects}


def _held(dataset: Dataset, project: NormalizedName) -> Listed:
    named = {"project": project}
    known = dataset.sql(_KNOWN, named).rows()
    if not known or known[0]["status"] not in {"found", "missing", "quarantined"}:
        raise DatasetError(
            f"the dataset at {dataset.path} does not know whether there is a project {project}: "
            f"crawl it first (release-audit crawl --project {project}), or ask the index with --index-url"
        )
    vanished = {row["filename"]: row["seen_at"] for row in dataset.sql(_VANISHED, named).rows()}
    return Listed(
        project,
        [row["version"] for row in dataset.sql(_VERSIONS, named).rows()],
        _files(dataset.sql(_FILES, named).rows()),
        vanished,
        known[0]["index_status"],
    )


def index_of(folder: Path) -> str | None:
    """The root of the index that a dataset is of; None: it does not say.

    Raises:
        DatasetError: there is a ``dataset.json`` that is not a mark.
    """
    mark = read_mark(folder)
    return mark.index_url if mark else None
