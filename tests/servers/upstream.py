"""The index behind proxies and mirrors: some of the recorded projects, replayed, and changed between two nights."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from tests.recorded import index_page

# Wheels with build tags, a renamed sdist, post releases, yanks, releases without a file, and a small project.
PROJECTS: Final = ["backports-tarfile", "docutils", "ninja", "pyyaml"]
# Recorded pages link to files beside them, which a mirror of files would not have.
_FILES: Final = "https://files.example.org/packages/"

Page = dict[str, Any]


def record(folder: Path) -> None:
    """Fills ``folder`` with the pages of `PROJECTS`."""
    (folder / "index").mkdir(parents=True)
    for project in PROJECTS:
        page = json.loads(index_page(project))
        for file in page["files"]:
            file["url"] = _FILES + file["filename"]
        _write(folder, project, page)


def change(folder: Path, project: str, edit: Callable[[Page], None]) -> None:
    """Edits a project's page; its serial becomes the newest of all, as an index counts."""
    edited = read(folder, project)
    edit(edited)
    newest = max(int(read(folder, each)["meta"]["_last-serial"]) for each in PROJECTS)
    edited["meta"]["_last-serial"] = newest + 1
    _write(folder, project, edited)


def yank_and_delete(page: Page) -> None:
    """Yanks the first file that is not yanked, and deletes the last."""
    next(file for file in page["files"] if not file["yanked"])["yanked"] = "it is broken"
    del page["files"][-1]


def read(folder: Path, project: str) -> Page:
    """A project's page as it is now."""
    page: Page = json.loads(gzip.decompress(_path(folder, project).read_bytes()))
    return page


def truth(crawled_sample: Path, *columns: str, table: str = "files") -> list[tuple[Any, ...]]:
    """Rows of `PROJECTS` as a crawl of the recording itself has them, sorted."""
    rows = pq.read_table(crawled_sample / f"{table}.parquet").to_pylist()
    return sorted((tuple(row[name] for name in columns) for row in rows if row["project"] in PROJECTS), key=str)


def _write(folder: Path, project: str, page: Page) -> None:
    _path(folder, project).write_bytes(gzip.compress(json.dumps(page).encode()))


def _path(folder: Path, project: str) -> Path:
    return folder / "index" / f"{project}.json.gz"
