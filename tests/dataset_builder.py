"""Small datasets for tests: rows with defaults for every column that a test does not care about."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.schema import CRAWLS, DOWNLOADS, EVENTS, FILES, NUMBERS, PROJECTS, RELEASES, SET_ASIDE, TABLES
from audit.dataset.table import Column, Table

Row = Mapping[str, Any]

CRAWL_ID = "20261123T101500Z"
CRAWLED_AT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)

_BY_TYPE = {"string": "", "int64": 0, "bool": False, "timestamp[us, tz=UTC]": CRAWLED_AT}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "files": {
        "project": "spam",
        "version": "1.0",
        "kind": "sdist",
        "is_yanked": False,
        "source": "crawl",
        "time_precision_us": 1,
    },
    "releases": {"project": "spam", "version": "1.0", "is_listed": True},
    "projects": {"project": "spam", "status": "found", "last_outcome": "found", "api": "json"},
    "set_aside": {
        "project": "spam",
        "is_whole_file": True,
        "field": "filename",
        "reason": "unknown-ending",
        "crawl_id": CRAWL_ID,
    },
    "numbers": {"crawl_id": CRAWL_ID, "number": "late-files", "definition": "select 1"},
    "events": {
        "crawl_id": CRAWL_ID,
        "seen_at": CRAWLED_AT,
        "project": "spam",
        "version": "1.0",
        "event": "appeared",
        "source": "crawl",
    },
    "downloads": {"month": "2026-07", "download_count": 1},
    "crawls": {
        "crawl_id": CRAWL_ID,
        "project": "spam",
        "outcome": "found",
        "project_count": 1,
        "api": "json",
        "index_url": "",
        "source": "crawl",
    },
}


def make_dataset(
    folder: Path,
    files: Iterable[Row] = (),
    releases: Iterable[Row] | None = None,
    projects: Iterable[Row] | None = None,
    events: Iterable[Row] = (),
    crawls: Iterable[Row] = (),
    set_aside: Iterable[Row] = (),
    *,
    numbers: Iterable[Row] = (),
    downloads: Iterable[Row] = (),
) -> Path:
    """Writes the tables into ``folder`` as one plain commit; returns it.

    Releases and projects that are not given are made so that they agree with what is. Files and releases are sorted
    and numbered as a commit does; a file of no release that is given has the number of none.
    """
    file_rows = [_filled(FILES, {"filename": f"file-{number}", **row}) for number, row in enumerate(files)]
    release_rows = _filled_all(RELEASES, _releases_of(file_rows) if releases is None else releases)
    project_rows = _filled_all(PROJECTS, _projects_of(file_rows, release_rows) if projects is None else projects)
    _number(file_rows, release_rows)
    aside_rows = _filled_all(SET_ASIDE, set_aside)
    folder.mkdir(parents=True, exist_ok=True)
    downloaded = _filled_all(DOWNLOADS, downloads)
    listed = ((FILES, file_rows), (RELEASES, release_rows), (PROJECTS, project_rows))
    written = (*listed, (SET_ASIDE, aside_rows), (DOWNLOADS, downloaded))
    for table, rows in written:
        pq.write_table(arrow(table, rows), folder / f"{table.name}.parquet")
    for table, given in ((EVENTS, events), (CRAWLS, crawls), (NUMBERS, numbers)):
        _write_history(folder / table.name, table, _filled_all(table, given))
    return folder


def _number(files: list[dict[str, Any]], releases: list[dict[str, Any]]) -> None:
    for table, rows in ((RELEASES, releases), (FILES, files)):
        rows.sort(key=lambda row: [(row[name] is None, row[name]) for name in table.order])
        for number, row in enumerate(rows):
            row[str(table.number)] = number
    listed = {(row["project"], row["version"]): row["release_number"] for row in releases}
    lost = sorted({(row["project"], row["version"]) for row in files} - listed.keys())
    numbers = dict(zip(lost, itertools.count(len(releases)), strict=False)) | listed
    for row in files:
        row["release_number"] = numbers[row["project"], row["version"]]


def arrow(table: Table, rows: Sequence[Row]) -> pa.Table:
    """Full rows as an Arrow table of the schema."""
    return pa.Table.from_pylist(list(rows), schema=table.schema)


def given_tables(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``given`` that are tables of the dataset."""
    return {table.name: given[table.name] for table in TABLES if table.name in given}


def _write_history(folder: Path, table: Table, rows: Sequence[Row]) -> None:
    """One file for each crawl, as crawls write them; no rows: an empty folder."""
    folder.mkdir(exist_ok=True)
    by_crawl = itertools.groupby(sorted(rows, key=lambda row: row["crawl_id"]), key=lambda row: row["crawl_id"])
    for crawl_id, crawl_rows in by_crawl:
        pq.write_table(arrow(table, list(crawl_rows)), folder / f"{crawl_id}.parquet")


def _filled_all(table: Table, rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [_filled(table, row) for row in rows]


def _filled(table: Table, row: Row) -> dict[str, Any]:
    unknown = set(row) - {column.name for column in table.columns}
    if unknown:
        raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    defaults = _DEFAULTS[table.name]
    if row.get("version_key") is not None:  # PEP 440, so it is known whether it is a pre-release
        defaults = {"is_prerelease": False, **defaults}
    return {c.name: row.get(c.name, defaults.get(c.name, _default(c))) for c in table.columns}


def _default(column: Column) -> object:
    return None if column.is_nullable else _BY_TYPE[str(column.type)]


def _releases_of(files: Sequence[Row]) -> list[Row]:
    copied = ("project", "version", "version_key", "is_prerelease")
    rows = {(row["project"], row["version"]): {name: row[name] for name in copied} for row in files}
    return list(rows.values())


def _projects_of(files: Sequence[Row], releases: Sequence[Row]) -> list[Row]:
    names = sorted({row["project"] for row in (*files, *releases)})
    return [
        {
            "project": name,
            "file_count": sum(row["project"] == name for row in files),
            "release_count": sum(row["project"] == name for row in releases),
        }
        for name in names
    ]
