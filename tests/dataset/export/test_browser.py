"""The file that a browser loads."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from audit.dataset.export import browser
from audit.dataset.export.client import Client
from audit.dataset.export.formats import export
from audit.dataset.export.slice import choose
from tests.dataset_builder import make_dataset

FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def grown(project: str, *days: int, version: str = "1.0") -> list[dict[str, object]]:
    return [
        {
            "project": project,
            "version": version,
            "filename": f"{project}-{version}-{number}.zip",
            "uploaded_at": FIRST + timedelta(days=day),
            "sha256": "a" * 64,
        }
        for number, day in enumerate(days)
    ]


# Three late files, one, none; and a release of the first that did not grow.
FILES = [
    *grown("many", 0, 20, 21, 22),
    *grown("many", 0, 1, version="2.0"),
    *grown("one", 0, 20),
    *grown("none", 0, 14),
]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "data", FILES, events=[{"project": "none"}, {"project": "one"}])


def ask(file: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_dataset_that_fits_is_whole_but_for_its_digests(dataset: Path, tmp_path: Path) -> None:
    lines = export(dataset, Client.BROWSER, tmp_path / "file.duckdb")
    assert lines == ["left out: 10 of 10 SHA-256 digests of files: they cannot be compressed"]
    file = tmp_path / "file.duckdb"
    assert ask(file, "select count(*) from files") == [(10,)]
    assert ask(file, "from left_out") == [("SHA-256 digests of files", 0, 10, "they cannot be compressed")]
    types = "select distinct data_type from duckdb_columns() where not internal and data_type like 'TIMESTAMP%'"
    assert ask(file, types) == [("TIMESTAMP",)]
    assert ask(file, "select count(*) from duckdb_columns() where column_name = 'sha256'") == [(0,)]
    late = "select uploaded_at from late_files(project_ := 'one')"
    assert ask(file, late) == [((FIRST + timedelta(days=20)).replace(tzinfo=None),)]
    since = "select count(*) from late_files(since := '2024-01-22T00:00:00+00:00')"
    assert ask(file, since) == [(2,)]


@pytest.mark.slow
def test_of_a_dataset_that_does_not_fit_grown_releases_are_held_and_the_rest_is_counted(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_BYTES_OF_A_FILE", browser.MOST_BYTES // 6)
    monkeypatch.setattr(browser, "_BYTES_OF_A_GROWN_FILE", browser.MOST_BYTES // 6)
    lines = export(dataset, Client.BROWSER, tmp_path / "file.duckdb")
    assert lines[:3] == [
        f"left out: {count}: {browser.WHY_ROWS}"
        for count in ("4 of 10 rows of files", "2 of 4 rows of releases", "1 of 3 rows of projects")
    ]
    file = tmp_path / "file.duckdb"
    assert ask(file, "select distinct project, version from files order by all") == [("many", "1.0"), ("one", "1.0")]
    assert ask(file, "select project from events") == [("one",)]
    # Of the whole, with the defaults.
    assert ask(file, "select file_count from totals()") == [(10,)]
    assert ask(file, "select distinct late_files from reasons()") == [(4,)]
    with pytest.raises(duckdb.BinderException, match="does not support"):
        ask(file, "from reasons(window_days := 30)")


def test_the_projects_with_most_late_files_come_first(dataset: Path, tmp_path: Path) -> None:
    held = {most: choose(dataset, tmp_path, most, most).projects for most in (10, 9, 6, 5, 2, 1)}
    assert held == {10: None, 9: ["many", "one"], 6: ["many", "one"], 5: ["many"], 2: ["one"], 1: []}


@pytest.mark.slow
def test_a_file_that_became_too_large_is_made_again_with_less(crawled_sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "file.duckdb"
    browser.write(crawled_sample / "current", file, most_bytes=4_000_000)
    assert file.stat().st_size <= 4_000_000
    assert ask(file, "select count(*) from releases") == [(78,)]
