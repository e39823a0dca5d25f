"""What the doctor says of a dataset."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.doctor import check_dataset, row_of
from audit.replay.server import serving
from tests.dataset_builder import Row, make_dataset
from tests.faults.documents import START
from tests.pages import spam

PLAN = Plan("20261124T000000Z", "json", "http://127.0.0.1:9/simple/")


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset as a crawl commits it; no test may write to it."""
    folder = tmp_path_factory.mktemp("committed")
    spam(folder / "pages", "spam-1.0.tar.gz")
    with serving(folder / "pages") as address:
        crawl(CrawlRequest(folder / "data", resolve_address(address), None), START)
    return folder / "data"


@pytest.fixture
def crawled(committed: Path, tmp_path: Path) -> Path:
    """A copy of it to write to."""
    return shutil.copytree(committed, tmp_path / "data", symlinks=True)


def findings(path: Path) -> list[tuple[str, str, str]]:
    return [(row["verdict"], row["about"], row["finding"]) for row in map(row_of, check_dataset(path))]


def trouble(path: Path) -> list[tuple[str, str, str]]:
    return [finding for finding in findings(path) if finding[0] != "ok"]


def test_all_is_well(crawled: Path) -> None:
    assert findings(crawled) == [
        ("ok", "dataset", f"{crawled} can be read, and has this program's schema"),
        ("ok", "contents", "1 file, 1 release, 1 project, last crawl 20261123T101500Z"),
    ]


def test_there_is_none(tmp_path: Path) -> None:
    [(verdict, about, finding)] = findings(tmp_path / "none")
    assert (verdict, about) == ("fail", "dataset")
    assert "write one with" in finding
    assert not (tmp_path / "none").exists()


def test_a_crawl_that_runs(crawled: Path) -> None:
    with Store(crawled).locked():
        Staging(Store(crawled).staging).begin(PLAN)
        [(verdict, about, finding)] = trouble(crawled)
    assert (verdict, about) == ("warn", "running crawl")
    assert f"{PLAN.crawl_id} of {PLAN.index_url}, 0 projects so far" in finding


def test_a_crawl_that_was_killed(crawled: Path) -> None:
    Staging(Store(crawled).staging).begin(PLAN)
    [(verdict, about, finding)] = trouble(crawled)
    assert (verdict, about) == ("warn", "unfinished crawl")
    assert finding.endswith("the same crawl command resumes it, --fresh drops it")


def test_a_first_crawl_that_was_killed(tmp_path: Path) -> None:
    Staging(Store(tmp_path).staging).begin(PLAN)
    assert [(verdict, about) for verdict, about, _ in findings(tmp_path)] == [
        ("warn", "unfinished crawl"),
        ("warn", "dataset"),
    ]


def test_a_plan_that_was_half_written(crawled: Path) -> None:
    staging = Staging(Store(crawled).staging)
    staging.begin(PLAN)
    (staging.folder / "plan.json").write_text('{"crawl_id')
    [(verdict, about, finding)] = trouble(crawled)
    assert (verdict, about) == ("fail", "unfinished crawl")
    assert "--fresh" in finding


def test_a_table_that_was_half_written(crawled: Path) -> None:
    table = (crawled / "files.parquet").resolve()
    table.write_bytes(table.read_bytes()[:-9])
    [(verdict, about, finding)] = trouble(crawled)
    assert (verdict, about) == ("fail", "dataset")
    assert "files.parquet cannot be read" in finding


def test_a_history_that_was_half_written(crawled: Path) -> None:
    for events in (crawled / "events").resolve().glob("*.parquet"):
        events.write_bytes(b"PAR1")
    [(verdict, about, finding)] = trouble(crawled)
    assert (verdict, about) == ("fail", "dataset")
    assert f"{events} cannot be read" in finding


def test_another_schema(crawled: Path) -> None:
    table = (crawled / "files.parquet").resolve()
    rows = pq.read_table(table)
    pq.write_table(rows.replace_schema_metadata({"release-audit.schema": "0"}), table)
    [(verdict, _, finding)] = trouble(crawled)
    assert verdict == "fail"
    assert "schema version 0" in finding


def test_an_assertion_that_fails(tmp_path: Path) -> None:
    bad = make_dataset(tmp_path, [{"kind": "deb"}])
    assert ("fail", "assertion", "kind-is-known: 1 row that should not exist: see release-audit check") in findings(bad)


def test_what_is_missing_is_counted(tmp_path: Path) -> None:
    projects: list[Row] = [
        {"project": "spam", "file_count": 1, "release_count": 1},
        {"project": "eggs", "status": "unknown", "last_outcome": "failed", "failure_reason": "http-503"},
    ]
    found = trouble(make_dataset(tmp_path, [{"uploaded_at": None}], projects=projects))
    assert [finding for verdict, _, finding in found if verdict == "warn"] == [
        "1 project not reached (1 x http-503): crawl --retry-failed asks again",
        "1 of 1 files have no upload time: nothing can be said about lags",
    ]


def test_what_killed_runs_left_is_reported(crawled: Path) -> None:
    left = crawled / (".release-audit-" + "0" * 32)
    left.mkdir()
    (left / "spill").write_bytes(b"x" * 1_500_000)
    finding = "1 hidden folders of 1.5 MB, of runs that were killed: the next command that reads the dataset drops them"
    assert trouble(crawled) == [("warn", "leftovers", finding)]
    assert (trouble(crawled), left.exists()) == ([], False)
