"""The tables as SQLite and as CSV."""

import csv
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.dataset.export import tables
from audit.dataset.export.client import Client
from audit.dataset.export.formats import export
from audit.dataset.schema import TABLES
from audit.errors import OutputError, QueryError, UsageError
from tests.dataset_builder import Row, make_dataset

FORMULA = "=1+1"
FILES: list[Row] = [
    {"filename": "b.whl", "uploaded_at": datetime(2024, 1, 1, 0, 0, 0, 5, tzinfo=UTC), "kind": "wheel"},
    {"filename": FORMULA, "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC), "is_yanked": True},
    {"filename": "untimed", "yanked_reason": "a\0b\r\n'"},
]
LAG_US = 31 * 86_400_000_000 - 5


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "data", FILES, events=[{"crawl_id": "20261124T101500Z"}, {}])


def test_sqlite_holds_the_tables_with_times_as_text_and_the_lag(dataset: Path, tmp_path: Path) -> None:
    export(dataset, Client.SQLITE, tmp_path / "file.sqlite")
    with closing(sqlite3.connect(tmp_path / "file.sqlite")) as made:
        names = {name for (name,) in made.execute("select name from sqlite_master where type = 'table'")}
        assert names == {*(table.name for table in TABLES), "columns"}
        rows = made.execute("select filename, uploaded_at, is_yanked, yanked_reason, lag_us from files").fetchall()
        assert rows == [
            ("b.whl", "2024-01-01T00:00:00.000005Z", 0, None, 0),
            (FORMULA, "2024-02-01T00:00:00.000000Z", 1, None, LAG_US),
            ("untimed", None, 0, "a\0b\r\n'", None),
        ]
        plan = made.execute("explain query plan select * from files where lag_us > 5").fetchall()
        assert "files_by_lag_us" in str(plan)
        meant = made.execute(
            "select meaning from columns where \"table\" = 'files' and \"column\" = 'lag_us'"
        ).fetchall()
        assert "exact" in str(meant)
        assert made.execute("select file_count, first_uploaded_at from releases").fetchall() == [(3, rows[0][1])]
        assert [row[0] for row in made.execute("select crawl_id from events")] == [
            "20261123T101500Z",
            "20261124T101500Z",
        ]
        assert made.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_csv_is_a_folder_that_is_safe_to_open(dataset: Path, tmp_path: Path) -> None:
    export(dataset, Client.CSV, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        ["SHA256SUMS", *(f"{table.name}.csv" for table in TABLES)]
    )
    with pytest.raises(UsageError, match="there already: --force"):
        export(dataset, Client.CSV, tmp_path / "out")
    export(dataset, Client.CSV, tmp_path / "out", is_forced=True)
    with (tmp_path / "out" / "files.csv").open(encoding="utf-8", newline="") as opened:
        rows = [*csv.DictReader(opened)]
    assert [(row["filename"], row["uploaded_at"], row["lag_us"]) for row in rows] == [
        ("b.whl", "2024-01-01T00:00:00.000005Z", "0"),
        (f"'{FORMULA}", "2024-02-01T00:00:00.000000Z", str(LAG_US)),
        ("untimed", "", ""),
    ]


def test_many_rows_have_one_header(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(dataset, Client.CSV, tmp_path / "one")
    monkeypatch.setattr(tables, "BATCH_ROWS", 1)
    export(dataset, Client.CSV, tmp_path / "many")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "many" / path.name).read_bytes()


def test_only_a_folder_of_an_export_is_replaced_and_a_failure_leaves_none(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "thesis").touch()
    for target, is_forced in ((tmp_path / "there", True), (dataset / "in", False), (tmp_path / "no" / "where", False)):
        with pytest.raises(UsageError, match=r"did not make|lies in the dataset|make it first"):
            export(dataset, Client.CSV, target, is_forced=is_forced)

    def full(*_: object, **__: object) -> None:
        raise QueryError("no space left")

    monkeypatch.setattr("audit.dataset.export.csv.rows", full)
    with pytest.raises(OutputError, match="no space left"):
        export(dataset, Client.CSV, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "there"]


def test_only_a_file_of_the_same_kind_is_replaced(dataset: Path, tmp_path: Path) -> None:
    file = tmp_path / "numbers"
    export(dataset, Client.SQLITE, file)
    with pytest.raises(UsageError, match="there already: --force"):
        export(dataset, Client.SQLITE, file)
    export(dataset, Client.SQLITE, file, is_forced=True)
    with pytest.raises(UsageError, match="not a DuckDB file"):
        export(dataset, Client.DUCKDB, file, is_forced=True)


def test_the_same_dataset_is_the_same_sqlite_file(dataset: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(dataset, Client.SQLITE, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
