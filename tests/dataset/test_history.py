"""The history's files: a crawl each, put together once their day, month or year is over."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from audit.crawl.worker import stage_results
from audit.dataset import history
from audit.dataset.commit import commit
from audit.dataset.dataset import Dataset
from audit.dataset.history import crawl_ids_of, keep_history, naming_programs, period, programs_of
from audit.dataset.parquet import write_table
from audit.dataset.schema import CRAWLS, HISTORY_TABLES
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.dataset.table import Table
from audit.model import Api, Outcome, Result, crawl_id_of
from tests.dataset_builder import arrow, make_dataset

NEWEST = "20261127T090000Z"


@pytest.mark.parametrize(
    ("crawl_id", "expected"),
    [
        ("20241231T235959Z", "2024"),
        ("20250101T000000Z", "2025"),
        ("20260101T000000Z", "202601"),
        ("20261031T000000Z", "202610"),
        ("20261101T000000Z", "20261101"),
        ("20261126T235959Z", "20261126"),
        ("20261127T000000Z", "20261127T000000Z"),
        (NEWEST, NEWEST),
        ("notes", "notes"),
    ],
)
def test_a_crawl_shares_a_file_with_what_is_over(crawl_id: str, expected: str) -> None:
    assert period(crawl_id, NEWEST) == expected


def written(folder: Path, crawl_ids: Sequence[str], rows_each: int = 1) -> Path:
    """A generation whose history has a file for each crawl; every other crawl left no row."""
    for table in HISTORY_TABLES:
        (folder / table.name).mkdir(parents=True)
        for number, crawl_id in enumerate(crawl_ids):
            rows = [filled(table, crawl_id, each) for each in range(rows_each)] if number % 2 == 0 else []
            pq.write_table(arrow(table, rows), folder / table.name / f"{crawl_id}.parquet")
    return folder


OWN: dict[str, dict[str, object]] = {
    "events": {"version": "1", "filename": "f", "event": "appeared", "is_known_release": True, "source": "crawl"},
    "crawls": {"outcome": "found", "project_count": 1, "body_bytes": 1, "duration_ms": 1, "attempts": 1},
    "numbers": {"seen_at": datetime(2026, 1, 1, tzinfo=UTC), "definition": "select 1"},
}


def filled(table: Table, crawl_id: str, number: int) -> dict[str, object]:
    row: dict[str, object] = {**dict.fromkeys(table.schema.names), **OWN[table.name], "crawl_id": crawl_id}
    values = {"project": f"p{number:06d}", "number": f"n{number:06d}", "source": "crawl"}
    return {name: values.get(name, value) for name, value in row.items()}


def kept(before: Path, target: Path, crawl_id: str) -> dict[str, list[str]]:
    """The files of the crawls after a commit: of each the crawls that it is of."""
    target.mkdir()
    keep_history(before, target, crawl_id)
    return {path.stem: crawl_ids_of(path) for path in sorted((target / CRAWLS.name).iterdir())}


def test_a_night_keeps_the_bytes_and_a_day_that_is_over_is_put_together(tmp_path: Path) -> None:
    ids = ["20261126T010000Z", "20261126T020000Z", "20261127T010000Z"]
    before = written(tmp_path / "before", ids)
    assert kept(before, tmp_path / "same", "20261127T020000Z") == {ids[1]: ids[:2], ids[2]: [ids[2]]}
    one = "crawls/20261127T010000Z.parquet"
    assert (tmp_path / "same" / one).samefile(before / one)


def test_months_and_years_that_are_over_are_one_file_each(tmp_path: Path) -> None:
    ids = ["20240105T000000Z", "20241231T000000Z", "20251031T000000Z", "20251101T000000Z", "20251231T000000Z"]
    first = kept(written(tmp_path / "before", ids), tmp_path / "now", "20251231T020000Z")
    assert list(first) == [ids[1], *ids[2:]]
    later = kept(tmp_path / "now", tmp_path / "later", "20260101T000000Z")
    assert later == {ids[1]: ids[:2], ids[4]: ids[2:]}


def test_no_row_is_lost_and_row_groups_stay_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "ROW_GROUP_ROWS", 4)
    ids = ["20250101T000000Z", "20250201T000000Z", "20250301T000000Z"]
    before = written(tmp_path / "before", ids, rows_each=5)
    kept(before, tmp_path / "after", NEWEST)
    for table in HISTORY_TABLES:
        together = pq.ParquetFile(tmp_path / "after" / table.name / f"{ids[-1]}.parquet")
        old = [
            row for crawl_id in ids for row in pq.read_table(before / table.name / f"{crawl_id}.parquet").to_pylist()
        ]
        assert together.read().to_pylist() == old
        assert [together.metadata.row_group(each).num_rows for each in range(together.num_row_groups)] == [4, 4, 2]
        assert together.schema_arrow.remove_metadata().equals(table.schema.remove_metadata())


@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=40, unique=True))
def test_however_many_nights_there_are_some_dozens_of_files(hours: list[int]) -> None:
    """Of any nights, each in the order of its time: groups are neighbours, and no time that is over has two."""
    ids = [crawl_id_of(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hour)) for hour in sorted(hours)]
    periods = [period(crawl_id, ids[-1]) for crawl_id in ids]
    assert periods == sorted(periods)
    assert len({each for each in periods if len(each) < len(NEWEST)}) <= 5 + 11 + 30


def test_commits_over_a_turn_of_the_year_are_one_dataset(tmp_path: Path) -> None:
    """Real commits; what every crawl saw is there, under the names that files have now."""
    store, spam = Store(tmp_path / "data"), NormalizedName("spam")
    times = [datetime(2025, 12, 30, tzinfo=UTC) + timedelta(days=day) for day in range(4)]
    for day, time in enumerate(times):
        plan, staging = Plan(crawl_id_of(time), Api.JSON.value, "i"), Staging(store.staging)
        staging.begin(plan)
        outcome = Outcome.UNCHANGED if day else Outcome.MISSING
        stage_results(staging.next_path(0), [Result(spam, outcome, attempts=1 - min(day, 1))])
        commit(store, staging, plan)
    ids = [crawl_id_of(time) for time in times]
    assert [path.stem for path in sorted((tmp_path / "data" / "crawls").iterdir())] == ids[1:]
    with Dataset(tmp_path / "data") as opened:
        assert opened.crawl_ids == ids
        rows = opened.sql("select crawl_id, project, outcome, project_count from crawls order by crawl_id").rows()
        assert opened.check() == []
    assert [tuple(row.values()) for row in rows] == [
        (ids[0], "spam", "missing", 1),
        *((crawl_id, None, "unchanged", 1) for crawl_id in ids[1:]),
    ]


def test_the_ids_of_a_made_history_are_its_files(tmp_path: Path) -> None:
    with Dataset(make_dataset(tmp_path, [{}], crawls=[{"crawl_id": NEWEST}])) as opened:
        assert opened.crawl_ids == [NEWEST]


def test_each_crawl_keeps_the_name_of_its_program_in_whatever_file(tmp_path: Path) -> None:
    programs = {
        "20261126T010000Z": "",
        "20261126T020000Z": "0.1.0",
        "20261126T030000Z": "0.1.0",
        "20261126T040000Z": "0.1.0+g89151444b",
        "20261126T050000Z": "",
    }
    folder = tmp_path / "before"
    for table in HISTORY_TABLES:
        (folder / table.name).mkdir(parents=True)
    for crawl_id, program in programs.items():
        named = naming_programs({crawl_id: program}) if program else {}
        write_table(CRAWLS, [arrow(CRAWLS, [])], folder / "crawls" / f"{crawl_id}.parquet", named)
    (tmp_path / "day").mkdir()
    keep_history(folder, tmp_path / "day", "20261127T010000Z")
    [file] = (tmp_path / "day" / "crawls").iterdir()
    assert list(programs_of(file).items()) == list(programs.items())
    text = pq.read_schema(file).metadata[b"release-audit.programs"].decode()
    assert text.count("0.1.0") == 2, "a version that goes on is written once"
