"""``release-audit status``: the state of a dataset, before, between and after real crawls."""

import csv
import io
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from packaging.utils import NormalizedName
from typer.testing import CliRunner

import audit
from audit.answers.format import Format
from audit.answers.status import Status, render
from audit.cli.app import app
from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.crawl.worker import stage_results
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.dataset.unfinished import read_unfinished
from audit.errors import CrawlError, DatasetError
from audit.model import Api, Outcome, Result
from audit.replay.server import serving
from tests.pages import file, record, spam

START = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
PLAN = Plan("20261125T101500Z", "json", "http://127.0.0.1:9/simple/")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two crawls: of three projects, of which one fails and one is missing; then of two. No test may write to it."""
    folder = tmp_path_factory.mktemp("crawled")
    pages = folder / "pages"
    spam(pages, "spam-1.0.tar.gz")
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"], name="ham")
    with serving(pages) as address:
        for day, names in enumerate((["spam", "eggs", "no-such"], ["spam", "eggs"])):
            projects = [NormalizedName(name) for name in names]
            request = CrawlRequest(folder / "data", resolve_address(address), projects, Api.SIMPLE)
            crawl(request, START + timedelta(days=day))
    return folder / "data"


@pytest.fixture
def data(crawled: Path, tmp_path: Path) -> Path:
    """A copy of it to write to."""
    return shutil.copytree(crawled, tmp_path / "data", symlinks=True)


def status(data: Path, *options: str) -> str:
    result = CliRunner().invoke(app, ["status", "--dataset", str(data), *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def stage(data: Path, *projects: str) -> None:
    staging = Staging(Store(data).staging)
    staging.begin(PLAN)
    stage_results(staging.next_path(0), [Result(NormalizedName(name), Outcome.UNCHANGED) for name in projects])


def test_coverage_last_crawls_and_failures(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = status(data)
    assert max(map(len, text.splitlines()[1:])) <= 80, "the first line names the folder, which is never cut"
    assert text.splitlines()[1:4] == [
        "  3 projects: 1 found, 1 missing, 0 quarantined, 1 unknown",
        "  2 reached when last asked for, 1 not reached",
        "  1 release, 1 file (0 without an upload time)",
    ]
    newer, older = text.index("  20261124T101500Z: 2 asked for, 1 reached"), text.index("  20261123T101500Z: 3 asked")
    assert newer < older
    assert "    1 found, 0 unchanged, 1 missing, 0 quarantined, 0 stale, 1 failed" in text
    assert "    0 found, 1 unchanged, 0 missing, 0 quarantined, 0 stale, 1 failed" in text
    assert text.count(f"1 failed\n    committed by release-audit {audit.__version__}\n") == 2
    assert text.splitlines()[-1].split() == ["failed", "other-project", "1", "1", "eggs"]


def test_json_holds_everything_in_exact_numbers(data: Path) -> None:
    answer = json.loads(status(data, "--format", "json"))
    assert (answer["dataset"], answer["reached_count"], answer["unfinished"]) == (str(data), 2, None)
    assert answer["held"]["projects_by_status"] == {"found": 1, "missing": 1, "unknown": 1}
    assert [row["asked_count"] for row in answer["last_crawls"]] == [2, 3]
    assert [row["program"] for row in answer["last_crawls"]] == [audit.__version__] * 2 == [answer["program"]] * 2
    assert [row["reason"] for row in answer["failures_by_reason"]] == ["other-project"]
    assert isinstance(answer["last_crawl_age_us"], int)


def test_csv_has_a_line_for_each_value(data: Path) -> None:
    values = dict(list(csv.reader(io.StringIO(status(data, "--format", "csv"))))[1:])
    assert (values["reached_count"], values["last_crawls.1.asked_count"]) == ("2", "3")
    assert values["held.last_crawl_id"] == "20261124T101500Z"


def test_markdown_has_a_table_for_each_part(data: Path) -> None:
    text = status(data, "--format", "markdown")
    for heading in ("## Status\n", "### Last crawls\n", "### Not reached\n"):
        assert heading in text


def test_a_dataset_of_no_crawl_and_no_staging_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no dataset at"):
        status(tmp_path)


def test_a_first_crawl_that_was_left_unfinished(tmp_path: Path) -> None:
    stage(tmp_path, "spam", "eggs")
    text = " ".join(status(tmp_path).split())
    assert "no crawl has been committed yet" in text
    assert "crawl 20261125T101500Z was not finished: 2 projects staged; `release-audit crawl`" in text
    assert "--api json, index http://127.0.0.1:9/simple/" in text
    answer = json.loads(status(tmp_path, "--format", "json"))
    assert (answer["held"], answer["last_crawl_age_us"], answer["reached_count"]) == (None, None, None)
    assert answer["unfinished"]["staged_count"] == 2
    assert "held," in status(tmp_path, "--format", "csv")


def test_a_crawl_that_runs_is_shown_with_its_process(data: Path) -> None:
    stage(data, "spam")
    with Store(data).locked():
        running = read_unfinished(data)
    assert running is not None
    assert running.process is not None
    assert (running.staged_count, running.is_first) == (1, False)
    left = read_unfinished(data)
    assert left is not None
    assert left.process is None


def test_a_crawl_whose_commit_took_hold_is_not_unfinished(data: Path) -> None:
    last = Store(data).current
    assert last is not None
    Staging(Store(data).staging).begin(Plan(last.name, "json", "http://127.0.0.1:9/simple/"))
    assert read_unfinished(data) is None


def test_the_number_of_a_process_that_was_killed_says_nothing(data: Path) -> None:
    (data / "crawl.pid").write_text('{"pid": 1}')
    assert Store(data).writer is None
    (data / "crawl.pid").write_text("nonsense")
    assert Store(data).writer is None


def test_a_plan_that_does_not_read_is_reported(data: Path) -> None:
    (data / "staging").mkdir()
    (data / "staging" / "plan.json").write_text("{")
    with pytest.raises(CrawlError, match="start over with --fresh"):
        status(data)


HELD: dict[str, Any] = {
    "project_count": 15_000,
    "projects_by_status": {"found": 14_998, "quarantined": 2},
    "not_reached": {"http-503": 20, "stale": 1},
    "release_count": 1_000_000,
    "file_count": 4_000_000,
    "untimed_file_count": 7,
    "unlisted_release_count": 3,
    "set_aside_file_count": 12_345,
    "set_aside_field_count": 678_901,
    "last_crawl_id": "20261123T101500Z",
}


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(0), "0 s ago"),
        (timedelta(seconds=59.9), "59 s ago"),
        (timedelta(minutes=1), "1.0 min ago"),
        (timedelta(hours=23), "23.0 h ago"),
        (timedelta(days=12, hours=12), "12.5 d ago"),
        (timedelta(hours=-2), "2.0 h in the future: a clock is wrong"),
    ],
)
def test_the_age_is_that_of_the_last_crawls_start(age: timedelta, shown: str) -> None:
    text = render(Status(Path("data"), START + age, "0.1.0", HELD), Format.TABLE)
    assert f"  last crawl: {shown}" in text.splitlines()
    assert "  set aside: 12,345 files and 678,901 single fields" in text
    assert "  3 releases that the index does not list" in text
    assert "  14,979 reached when last asked for, 21 not reached" in text.splitlines()


def test_a_history_without_a_crawl_has_no_age() -> None:
    text = render(Status(Path("data"), START, "0.1.0", HELD | {"last_crawl_id": None}), Format.TABLE)
    assert "last crawl: none that asked for a project" in text


def test_a_whole_index_fits_80_columns() -> None:
    counts = dict.fromkeys([f"{outcome}_count" for outcome in Outcome], 750_000)
    row = {
        "crawl_id": "20261123T101500Z",
        "source": "crawl",
        "asked_count": 4_500_000,
        "request_count": 4_500_000,
        "body_bytes": 10**11,
        "program": None,
    }
    crawls = pa.Table.from_pylist([{**row, **counts}])
    text = render(Status(Path("data"), START, "0.1.0", HELD, crawls), Format.TABLE)
    assert max(map(len, text.splitlines())) <= 80
    assert "3,000,000 reached" in text


def test_strangers_text_stays_inert() -> None:
    origin = {"source": "crawl", "api": "json", "index_url": "http://a\x1b[2J"}
    unfinished = {"crawl_id": "x", "staged_count": 0, "process": None, **origin}
    for form in Format:
        text = render(Status(Path("da\x1bta"), START, "0.1.0", HELD, unfinished=unfinished), form)
        assert "\x1b" not in text or form is Format.CSV
