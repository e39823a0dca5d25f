"""A dataset as a DuckDB file, opened with plain DuckDB."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from audit.dataset.dataset import Dataset
from audit.dataset.export import duckdb as exporting
from audit.dataset.export.client import Client
from audit.dataset.export.formats import export
from audit.errors import DatasetError, OutputError, QueryError, UsageError
from audit.queries.catalog import Catalog, Group, load
from audit.queries.macros import signature
from tests.dataset_builder import make_dataset

# A name that would break out of a carelessly written statement.
HOSTILE = 'it\'s "here"; drop table files'
FILES = [
    {"filename": "spam-1.0.tar.gz", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
    {"filename": HOSTILE, "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "data", FILES)


@pytest.fixture
def without_queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports have only the tables, for tests that do not depend on the file's content."""
    monkeypatch.setattr(exporting, "load", lambda: Catalog(tmp_path / "no queries"))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose dataset has gone; no test may write to it."""
    folder = tmp_path_factory.mktemp("export")
    dataset = make_dataset(folder / "data", FILES)
    export(dataset, Client.DUCKDB, folder / f"{HOSTILE}.duckdb")
    shutil.rmtree(dataset)
    return (folder / f"{HOSTILE}.duckdb").rename(folder / "moved.duckdb")


def ask(file: Path, sql: str) -> list[tuple[object, ...]]:
    """The rows that a client with nothing of this program reads."""
    with duckdb.connect(str(file), read_only=True, config={"enable_external_access": "false"}) as connection:
        return connection.execute(sql).fetchall()


def test_any_client_reads_tables_views_and_queries_wherever_the_file_is_moved(exported: Path) -> None:
    assert ask(exported, "select count(*) from files") == [(2,)]
    assert ask(exported, "select lag_us from file_lags order by 1") == [(0,), (31 * 86_400_000_000,)]
    assert ask(exported, "select filename from late_files(window_days := 30)") == [(HOSTILE,)]
    assert ask(exported, "select filename from late_files(window_days := 31)") == []
    assert ask(exported, "select count(*) from events") == [(0,)]


@pytest.mark.slow
def test_every_flag_and_statistic_answers_as_the_program_does(dataset: Path, exported: Path) -> None:
    with Dataset(dataset) as opened:
        for query in load().group(Group.FLAGS, Group.STATISTICS):
            given = {"project": "spam"} if query.name == "timeline" else {}
            expected = len(opened.query(query.name, **given))
            called = f"{query.name}({', '.join(f'{name}_ := {value!r}' for name, value in given.items())})"
            assert ask(exported, f"select count(*) from {called}") == [(expected,)], signature(query)


def test_the_file_says_what_each_thing_means(exported: Path) -> None:
    comments = ask(exported, "select comment from duckdb_columns() where column_name = 'sha256' limit 1")
    assert "SHA-256" in str(comments)
    silent = "select view_name from duckdb_views() where not internal and comment is null and schema_name = 'main'"
    assert set(ask(exported, silent)) == {
        ("environments",),
        ("interpreter_ranks",),
        ("platform_ranks",),
        ("scan_pins",),
    }


@pytest.mark.usefixtures("without_queries")
def test_a_file_is_replaced_only_when_forced(dataset: Path, tmp_path: Path) -> None:
    target = tmp_path / "file.duckdb"
    export(dataset, Client.DUCKDB, target)
    before = target.stat().st_ino
    with pytest.raises(UsageError, match="there already: --force"):
        export(dataset, Client.DUCKDB, target)
    assert target.stat().st_ino == before
    export(dataset, Client.DUCKDB, target, is_forced=True)
    assert target.stat().st_ino != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "file.duckdb"], "nothing is left beside it"


def test_what_is_no_database_is_never_replaced(dataset: Path, tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("years of work")
    with pytest.raises(UsageError, match="not a DuckDB file"):
        export(dataset, Client.DUCKDB, thesis, is_forced=True)
    assert thesis.read_text() == "years of work"


def test_hostile_paths_are_refused(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere.duckdb")
    (tmp_path / "open.duckdb.wal").touch()
    os.mkfifo(tmp_path / "pipe")
    cases = {
        tmp_path / "no" / "folder.duckdb": "make it first",
        tmp_path: "is a folder",
        tmp_path / "dataset.duckdb": "choose another name",
        tmp_path / "link": "is a link",
        tmp_path / "pipe": "not a plain file",
        dataset / "file.duckdb": "lies in the dataset",
        tmp_path / "data" / ".." / "data" / "file.duckdb": "lies in the dataset",
        tmp_path / "open.duckdb": "another program has the database open",
    }
    for target, message in cases.items():
        with pytest.raises(UsageError, match=message):
            export(dataset, Client.DUCKDB, target, is_forced=True)


@pytest.mark.usefixtures("without_queries")
@pytest.mark.parametrize("name", [":memory:", "md:numbers", "s3:x", "%2e.duckdb", "a?access_mode=automatic"])
def test_a_name_that_duckdb_would_take_for_a_place_is_a_file(
    dataset: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    export(dataset, Client.DUCKDB, Path(name))
    assert (tmp_path / name).is_file()


def test_a_failure_leaves_nothing_behind(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise QueryError("no space left")

    monkeypatch.setattr("audit.queries.run.Relations.offer", full)
    with pytest.raises(OutputError, match="no space left"):
        export(dataset, Client.DUCKDB, tmp_path / "file.duckdb")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_without_a_dataset_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no dataset"):
        export(tmp_path / "none", Client.DUCKDB, tmp_path / "file.duckdb")
    assert list(tmp_path.iterdir()) == []
