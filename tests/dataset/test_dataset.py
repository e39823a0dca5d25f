"""The Python API over a dataset's folder."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pyarrow as pa
import pytest

import audit
from audit.dataset.dataset import Dataset
from audit.dataset.fingerprint import _OutOfOrderError
from audit.disk.scratch import Scratch
from audit.errors import DatasetError, ExtraError, QueryError, UsageError
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


@pytest.fixture(scope="module")
def opened_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    """For SQL that is refused: to say what is close by, all relations are defined, which takes most of a second."""
    with Dataset(make_dataset(tmp_path_factory.mktemp("plain"), FILES)) as opened:
        yield opened


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
    with Dataset(dataset) as opened, pytest.raises(ExtraError, match=r"pip install 'release-audit\[polars\]'"):
        opened.query("late-files").pl()


def test_a_frame_keeps_whole_numbers_beside_nulls(dataset: Path) -> None:
    with Dataset(dataset) as opened:
        frame = opened.sql("select 9007199254740993 as n union all select null order by n").df()
    assert str(frame["n"].dtype) == "Int64"
    assert frame["n"][0] == 9007199254740993


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
def test_an_error_in_sql_says_where(opened_once: Dataset, sql: str, pointer: str) -> None:
    with pytest.raises(QueryError) as caught:
        opened_once.sql(sql)
    assert caught.value.pointer == pointer
    assert "LINE" not in str(caught.value)


def test_a_question_reads_no_more_than_it_needs(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise AssertionError("nothing asked for the environments")

    monkeypatch.setattr("audit.dataset.dataset.all_and_this", none)
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
        "from (DESC)",
        "-- what there is\ndesc",
        "select name from sqlite_master",
        "select tablename from pg_catalog.pg_tables union all select viewname from pg_catalog.pg_views",
    ],
)
def test_whatever_lists_relations_lists_all(dataset: Path, sql: str) -> None:
    with Dataset(dataset) as opened:
        names = {str(value) for row in opened.sql(sql).rows() for value in row.values()}
    assert {"files", "events", "environments", "releases", "file_lags", "day_picks"} <= names


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
def test_sql_only_reads_the_dataset(opened_once: Dataset, text: str) -> None:
    with pytest.raises(QueryError):
        opened_once.sql(text)


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
        summary = opened.describe()
    assert summary.projects_by_status == {"found": 2, "missing": 1, "unknown": 1}
    assert summary.not_reached == {"http-503": 1, "stale": 1}
    assert (summary.not_reached_count, summary.project_count) == (2, 4)
    assert (summary.release_count, summary.empty_release_count, summary.file_count, summary.untimed_file_count) == (
        2,
        1,
        3,
        1,
    )
    assert (summary.first_uploaded_at, summary.last_uploaded_at, summary.last_crawl_id) == (
        FIRST,
        LATE,
        "20261123T101500Z",
    )


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("from file_lag", "did you mean 'file_lags'?"),
        ("from fils", "did you mean 'files'?"),
        ("select filname from files", 'Candidate bindings: "filename"'),
        ("select prject from files", 'Candidate bindings: "project"'),
    ],
)
def test_a_wrong_name_in_sql_is_shown_with_one_that_is_close(opened_once: Dataset, statement: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        opened_once.sql(statement)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_fingerprint_is_the_hash_of_lines_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2023, 1, 1, tzinfo=UTC)
    files: list[dict[str, Any]] = [
        {"project": "b", "filename": "z \u2028\x1b\x7f\t", "uploaded_at": at, "size_bytes": 7, "sha256": "ab"},
        {"project": "b", "filename": "a", "version": '1"\n', "is_yanked": True, "yanked_reason": "\U0001f40d \\"},
        {"project": "a", "filename": "y", "requires_python": ">=3.6"},
    ]
    rows: list[list[Any]] = [
        ["a", "1.0"],
        ["b", '1"\n'],
        ["b", "1.0"],
        ["a", "1.0", "y", None, None, None, ">=3.6", False, None],
        ["b", '1"\n', "a", None, None, None, None, True, "\U0001f40d \\"],
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
        with monkeypatch.context() as sorting:
            sorting.setattr("audit.dataset.fingerprint._in_order", Mock(side_effect=_OutOfOrderError))
            sorting.setattr("audit.dataset.fingerprint._LINES_OF_PART", 1)
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


def test_columns_of_one_name_are_all_kept(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        answer = opened.sql("select 1 as a, 2 as a, 3 as a_2")
    assert answer.rows() == [{"a": 1, "a_2": 2, "a_2_2": 3}]


def test_a_closed_dataset_says_so(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        pass
    opened.close()
    asked: list[Callable[[], object]] = [
        lambda: opened.query("late-files"),
        lambda: opened.sql("select 1"),
        lambda: opened.definition("late-files"),
        lambda: opened.project_count,
        opened.describe,
        opened.fingerprint,
    ]
    for ask in asked:
        with pytest.raises(DatasetError, match=f"the dataset at {dataset} is closed: open it again"):
            ask()


def test_threads_take_turns(dataset: Path) -> None:
    def ask(number: int) -> list[int]:
        late = opened.query("late-files", window_days=number % 7 + 1, project="spam" if number % 2 else None)
        return [len(late), *(row["n"] for row in opened.sql("select count(*) as n from late_files()").rows())]

    with audit.open(dataset) as opened, ThreadPoolExecutor(8) as threads:
        assert set(map(tuple, threads.map(ask, range(32)))) == {(1, 1)}
