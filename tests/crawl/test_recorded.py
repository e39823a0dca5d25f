"""Where recorded pages come from: from the folder, through a replay's headers, into the dataset, and on."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.crawl.recorded import headers_of, read_recorded, recorded_in, write_recorded
from audit.errors import UsageError
from audit.model import Api, Recorded
from audit.replay.server import serving
from tests.crawled import START, crawled
from tests.recorded import SAMPLE, projects

RECORDED = Recorded(datetime(2026, 11, 23, tzinfo=UTC), "PyPI")


def test_a_folder_says_what_was_written(tmp_path: Path) -> None:
    assert read_recorded(tmp_path) is None
    write_recorded(tmp_path, RECORDED)
    assert read_recorded(tmp_path) == RECORDED == read_recorded(SAMPLE)


@pytest.mark.parametrize(
    "content",
    [
        b"[",
        b"{}",
        b"\xff",
        b'{"recorded_at": "2026-11-23T00:00:00", "recorded_from": "without a zone"}',
        b'{"recorded_at": "2026-11-23T00:00:00Z", "recorded_from": "two\\nlines"}',
        b'{"recorded_at": "2026-11-23T00:00:00Z", "recorded_from": "b\\u00fccher"}',
    ],
)
def test_a_file_that_does_not_fit_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "recording.json").write_bytes(content)
    with pytest.raises(UsageError, match=r"recording\.json (cannot be read|does not fit)"):
        read_recorded(tmp_path)


def test_headers_state_it_and_are_read_in_utc() -> None:
    assert recorded_in(headers_of(RECORDED)) == RECORDED
    assert headers_of(None) == {}
    assert recorded_in({"Recorded-At": "2026-11-23T02:00:00+02:00"}) == Recorded(RECORDED.recorded_at, "")


@pytest.mark.parametrize(
    "headers",
    [
        {"Recorded-From": "PyPI"},
        {"Recorded-At": "yesterday"},
        {"Recorded-At": "2026-11-23T00:00:00"},
        {"Recorded-At": "2026-11-23T00:00:00Z", "Recorded-From": "\x1b[31m"},
        {"Recorded-At": "2026-11-23T00:00:00Z", "Recorded-From": "x" * 201},
    ],
)
def test_headers_that_do_not_fit_tell_nothing(headers: dict[str, str]) -> None:
    assert recorded_in(headers) is None


def test_a_crawl_of_a_replay_keeps_when_its_pages_were_recorded(tmp_path: Path) -> None:
    with crawled(tmp_path, SAMPLE, "ninja") as dataset:
        rows = dataset.sql("select recorded_at, recorded_from from projects").rows()
        known = dataset.sql("from known_until").rows()
    assert rows == [{"recorded_at": RECORDED.recorded_at, "recorded_from": "PyPI"}]
    assert known == [{"known_until_at": RECORDED.recorded_at}]


def test_what_a_crawl_records_says_of_which_index_and_when(tmp_path: Path) -> None:
    record = tmp_path / "record"
    with serving(SAMPLE) as address:
        request = CrawlRequest(tmp_path / "first", resolve_address(address), [NormalizedName("ninja")], record=record)
        crawl(request, START)
    assert read_recorded(record) == Recorded(START, address)
    with crawled(tmp_path / "second", record) as dataset:
        [row] = dataset.sql("select recorded_at, recorded_from from projects").rows()
    assert row == {"recorded_at": START, "recorded_from": address}


def test_a_recording_replays_to_the_same_dataset(tmp_path: Path) -> None:
    some = [NormalizedName(name) for name in projects()[:12]]
    with serving(SAMPLE) as address:
        for api in Api:
            request = CrawlRequest(tmp_path / "first", resolve_address(address), some, api)
            crawl(replace(request, record=tmp_path / "evidence", is_full=True), START)
    assert len(list((tmp_path / "evidence" / "json").iterdir())) == 12
    with serving(tmp_path / "evidence") as address:
        crawl(CrawlRequest(tmp_path / "second", resolve_address(address), None), START)
    assert (tmp_path / "first" / "files.parquet").read_bytes() != b""
    first, second = (pq.read_table(tmp_path / name / "files.parquet").to_pylist() for name in ("first", "second"))
    assert first == second
