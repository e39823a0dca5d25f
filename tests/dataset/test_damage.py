"""A damaged dataset, or one of another schema: what is wrong is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.dataset.dataset import Dataset
from audit.dataset.schema import CRAWLS, PROJECTS, RELEASES, TABLES
from audit.dataset.schema import FILES as FILES_TABLE
from audit.dataset.snapshot import files_of
from audit.dataset.table import Table
from audit.errors import DatasetError, QueryError
from tests.dataset.test_dataset import FILES
from tests.dataset_builder import make_dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "plain", FILES)


@pytest.mark.parametrize("table", ["crawls", "events"])
def test_a_history_that_cannot_be_read_is_not_taken_for_none(dataset: Path, table: str) -> None:
    shutil.rmtree(dataset / table, ignore_errors=True)
    with Dataset(dataset) as opened:
        assert opened.sql(f"from {table}").rows() == []
    (dataset / table).touch()
    with pytest.raises(DatasetError, match=f"{table} cannot be read: Not a directory"):
        Dataset(dataset)


def test_a_damaged_dataset_is_named(dataset: Path) -> None:
    (dataset / "projects.parquet").write_bytes(b"no parquet")
    with pytest.raises(DatasetError, match=r"projects\.parquet cannot be read"):
        Dataset(dataset)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"release-audit.schema": "999"}, "999, not .* a newer release-audit wrote it"),
        (None, "none, not .* put the file of a backup in its place"),
    ],
)
def test_another_schema_is_refused(dataset: Path, metadata: dict[str, str] | None, message: str) -> None:
    file = dataset / "releases.parquet"
    pq.write_table(pq.read_table(file).replace_schema_metadata(metadata), file)
    with pytest.raises(DatasetError, match=f"schema version {message}"):
        Dataset(dataset)


NUMBERS = pa.array(range(9))
BROKEN: dict[str, tuple[Callable[[pa.Table], pa.Table], str]] = {
    "a column less": (lambda rows: rows.remove_column(1), "is missing, expected"),
    "another type": (
        lambda rows: rows.set_column(0, rows.column_names[0], pa.array([1] * len(rows), pa.int64())),
        "is int64, exp",
    ),
    "a column twice": (
        lambda rows: rows.append_column(rows.column_names[0], rows[0]),
        "is string and string, expected",
    ),
    "a column more": (lambda rows: rows.append_column("x\x1b", rows[0]), r"column 'x\\x1b' is unknown"),
    "another order": (lambda rows: rows.select(rows.column_names[::-1]), "its columns are in another order"),
    "another version": (lambda rows: rows.replace_schema_metadata({"release-audit.schema": "9"}), "schema version 9"),
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("how", BROKEN)
def test_a_file_that_is_not_of_the_schema_is_named(tmp_path: Path, table: Table, how: str) -> None:
    folder = make_dataset(tmp_path, FILES, crawls=[{}], events=[{}], numbers=[{}])
    [file] = files_of(folder, table)
    spoil, message = BROKEN[how]
    rows = pq.read_table(file)
    metadata = rows.schema.metadata
    spoiled = spoil(rows)
    kept = spoiled.schema.metadata if how == "another version" else metadata
    pq.write_table(spoiled.replace_schema_metadata(kept), file)
    with pytest.raises(DatasetError, match=message) as caught:
        Dataset(folder)
    assert str(caught.value).startswith(f"{file} ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("kept", [0, 4, 100, -1])
def test_a_truncated_file_is_named(tmp_path: Path, table: Table, kept: int) -> None:
    folder = make_dataset(tmp_path, FILES, crawls=[{}], events=[{}], numbers=[{}])
    [file] = files_of(folder, table)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(DatasetError, match=r"cannot be read \(.*\): put the file of a backup in its place") as caught:
        Dataset(folder)
    assert str(caught.value).startswith(f"{file} ")


@pytest.mark.parametrize("table", [FILES_TABLE, RELEASES, PROJECTS, CRAWLS], ids=lambda table: table.name)
def test_damage_before_a_whole_footer_is_named(crawled_sample: Path, tmp_path: Path, table: Table) -> None:
    shutil.copytree(crawled_sample / "current", tmp_path / "copy")
    [file] = files_of(tmp_path / "copy", table)
    content = file.read_bytes()
    file.write_bytes(content[:4] + bytes(100) + content[104:])
    with Dataset(tmp_path / "copy") as opened:
        assert opened.sql("select 1 as a").rows() == [{"a": 1}]
        with pytest.raises(DatasetError, match=r"cannot be read") as caught:
            opened.sql(f"select max(hash(t)) from dataset.{table.name} as t")
    assert str(caught.value).startswith(f"{file} ")


def test_a_file_that_is_dropped_under_a_handle_is_named(dataset: Path) -> None:
    with Dataset(dataset) as opened:
        (dataset / "projects.parquet").unlink()
        with pytest.raises(DatasetError, match=r"projects\.parquet is gone: open the dataset again"):
            opened.query("totals")


def test_an_error_of_a_statement_is_not_taken_for_damage(dataset: Path) -> None:
    with Dataset(dataset) as opened:
        for sql in ("select regexp_matches('a', '(')", f"from read_csv('{dataset}/files.parquet')", "select 'a'::int"):
            with pytest.raises(QueryError):
                opened.sql(sql)
