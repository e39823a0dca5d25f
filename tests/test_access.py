"""The Python API over a dataset's folder."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import audit
from audit.access import Dataset
from audit.dataset.schema import CRAWLS, PROJECTS, RELEASES, TABLES
from audit.dataset.schema import FILES as FILES_TABLE
from audit.dataset.snapshot import files_of
from audit.dataset.table import Table
from audit.disk.scratch import Scratch
from audit.errors import DatasetError, QueryError, UsageError
from tests.dataset_builder import make_dataset

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
LATE = datetime(2024, 3, 1, tzinfo=UTC)
FILES: list[dict[str, Any]] = [
    {"filename": "first", "uploaded_at": FIRST},
    {"filename": "late", "uploaded_at": LATE},
    {"filename": "none"},
]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "plain", FILES)


def committed(folder: Path, crawl_id: str, filename: str) -> None:
    """A commit as crawls make it: a generation, and the link to it."""
    make_dataset(folder / "generations" / crawl_id, [{"filename": filename}])
    link = folder / "new"
    link.symlink_to(f"generations/{crawl_id}")
    os.replace(link, folder / "current")


def test_an_answer_has_its_forms(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        answer = opened.query("late-files", window_days=7)
    lag_us = 60 * 86_400_000_000
    assert [(row["filename"], row["uploaded_at"], row["lag_us"]) for row in answer.rows()] == [("late", LATE, lag_us)]
    assert answer.arrow().to_pylist() == answer.rows()
    assert answer.df()["lag_us"].tolist() == [lag_us]
    assert pa.table(answer).equals(answer.arrow())
    assert answer.pl()["lag_us"].to_list() == [lag_us]
    assert str(answer.pl()["uploaded_at"].dtype) == "Datetime(time_unit='us', time_zone='UTC')"
    assert (len(answer), answer.name) == (1, "late-files")
    assert answer.header is not None
    assert answer.columns == list(answer.header.columns)
    assert repr(answer).startswith("<Answer late-files: 1 rows of project, version")


def test_polars_is_optional(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with Dataset(dataset) as opened, pytest.raises(UsageError, match=r"pip install 'release-audit\[polars\]'"):
        opened.query("late-files").pl()


def test_a_frame_keeps_whole_numbers_beside_nulls(dataset: Path) -> None:
    with Dataset(dataset) as opened:
        frame = opened.sql("select 9007199254740993 as n union all select null order by n").df()
    assert str(frame["n"].dtype) == "Int64"
    assert frame["n"][0] == 9007199254740993


def test_sql_reads_tables_of_the_caller(dataset: Path) -> None:
    rows = {"filename": ["late", "other"], "n": [1, 2]}
    frames = [pa.table(rows), pd.DataFrame(rows), polars.DataFrame(rows), pa.table(rows).to_reader()]
    sql = "select sum(n)::bigint as n from wanted semi join files using (filename)"
    with audit.open(dataset) as opened:
        names = "select schema_name, view_name from duckdb_views() where not internal order by all"
        before = opened.sql(names).rows()
        for frame in frames:
            assert opened.sql(sql, tables={"wanted": frame}).rows() == [{"n": 1}], type(frame)
        late = opened.query("late-files")
        assert len(opened.sql("from Late join files using (filename)", tables={"late": late})) == 1
        with pytest.raises(QueryError, match="did you mean 'wanted'"):
            opened.sql("from wantd", tables={"wanted": frames[0]})
        with pytest.raises(QueryError, match="with name wanted does not exist"):
            opened.sql("from wanted")
        assert opened.sql(names).rows() == before


@pytest.mark.parametrize("name", ["", "a b", '"', "1a", "files", "FILES", "late_files", "dataset", "given_x", "\u00e4"])
def test_a_table_of_the_caller_stands_before_nothing(dataset: Path, name: str) -> None:
    with audit.open(dataset) as opened, pytest.raises(UsageError, match="a table cannot be named"):
        opened.sql("select 1", tables={name: pa.table({"a": [1]})})


def test_what_is_no_table_is_refused(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        for rows in (7, "pins.csv", object()):
            with pytest.raises(UsageError, match="pins is no table that speaks Arrow"):
                opened.sql("select 1", tables={"pins": rows})
        with pytest.raises(UsageError, match="that name has another"):
            opened.sql("select 1", tables={"a": pa.table({"a": [1]}), "A": pa.table({"a": [1]})})


def test_a_column_that_counts_is_named_so(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        assert opened.sql("select count(*), count(*) + 1, count(*) as n from files").columns == [
            "count(*)",
            "(count(*) + 1)",
            "n",
        ]


@pytest.mark.parametrize(
    ("sql", "pointer"),
    [
        ("select kind,\n  nope\nfrom files", "LINE 2:   nope\n          ^^^^"),
        ("from fils", "LINE 1: from fils\n             ^^^^"),
        ("selec 1", "LINE 1: selec 1\n        ^^^^^"),
        ("select cunt(*) from files", "LINE 1: select cunt(*) from files\n               ^^^^^^^"),
        ("select kind::int from files", "LINE 1: select kind::int from files\n                   ^^^^^"),
        ("from late_files(window = 3)", "LINE 1: from late_files(window = 3)\n" + " " * 24 + "^" * 6),
        ("select nope from late_files()", "LINE 1: select nope from late_files()\n               ^^^^"),
        ("explain select 1; select 2", ""),
        ("copy files to 'x'", ""),
    ],
)
def test_an_error_in_sql_says_where(dataset: Path, sql: str, pointer: str) -> None:
    with audit.open(dataset) as opened, pytest.raises(QueryError) as caught:
        opened.sql(sql)
    assert caught.value.pointer == pointer
    assert "LINE" not in str(caught.value)


def test_a_question_reads_no_more_than_it_needs(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise AssertionError("nothing asked for the environments")

    monkeypatch.setattr("audit.access.this_environment", none)
    with Dataset(dataset) as opened:
        (dataset / "files.parquet").rename(dataset / "away")
        assert opened.sql("select 1 as a").rows() == [{"a": 1}]
        assert len(opened.query("project-outcomes")) == 1
        assert opened.sql("select project from projects").rows() == [{"project": "spam"}]
        (dataset / "away").rename(dataset / "files.parquet")
        assert len(opened.query("late-releases")) == 1
        with pytest.raises(AssertionError, match="environments"):
            opened.query("displacing-files")


@pytest.mark.parametrize(
    "sql",
    [
        "select view_name from duckdb_views()",
        "select table_name from information_schema.tables",
        "SHOW TABLES",
        "show all tables",
        "select name from sqlite_master",
        "select tablename from pg_catalog.pg_tables union all select viewname from pg_catalog.pg_views",
    ],
)
def test_whatever_lists_relations_lists_all(dataset: Path, sql: str) -> None:
    with Dataset(dataset) as opened:
        told = {str(value) for row in opened.sql(sql).rows() for value in row.values()}
    assert {"files", "events", "environments", "releases", "file_lags", "day_picks"} <= told


@pytest.mark.parametrize(
    "sql",
    [
        "from query_table('file' || '_lags')",
        'from "File_Lags"',
        "describe file_lags",
        "summarize file_lags",
        "explain from file_lags",
        "from/**/file_lags--",
        "with a as (from main.file_lags) from a",
        "pivot file_lags on kind in ('sdist') using count(*)",
    ],
)
def test_a_name_is_found_wherever_it_stands(dataset: Path, sql: str) -> None:
    with Dataset(dataset) as opened:
        assert opened.sql(sql).columns


def test_sql_takes_parameters_and_sees_views(dataset: Path) -> None:
    with Dataset(dataset) as opened:
        answer = opened.sql("select lag_us from file_lags where filename = $f", {"f": "first"})
        assert opened.sql("select * from events").rows() == []
    assert answer.rows() == [{"lag_us": 0}]
    assert answer.header is None


@pytest.mark.parametrize(
    "text",
    [
        "drop view files",
        "select 1; select 2",
        "copy files to 'x'",
        "from '/etc/passwd'",
        "attach 'x.db'",
        "from nothing",
    ],
)
def test_sql_only_reads_the_dataset(dataset: Path, text: str) -> None:
    with Dataset(dataset) as opened, pytest.raises(QueryError):
        opened.sql(text)


def test_a_project_that_no_crawl_asked_for_is_no_empty_answer(dataset: Path) -> None:
    with Dataset(dataset) as opened:
        assert len(opened.query("late-files", project="Spam")) == 1
        with pytest.raises(UsageError, match="no project 'eggs'"):
            opened.query("late-files", project="eggs")


def test_describe_counts_all_and_what_was_not_reached(tmp_path: Path) -> None:
    projects: list[dict[str, Any]] = [
        {"project": "spam", "release_count": 2, "file_count": 3},
        {"project": "a", "status": "missing", "last_outcome": "missing"},
        {"project": "b", "last_outcome": "failed", "failure_reason": "http-503"},
        {"project": "c", "status": "unknown", "last_outcome": "stale"},
    ]
    releases = [{"version": "1.0"}, {"version": "2.0"}]
    folder = make_dataset(tmp_path, FILES, releases, projects, crawls=[{}])
    with Dataset(folder) as opened:
        told = opened.describe()
    assert told.projects_by_status == {"found": 2, "missing": 1, "unknown": 1}
    assert told.not_reached == {"http-503": 1, "stale": 1}
    assert (told.not_reached_count, told.project_count) == (2, 4)
    assert (told.release_count, told.empty_release_count, told.file_count, told.untimed_file_count) == (
        2,
        1,
        3,
        1,
    )
    assert (told.first_uploaded_at, told.last_uploaded_at, told.last_crawl_id) == (
        FIRST,
        LATE,
        "20261123T101500Z",
    )


@pytest.mark.parametrize(
    ("statement", "hint"),
    [("from file_lag", "did you mean 'file_lags'?"), ("select filname from files", 'Candidate bindings: "filename"')],
)
def test_a_wrong_name_in_sql_is_told_with_one_that_is_close(dataset: Path, statement: str, hint: str) -> None:
    with Dataset(dataset) as opened, pytest.raises(QueryError) as told:
        opened.sql(statement)
    assert hint in str(told.value)
    assert "\n" not in str(told.value)


def test_a_fingerprint_is_the_hash_of_sorted_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2023, 1, 1, tzinfo=UTC)
    files: list[dict[str, Any]] = [
        {"project": "b", "filename": "z \u2028\x1b\x7f\t", "uploaded_at": at, "size_bytes": 7, "sha256": "ab"},
        {"project": "b", "filename": "a", "version": '1"\n', "is_yanked": True, "yanked_reason": "\U0001f40d \\"},
        {"project": "a", "filename": "y", "requires_python": ">=3.6"},
    ]
    rows: list[list[Any]] = [
        ["a", "1.0"],
        ["a", "1.0", "y", None, None, None, ">=3.6", False, None],
        ["b", '1"\n'],
        ["b", '1"\n', "a", None, None, None, None, True, "\U0001f40d \\"],
        ["b", "1.0"],
        ["b", "1.0", "z \u2028\x1b\x7f\t", 1672531200000000, 7, "ab", None, False, None],
    ]
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    lines = [line.replace("u001b", "u001B") + "\n" for line in lines]  # DuckDB writes capitals
    expected = hashlib.sha256("".join(lines).encode()).hexdigest()
    elsewhere = {"crawls": [{"crawl_id": "20300101T000000Z"}], "files": [f | {"first_seen_at": at} for f in files]}
    with (
        Dataset(make_dataset(tmp_path / "one", files)) as one,
        Dataset(make_dataset(tmp_path / "two", **elsewhere)) as two,
    ):
        assert one.fingerprint() == two.fingerprint() == expected
        monkeypatch.setattr("audit.access._LINES", 1)
        assert one.fingerprint() == expected, "whatever the parts"
    with Dataset(make_dataset(tmp_path / "three", [*files[:2], files[2] | {"size_bytes": 1}])) as changed:
        assert changed.fingerprint() != expected
    with Dataset(make_dataset(tmp_path / "none")) as none:
        assert none.fingerprint() == hashlib.sha256(b"").hexdigest()


def test_check_names_the_assertions_that_do_not_hold(tmp_path: Path, dataset: Path) -> None:
    with Dataset(dataset) as opened:
        assert opened.check() == []
    with Dataset(make_dataset(tmp_path / "bad", [{"kind": "deb", "size_bytes": -1}])) as opened:
        assert [answer.name for answer in opened.check()] == ["kind-is-known", "size-is-not-negative"]


def test_an_open_dataset_keeps_its_commit(tmp_path: Path) -> None:
    committed(tmp_path, "20260101T000000Z", "before")
    with Dataset(tmp_path) as opened:
        committed(tmp_path, "20260102T000000Z", "after")
        assert opened.sql("select filename from files").rows() == [{"filename": "before"}]
    with Dataset(tmp_path) as opened:
        assert opened.sql("select filename from files").rows() == [{"filename": "after"}]


def test_a_copy_without_links_is_a_dataset(tmp_path: Path) -> None:
    committed(tmp_path / "links", "20260101T000000Z", "before")
    shutil.copytree(tmp_path / "links" / "current", tmp_path / "copy [1]*")
    with Dataset(tmp_path / "copy [1]*") as opened:
        assert opened.describe().file_count == 1


def test_no_dataset_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no dataset at .*release-audit crawl --dataset"):
        audit.open(tmp_path / "nothing")


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


@pytest.mark.parametrize(("metadata", "told"), [({"release-audit.schema": "999"}, "999"), (None, "none")])
def test_another_schema_is_refused(dataset: Path, metadata: dict[str, str] | None, told: str) -> None:
    file = dataset / "releases.parquet"
    pq.write_table(pq.read_table(file).replace_schema_metadata(metadata), file)
    with pytest.raises(DatasetError, match=f"schema version {told}"):
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
    spoil, told = BROKEN[how]
    rows = pq.read_table(file)
    metadata = rows.schema.metadata
    spoiled = spoil(rows)
    kept = spoiled.schema.metadata if how == "another version" else metadata
    pq.write_table(spoiled.replace_schema_metadata(kept), file)
    with pytest.raises(DatasetError, match=told) as caught:
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


def test_a_file_that_is_dropped_under_a_handle_is_told(dataset: Path) -> None:
    with Dataset(dataset) as opened:
        (dataset / "projects.parquet").unlink()
        with pytest.raises(DatasetError, match=r"projects\.parquet is gone: open the dataset again"):
            opened.query("totals")


def test_an_error_of_a_statement_is_not_taken_for_damage(dataset: Path) -> None:
    with Dataset(dataset) as opened:
        for sql in ("select regexp_matches('a', '(')", f"from read_csv('{dataset}/files.parquet')", "select 'a'::int"):
            with pytest.raises(QueryError):
                opened.sql(sql)


@pytest.mark.parametrize("is_writable", [True, False])
def test_what_does_not_fit_into_memory_goes_beside_the_dataset(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_writable: bool
) -> None:
    system = tmp_path / "system"
    system.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(system))
    made = Scratch.__init__

    def make(self: Scratch, parent: Path) -> None:
        if parent == dataset and not is_writable:
            raise PermissionError(13, "Permission denied")
        made(self, parent)

    monkeypatch.setattr(Scratch, "__init__", make)
    before = sorted(dataset.iterdir())
    with Dataset(dataset, memory="100MB") as opened:
        rows = "select r, repeat(hash(r)::varchar, 3) as t from range(3000000) as numbers (r)"
        assert len(opened.sql(f"select max(t) as t from ({rows} order by t, r offset 1) group by r % 2")) == 2
        [spill] = (system, dataset)[is_writable].glob(".release-audit-*")
        assert any(spill.iterdir())
    opened.close()
    assert sorted(dataset.iterdir()) == before
    assert list(system.iterdir()) == []
