"""Small JSON API documents, and the crawl of three projects of which one is faulty."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.fetch import Manners
from audit.crawl.index import resolve_address
from audit.model import Summary
from tests.faults.server import FaultServer, answer, say

START: Final = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
FAULTY: Final = NormalizedName("spam")
HEALTHY: Final = (NormalizedName("eggs"), NormalizedName("ham"))
PAGE: Final = f"/pypi/{FAULTY}/json"
# Patience for a machine that is busy; a case about time limits has its own.
MANNERS: Final = Manners(workers=3, attempts=2, connect_timeout=60, read_timeout=60, total_timeout=120)


def file(filename: str, **changes: Any) -> dict[str, Any]:
    """One file of a JSON API document."""
    fields = {
        "filename": filename,
        "packagetype": "sdist",
        "digests": {"sha256": "a" * 64},
        "size": 10,
        "upload_time_iso_8601": "2020-01-01T00:00:00.000000Z",
        "requires_python": None,
        "yanked": False,
        "yanked_reason": None,
    }
    return fields | changes


def document(project: str = FAULTY, *files: Mapping[str, Any], serial: object = 1, version: str = "1.0") -> bytes:
    """A project's JSON API document: one release; without ``files``, one sdist."""
    listed = files or (file(f"{project}-{version}.tar.gz"),)
    return json.dumps({"info": {"name": project}, "last_serial": serial, "releases": {version: listed}}).encode()


def heal(server: FaultServer, *projects: str) -> None:
    """Makes these projects healthy."""
    for project in projects:
        server.script(project, say(answer(document(project), "X-PyPI-Last-Serial: 9", f'ETag: "{project}"')))


def crawl_once(
    server: FaultServer, dataset: Path, day: int = 0, *, projects: Sequence[NormalizedName] | None, **changes: Any
) -> Summary:
    """A crawl of these projects (None: the root's), some days after the first."""
    options = {"manners": MANNERS} | changes
    request = CrawlRequest(dataset, resolve_address(server.root), projects, **options)
    return crawl(request, START + timedelta(days=day))


def rows(dataset: Path, table: str) -> list[dict[str, Any]]:
    """All rows of a table."""
    found: list[dict[str, Any]] = pq.read_table(dataset / table).to_pylist()
    return found


def filenames(dataset: Path) -> list[str]:
    """The names of all files in the dataset, by project."""
    return [row["filename"] for row in rows(dataset, "files.parquet")]
