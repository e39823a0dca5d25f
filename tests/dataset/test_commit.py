"""Staging, commit and the folder: all or nothing, for every reader."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace as replace_plan
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.decode import Decoded
from audit.crawl.index import resolve_address
from audit.crawl.segment import segment_of
from audit.crawl.worker import stage_results
from audit.dataset import parquet
from audit.dataset.commit import commit, recover
from audit.dataset.known import read_known
from audit.dataset.schema import NUMBERS, TABLES
from audit.dataset.snapshot import check_schema
from audit.dataset.staging import OWN_OF_FILES, Plan, Staging, write_segment
from audit.dataset.store import Store
from audit.errors import CrawlError, DatasetError
from audit.model import Api, Outcome, Result, Source
from audit.replay.server import serving
from tests.pages import file, record
from tests.recorded import SAMPLE

FIRST, SECOND, THIRD = (Plan(f"2026112{day}T000000Z", "json", "http://127.0.0.1/simple/") for day in (1, 2, 3))
START = datetime(2023, 1, 1, tzinfo=UTC)
MISSING = Result(NormalizedName("spam"), Outcome.MISSING)


def committed(folder: Path, *plans: Plan) -> Store:
    store = Store(folder)
    for plan in plans:
        staging = Staging(store.staging)
        staging.begin(plan)
        stage_results(staging.next_path(0), [MISSING])
        commit(store, staging, plan)
    return store


def state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


def test_a_commit_leaves_no_staging_and_five_tables(tmp_path: Path) -> None:
    committed(tmp_path, FIRST)
    assert not (tmp_path / "staging").exists()
    for table in (each for each in TABLES if each is not NUMBERS):  # which nobody counted
        path = tmp_path / (f"{table.name}.parquet" if (tmp_path / f"{table.name}.parquet").exists() else table.name)
        schema = pq.read_schema(path) if path.is_file() else pq.read_schema(path / f"{FIRST.crawl_id}.parquet")
        assert schema.remove_metadata().equals(table.schema.remove_metadata()), table.name


def test_a_reader_keeps_its_generation_through_the_next_commit(tmp_path: Path) -> None:
    store = committed(tmp_path, FIRST)
    before = store.current
    assert before is not None
    committed(tmp_path, SECOND)
    assert (before / "files.parquet").exists()
    assert store.current != before
    committed(tmp_path, THIRD)
    assert not before.exists(), "the one before the last two is dropped"
    assert sorted(path.name for path in (tmp_path / "crawls").iterdir()) == [
        f"{plan.crawl_id}.parquet" for plan in (FIRST, SECOND, THIRD)
    ]


@pytest.mark.parametrize(
    "step",
    [
        "commit.keep_history",
        "commit.write_table",
        "differences.Differences.until",
        "listings.write_table",
        "parquet.sync_file",
    ],
)
def test_a_commit_that_fails_changes_nothing_and_keeps_the_staging(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    store = committed(tmp_path, FIRST)
    before = state(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"audit.dataset.{step}", full)
        with pytest.raises(DatasetError, match=r"cannot be written.*No space left on device"):
            committed(tmp_path, SECOND)
    assert state(tmp_path) == before
    staging = Staging(store.staging)
    assert staging.plan == SECOND
    commit(store, staging, SECOND)
    assert len(list((tmp_path / "crawls").iterdir())) == 2


@pytest.mark.slow
def test_a_commit_of_many_projects_without_files_has_memory_enough(tmp_path: Path) -> None:
    store = Store(tmp_path)
    names = [NormalizedName(f"one-of-many-projects-{number:06d}") for number in range(200_000)]
    detail = "the crawl ended before it was asked for, as did all the others of this index"
    for plan in (FIRST, SECOND):
        staging = Staging(store.staging)
        staging.begin(plan)
        for number, at in enumerate(range(0, len(names), 10_000)):
            some = [Result(n, Outcome.FAILED, reason="time-limit", detail=detail) for n in names[at : at + 10_000]]
            stage_results(staging.next_path(number), some)
        generation = commit(store, staging, plan)
    assert pq.read_table(generation / "projects.parquet")["project"].to_pylist() == names


def test_a_staging_whose_commit_took_hold_is_dropped(tmp_path: Path) -> None:
    store = committed(tmp_path, FIRST)
    staging = Staging(store.staging)
    staging.begin(FIRST)
    recover(store, staging)
    assert staging.plan is None
    staging.begin(SECOND)
    recover(store, staging)
    assert staging.plan == SECOND


def test_a_segment_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging")
    staging.begin(FIRST)
    stage_results(staging.next_path(0), [MISSING])
    (staging.folder / "00000001.part").write_bytes(b"cut")
    assert [path.name for path in staging.segments()] == ["00000000.arrow"]
    assert staging.read("results").read_all()["project"].to_pylist() == ["spam"]
    assert staging.read("files").read_all().num_rows == 0


def test_a_plan_that_does_not_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{")
    with pytest.raises(CrawlError, match=r"plan\.json cannot be read.*--fresh"):
        _ = Staging(tmp_path).plan


def test_the_second_of_two_crawls_learns_whose_turn_it_is(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with (
        store.locked(),
        pytest.raises(CrawlError, match=f"process {os.getpid()}"),
        Store(tmp_path).locked(),
    ):
        pass  # pragma: no cover - the lock is refused before
    with store.locked():
        assert json.loads((tmp_path / "crawl.pid").read_text()) == {"pid": os.getpid()}


def test_a_lock_without_a_readable_owner_is_still_a_lock(tmp_path: Path) -> None:
    with Store(tmp_path).locked():
        (tmp_path / "crawl.pid").write_text("?")
        with pytest.raises(CrawlError, match="another process"), Store(tmp_path).locked():
            pass  # pragma: no cover - the lock is refused before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="file/data cannot be written"), Store(tmp_path / "file" / "data").locked():
        pass  # pragma: no cover - there is no such folder


def test_history_is_copied_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    committed(tmp_path, FIRST, SECOND)
    assert len(list((tmp_path / "crawls").iterdir())) == 2


def test_another_schema_is_refused(tmp_path: Path) -> None:
    store = committed(tmp_path, FIRST)
    assert store.current
    check_schema(store.current)
    path = store.current / "files.parquet"
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"release-audit.schema": "0"}), path)
    with pytest.raises(DatasetError, match="schema version 0"):
        check_schema(store.current)


def test_a_segment_never_takes_the_place_of_another(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging")
    staging.begin(FIRST)
    assert staging.next_number == 0
    for number in (0, 2):  # 1 was being written beside 2 when the crawl was killed
        stage_results(staging.next_path(number), [MISSING])
    assert staging.next_number == 3


def test_what_is_known_of_a_project(tmp_path: Path) -> None:
    assert read_known(None) == {}
    known = read_known(committed(tmp_path, FIRST).current)
    assert known[NormalizedName("spam")].last_outcome == "missing"
    assert not known[NormalizedName("spam")].was_found


def test_row_groups_are_as_large_as_they_should_be(crawled_sample: Path) -> None:
    layout = pq.read_metadata(crawled_sample / "files.parquet")
    rows = [layout.row_group(number).num_rows for number in range(layout.num_row_groups)]
    assert rows == [parquet.ROW_GROUP_ROWS, 35_996 - parquet.ROW_GROUP_ROWS]
    first, second = (layout.row_group(number).column(0).statistics for number in (0, 1))
    assert first.min < first.max <= second.min < second.max, "a project's name says which row groups to pass over"


def test_many_rows_lie_in_larger_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MANY_ROWS", 35_996)
    with serving(SAMPLE) as address:
        crawl(CrawlRequest(tmp_path, resolve_address(address), None), datetime(2026, 11, 23, tzinfo=UTC))
    assert [pq.read_metadata(tmp_path / f"{name}.parquet").num_row_groups for name in ("files", "releases")] == [1, 1]


def test_files_without_a_time_are_counted(tmp_path: Path) -> None:
    untimed = [file(name) | {"upload-time": None} for name in ("spam-1.0.tar.gz", "spam-1.0.zip")]
    record(tmp_path / "pages", "spam", untimed, ["1.0"])
    with serving(tmp_path / "pages") as address:
        request = CrawlRequest(tmp_path / "data", resolve_address(address), None, Api.SIMPLE)
        summary = crawl(request, datetime(2026, 11, 23, tzinfo=UTC))
    assert (summary.file_count, summary.untimed_file_count) == (2, 2)


# Columns that `segment_of` adds.
_ADDED = {"source", "uploaded_via", "release_number"}


def listed(folder: Path, plan: Plan, **changes: object) -> Store:
    """Commits a listing of one file, which the plan's source gives."""
    columns: dict[str, object] = dict.fromkeys(OWN_OF_FILES.names)
    columns |= {"filename": "spam-1.0.zip", "uploaded_at": START, "time_precision_us": 1, "is_yanked": False}
    values = {name: [value] for name, value in (columns | changes).items() if name not in _ADDED}
    store, project = Store(folder), Decoded(MISSING.project, ["1.0"], ["1.0"], values)
    staging = Staging(store.staging)
    staging.begin(plan)
    found = replace(MISSING, outcome=Outcome.FOUND, file_count=1, release_count=1)
    write_segment(staging.next_path(0), segment_of([found], [project], plan.source))
    commit(store, staging, plan)
    return store


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_yanked": None, "uploaded_at": START - timedelta(microseconds=999)}, []),
        ({"uploaded_at": START - timedelta(milliseconds=1)}, [("changed", "uploaded_at")]),
        ({"is_yanked": True}, [("yanked", None)]),
    ],
)
def test_what_a_source_does_not_give_is_no_event(
    tmp_path: Path, changes: dict[str, object], expected: list[tuple[str, str | None]]
) -> None:
    listed(tmp_path, FIRST)
    plan = replace_plan(SECOND, source=Source.CLICKHOUSE, api=None, index_url=None)
    store = listed(tmp_path, plan, time_precision_us=1_000, **changes)
    assert store.current is not None
    events = pq.read_table(store.current / "events" / f"{plan.crawl_id}.parquet").to_pylist()
    assert [(row["event"], row["field"]) for row in events] == expected
    assert {row["source"] for row in events} <= {"clickhouse"}
    [file_row] = pq.read_table(store.current / "files.parquet").to_pylist()
    assert (file_row["source"], file_row["time_precision_us"]) == ("clickhouse", 1_000)
    [asked] = pq.read_table(store.current / "crawls" / f"{plan.crawl_id}.parquet").to_pylist()
    assert (asked["source"], asked["api"], asked["index_url"]) == ("clickhouse", None, None)
    # And back: a yank that was not known before is no event either.
    third = listed(tmp_path, THIRD, is_yanked=True).current
    assert third is not None
    back = pq.read_table(third / "events" / f"{THIRD.crawl_id}.parquet").to_pylist()
    assert ("yanked" in [row["event"] for row in back]) == (changes.get("is_yanked", False) is False)
