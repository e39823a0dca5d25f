"""What an unfinished crawl is resumed as, and what it is not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.crawl.run import _begin
from audit.crawl.worker import stage_results
from audit.dataset.mark import mark_of, read_mark, write_mark
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.errors import CrawlError
from audit.model import Api, Outcome, Result, Summary
from audit.replay.server import serving
from tests.pages import file, record

START = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
LEFT = "20261101T000000Z"
EGGS, SPAM = NormalizedName("eggs"), NormalizedName("spam")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    for project in (EGGS, SPAM):
        record(tmp_path / "pages", project, [file(f"{project}-1.0.tar.gz")], ["1.0"])
    with serving(tmp_path / "pages") as address:
        yield address


def request(index: str, dataset: Path, **changes: Any) -> CrawlRequest:
    return CrawlRequest(dataset, resolve_address(index), [EGGS, SPAM], **{"api": Api.JSON} | changes)


def resume(index: str, dataset: Path, **changes: Any) -> Summary:
    return crawl(request(index, dataset, **changes), START)


def leave(index: str, dataset: Path, **changes: str) -> Staging:
    """A crawl of the index that was killed when it had staged one project; some of its plan may be another."""
    dataset.mkdir()
    write_mark(dataset, mark_of())
    staging = Staging(Store(dataset).staging)
    staging.begin(replace(Plan(LEFT, "json", index), **changes))
    stage_results(staging.next_path(0), [Result(EGGS, Outcome.MISSING)])
    return staging


def test_the_same_crawl_is_resumed(index: str, tmp_path: Path) -> None:
    leave(index, tmp_path / "data")
    summary = resume(index, tmp_path / "data")
    assert (summary.crawl_id, summary.outcomes) == (LEFT, {"missing": 1, "found": 1}), "what was staged stays"


@pytest.mark.parametrize(
    "other",
    [{"api": "simple"}, {"index_url": "http://127.0.0.1:9/simple/"}, {"schema_version": "1"}],
    ids=lambda other: next(iter(other)),
)
def test_a_crawl_of_another_api_index_or_schema_is_not_resumed(
    other: dict[str, str], index: str, tmp_path: Path
) -> None:
    staging = leave(index, tmp_path / "data", **other)
    before = staging.plan
    with pytest.raises(CrawlError, match=f"holds the unfinished crawl {LEFT} .*start over with --fresh"):
        resume(index, tmp_path / "data")
    assert (staging.plan, len(staging.segments())) == (before, 1), "it can still be finished"
    summary = resume(index, tmp_path / "data", is_fresh=True)
    assert (summary.crawl_id, summary.outcomes) == ("20261123T101500Z", {"found": 2})


def test_what_was_staged_of_an_index_that_has_moved_is_taken_up(index: str, tmp_path: Path) -> None:
    old = "http://127.0.0.1:9/simple/"
    staging = leave(index, tmp_path / "data", index_url=old)
    with pytest.raises(CrawlError, match=f"unfinished crawl {LEFT} of {old} .*--moved-index"):
        resume(index, tmp_path / "data")
    with pytest.raises(CrawlError, match="start over with --fresh"):
        resume(index, tmp_path / "data", is_moved=True, api=Api.SIMPLE)
    assert staging.plan is not None
    assert staging.plan.index_url == old, "a crawl that is refused leaves it as it was"
    summary = resume(index, tmp_path / "data", is_moved=True)
    assert (summary.crawl_id, summary.outcomes) == (LEFT, {"missing": 1, "found": 1})
    mark = read_mark(tmp_path / "data")
    assert mark is not None
    assert mark.index_url == index
    assert set(pq.read_table(tmp_path / "data" / "crawls")["index_url"].to_pylist()) == {index}


def test_the_requests_of_a_resumed_crawl_are_those_of_both_runs(index: str, tmp_path: Path) -> None:
    staging = leave(index, tmp_path / "data")
    staging.segments()[0].unlink()
    stage_results(staging.next_path(0), [Result(EGGS, Outcome.MISSING, attempts=3)])
    assert resume(index, tmp_path / "data").request_count == 4


def test_without_a_word_on_the_api_a_crawl_goes_on_as_it_began(index: str, tmp_path: Path) -> None:
    leave(index, tmp_path / "data", api="simple")
    assert resume(index, tmp_path / "data", api=None).crawl_id == LEFT
    assert set(pq.read_table(tmp_path / "data" / "crawls")["api"].to_pylist()) == {"simple"}


def test_a_new_crawl_begins_with_nothing_staged(index: str, tmp_path: Path) -> None:
    staging = leave(index, tmp_path / "data")
    plan = _begin(request(index, tmp_path / "data"), Store(tmp_path / "data"), staging, START, Api.SIMPLE)
    assert plan == staging.plan
    assert (plan.crawl_id, plan.api, plan.index_url) == ("20261123T101500Z", "simple", index)
    assert staging.segments() == []


def test_a_plan_holds_no_password(index: str, tmp_path: Path) -> None:
    staging = leave(index, tmp_path / "data")
    secret = index.replace("http://", "http://user:pa55word@")
    plan = _begin(request(secret, tmp_path / "data"), Store(tmp_path / "data"), staging, START, Api.JSON)
    assert plan.index_url == index
    assert "pa55word" not in (staging.folder / "plan.json").read_text()


def test_no_two_crawls_have_one_id(index: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    resume(index, tmp_path / "data")
    store = Store(tmp_path / "data")
    for hours, warnings in ((0, 0), (-1, 1)):
        now = START + timedelta(hours=hours)
        plan = _begin(request(index, tmp_path / "data"), store, Staging(store.staging), now, Api.JSON)
        assert plan.crawl_id == "20261123T101501Z"
        assert len(caplog.records) == warnings
