"""Recorded pages become the dataset that a crawl of their replay would be."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.cli import COULD_NOT_RUN, DONE, INCOMPLETE, WRONG_USAGE
from audit.crawl.recorded import write_recorded
from audit.dataset.mark import read_mark
from audit.dataset.staging import Staging
from audit.dataset.store import Store
from audit.errors import CrawlError, UsageError
from audit.importing.recorded import import_recorded
from audit.model import Api, Recorded, Summary
from tests.cli.programs import run_here
from tests.crawl.test_resume import leave
from tests.crawled import START, crawled
from tests.pages import file, record, spam
from tests.recorded import SAMPLE

# Columns about the crawl itself: time and number of requests, their source, and entity tags.
OF_REQUESTS = {"duration_ms", "index_url", "chosen_by", "etag", "source"}


NOW = datetime(2026, 11, 27, tzinfo=UTC)


def compared(dataset: Path, table: str) -> list[dict[str, object]]:
    rows = pq.read_table(dataset / table).to_pylist()
    return [{name: value for name, value in row.items() if name not in OF_REQUESTS} for row in rows]


def same_as(dataset: Path, crawled: Path) -> None:
    """Checks that two datasets are the same, byte for byte where a column is not about requests or the source."""
    for table in ("releases.parquet", "set_aside.parquet"):
        assert (dataset / table).read_bytes() == (crawled / table).read_bytes(), table
    for table in ("files.parquet", "events"):
        one, other = (pq.read_table(folder / table).drop_columns(["source"]) for folder in (dataset, crawled))
        assert one.equals(other), table
    assert set(pq.read_table(dataset / "files.parquet")["source"].to_pylist()) == {"recorded"}
    for table in ("projects.parquet", "crawls"):
        assert compared(dataset, table) == compared(crawled, table), table


@pytest.mark.parametrize("api", [None, pytest.param(Api.JSON, marks=pytest.mark.slow), Api.SIMPLE])
def test_the_sample_is_what_its_crawl_is(
    api: Api | None, tmp_path: Path, crawled_sample: Path, sample_of_index_api: Path
) -> None:
    summary = import_recorded(SAMPLE, tmp_path, NOW, api=api, at=START)
    assert summary is not None
    assert (summary.outcomes, summary.request_count) == ({"found": 96}, 0)
    same_as(tmp_path, sample_of_index_api if api is Api.SIMPLE else crawled_sample)


def some_pages(folder: Path, *names: str, at: datetime = START, index: str = "PyPI") -> Path:
    spam(folder, *names)
    record(folder, "eggs", [], [])
    write_recorded(folder, Recorded(at, index))
    return folder


def test_what_is_quarantined_or_set_aside_is_as_a_crawl_has_it(tmp_path: Path) -> None:
    pages = some_pages(tmp_path / "pages", "spam-1.0.tar.gz", "spam-1.0.deb")
    record(pages, "ham", [file("ham-1.0.tar.gz", size="large")], ["1.0"])
    record(pages, "gone", [], ["1.0"], 1, **{"project-status": {"status": "quarantined"}})
    summary = import_recorded(pages, tmp_path / "dataset", NOW, api=Api.SIMPLE)
    assert summary is not None
    assert (summary.outcomes, summary.set_aside_file_count) == ({"found": 3, "quarantined": 1}, 1)
    with crawled(tmp_path / "replayed", pages):
        same_as(tmp_path / "dataset", tmp_path / "replayed")


def test_a_broken_page_costs_its_project_alone(tmp_path: Path) -> None:
    pages = some_pages(tmp_path / "pages", "spam-1.0.tar.gz")
    for number in range(30):  # more than an index is forgiven in a row
        (pages / "index" / f"broken{number}.json.gz").write_bytes(b"no gzip")
    summary = import_recorded(pages, tmp_path / "dataset", NOW, api=None)
    assert summary is not None
    assert (summary.outcomes, summary.failures) == ({"found": 2, "failed": 30}, {"bad-gzip": 30})


@pytest.mark.slow
def test_the_moment_is_the_recordings_own_and_the_same_pages_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        import_recorded(SAMPLE, tmp_path / name, NOW, api=None)
    one, two = ([path.read_bytes() for path in everything(tmp_path / name)] for name in ("one", "two"))
    assert one == two
    assert Store(tmp_path / "one").current == (tmp_path / "one" / "generations" / "20261123T000000Z").resolve()
    mark = read_mark(tmp_path / "one")
    assert mark is not None
    assert (mark.index_url, mark.api) == (None, "json"), "the recording names its index, and not its address"


def everything(dataset: Path) -> Iterable[Path]:
    return sorted(path for path in (dataset / "current").resolve().rglob("*.parquet"))


def test_pages_that_came_later_are_the_next_crawl(tmp_path: Path) -> None:
    index = "https://packages.example.org/simple/"
    pages = some_pages(tmp_path / "pages", "spam-1.0.tar.gz", index=index)
    dataset = tmp_path / "dataset"
    assert import_recorded(pages, dataset, NOW, api=None) is not None
    assert import_recorded(pages, dataset, NOW, api=None) is None, "the same moment: the same pages"
    some_pages(pages, "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl", at=START + timedelta(days=1), index=index)
    spam(pages, "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl", serial=2)
    later = import_recorded(pages, dataset, NOW, api=None)
    assert later is not None
    assert (later.outcomes, later.events) == ({"found": 1, "unchanged": 1}, {"appeared": 1})
    mark = read_mark(dataset)
    assert mark is not None
    assert mark.index_url == index, "a crawl of that index can go on with it"
    before = [path.read_bytes() for path in everything(dataset)]
    some_pages(pages, at=START)
    with pytest.raises(UsageError, match=r"is from 20261123T101500Z, before the last crawl .*: import it into a new"):
        import_recorded(pages, dataset, NOW, api=None)
    some_pages(pages, at=START + timedelta(days=2), index="https://other.example.org/simple/")
    with pytest.raises(UsageError, match=r"belongs to https://packages\.example\.org/simple/"):
        import_recorded(pages, dataset, NOW, api=None)
    assert [path.read_bytes() for path in everything(dataset)] == before


def test_a_recording_without_a_time_needs_one(tmp_path: Path) -> None:
    spam(tmp_path / "pages", "spam-1.0.tar.gz")
    with pytest.raises(UsageError, match="say --at"):
        import_recorded(tmp_path / "pages", tmp_path / "dataset", NOW, api=None)
    assert not (tmp_path / "dataset").exists()
    summary = import_recorded(tmp_path / "pages", tmp_path / "dataset", NOW, api=None, at=START)
    assert summary is not None
    assert summary.crawl_id == "20261123T101500Z"


def test_an_import_that_is_stopped_is_resumed(tmp_path: Path) -> None:
    dataset = tmp_path / "dataset"

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, BaseExceptionGroup)):
        import_recorded(SAMPLE, dataset, NOW, api=None, at=START, watch=stop)
    assert Store(dataset).current is None
    assert Staging(Store(dataset).staging).plan is not None
    with pytest.raises(CrawlError, match="unfinished import 20261123T101500Z"):
        crawled(dataset, SAMPLE)
    summary = import_recorded(SAMPLE, dataset, NOW, api=None, at=START)
    assert summary is not None
    assert summary.outcomes == {"found": 96}


def test_a_crawl_that_was_killed_is_not_dropped_by_an_import(tmp_path: Path) -> None:
    pages, dataset = some_pages(tmp_path / "pages", "spam-1.0.tar.gz"), tmp_path / "dataset"
    staging = leave("https://packages.example.org/simple/", dataset)
    with pytest.raises(CrawlError, match="unfinished crawl 20261101T000000Z of https"):
        import_recorded(pages, dataset, NOW, api=None)
    assert len(staging.segments()) == 1
    assert import_recorded(pages, dataset, NOW, api=None, is_fresh=True) is not None


def test_where_most_of_what_was_known_is_gone_nothing_is_committed(tmp_path: Path) -> None:
    def pages(serial: int, at: datetime, *names: str) -> Summary | None:
        for number in range(12):
            record(tmp_path / "pages", f"p{number}", [file(f"p{number}-{name}") for name in names], ["1.0"], serial)
        write_recorded(tmp_path / "pages", Recorded(at, "PyPI"))
        return import_recorded(tmp_path / "pages", tmp_path / "dataset", NOW, api=Api.SIMPLE)

    assert pages(1, START, "1.0.tar.gz") is not None
    with pytest.raises(CrawlError, match="lists nothing any more for 12 of the 12 known projects"):
        pages(2, START + timedelta(days=1))
    assert Staging(Store(tmp_path / "dataset").staging).plan is None, "nothing is resumed"
    later = import_recorded(tmp_path / "pages", tmp_path / "dataset", NOW, api=Api.SIMPLE, may_vanish=True)
    assert later is not None
    assert later.events == {"vanished": 12}


def test_as_it_is_typed(tmp_path: Path) -> None:
    pages = some_pages(tmp_path / "pages", "spam-1.0.tar.gz", at=datetime(2026, 11, 23, tzinfo=UTC))
    words = ("import", "recorded", str(pages), "--dataset", str(tmp_path / "dataset"))
    ended = run_here(*words)
    assert ended.returncode == DONE, ended.stderr
    assert "crawl 20261123T000000Z: 2 projects asked for, 2 reached, 0 not reached (0 requests)" in ended.stdout
    again = run_here(*words)
    assert (again.returncode, again.stdout) == (DONE, "")
    assert again.stderr.endswith("already: nothing is changed\n")
    assert run_here(*words, "--at", "2026-11-22").returncode == WRONG_USAGE
    assert run_here("import", "recorded", str(tmp_path / "none")).returncode == WRONG_USAGE
    (pages / "index" / "eggs.json.gz").write_bytes(b"no gzip")
    partly = run_here(*words, "--at", "2026-11-24", "--dataset", str(tmp_path / "other"))
    assert partly.returncode == INCOMPLETE
    assert "not reached: 1 x bad-gzip" in partly.stdout
    (pages / "index" / "spam.json.gz").write_bytes(b"no gzip")
    none = run_here(*words, "--at", "2026-11-24", "--dataset", str(tmp_path / "third"))
    assert none.returncode == COULD_NOT_RUN
    assert f"nothing is committed; look at the pages ({pages}), then run it again" in none.stderr
