"""``release-audit changes``: what crawls of a real index saw change, as it is typed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import audit
from audit.cli.app import app
from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.errors import UsageError
from audit.replay.server import serving
from tests.cli.programs import invoke
from tests.dataset_builder import make_dataset
from tests.pages import file, record, spam

FIRST, SECOND, THIRD = "20261121T101500Z", "20261122T101500Z", "20261123T101500Z"
SDIST, WHEEL, BUILD = "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl", "spam-1.0-1-py3-none-any.whl"


def crawl_pages(pages: Path, dataset: Path, day: int) -> None:
    with serving(pages) as address:
        request = CrawlRequest(dataset, resolve_address(address), None, is_moved=True, may_vanish=True)
        crawl(request, datetime(2026, 11, 20 + day, 10, 15, tzinfo=UTC))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three crawls: a baseline; a wheel and an egg more; the wheel under another name, and the sdist changed."""
    folder = tmp_path_factory.mktemp("changes")
    pages, data = folder / "pages", folder / "data"
    spam(pages, SDIST, uploaded_at="2020-01-01T00:00:00Z")
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    crawl_pages(pages, data, 1)
    late = file(WHEEL, "2026-11-22T00:00:00Z")
    record(pages, "spam", [file(SDIST), late], ["1.0"], 2)
    record(pages, "eggs", [file("eggs-1.0.tar.gz", yanked="old"), file("eggs-2.0.tar.gz")], ["1.0", "2.0"], 2)
    crawl_pages(pages, data, 2)
    record(pages, "spam", [file(SDIST, size=11), file(BUILD, "2026-11-23T00:00:00Z")], ["1.0"], 3)
    crawl_pages(pages, data, 3)
    return str(data)


def changes(dataset: str, *options: str) -> Result:
    result = CliRunner().invoke(app, ["changes", "--dataset", dataset, *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def rows(dataset: str, *options: str) -> list[tuple[str, str, str]]:
    answer = json.loads(changes(dataset, *options, "--format", "json").stdout)
    return [(row["crawl_id"], row["event"], row["filename"]) for row in answer]


ALL = [
    (THIRD, "appeared", BUILD),
    (THIRD, "vanished", WHEEL),
    (THIRD, "changed", SDIST),
    (SECOND, "yanked", "eggs-1.0.tar.gz"),
    (SECOND, "appeared", "eggs-2.0.tar.gz"),
    (SECOND, "appeared", WHEEL),
]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ALL),
        (["--since", FIRST], ALL),
        (["--since", "2026-11-21"], ALL),
        (["--since", "2026-11-22"], ALL),
        (["--since", SECOND], ALL[:3]),
        (["--since", "2026-11-23"], ALL[:3]),
        (["--since", THIRD], []),
        (["--since", "2026-11-24"], []),
        (["--event", "appeared"], [ALL[0], *ALL[4:]]),
        (["--project", "EGGS"], ALL[3:5]),
        (["--project", "eggs", "--event", "yanked", "--since", FIRST], ALL[3:4]),
    ],
)
def test_since_a_crawl_is_after_it_and_since_a_day_is_with_it(
    dataset: str, options: list[str], expected: list[tuple[str, str, str]]
) -> None:
    assert sorted(rows(dataset, *options)) == sorted(expected)
    assert [row[0] for row in rows(dataset, *options)] == [row[0] for row in expected], "newest first"


def test_every_column_is_there_for_machines(dataset: str) -> None:
    head, line = changes(dataset, "--event", "changed", "--format", "csv").stdout.splitlines()
    assert head.split(",")[:6] == ["crawl_id", "seen_at", "project", "version", "filename", "event"]
    assert line == (
        f"{THIRD},2026-11-23T10:15:00.000000Z,spam,1.0,{SDIST},changed,true,2020-01-01T00:00:00.000000Z,size_bytes,10,11,,"
        "crawl"
    )


def test_the_table_says_in_one_column_what_happened(dataset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = changes(dataset).stdout
    assert max(map(len, text.splitlines())) <= 80
    assert text.splitlines()[0].split() == ["seen", "at", "event", "project", "version", "filename", "what"]
    flat = "".join(changes(dataset, "--event", "vanished").stdout.split())
    assert "unlisted" in flat
    monkeypatch.setenv("COLUMNS", "160")
    wide = changes(dataset).stdout
    for part in ("size_bytes: 10 -> 11", "in a known release", "with a new release", "old"):
        assert part in wide
    assert "6 changes seen by 3 of 3 crawls. The history begins with crawl 20261121T101500Z." in wide


def test_a_changed_file_is_loud_in_every_format(dataset: str) -> None:
    assert "WARNING: 1 of these files changed their hash, size, upload time" in changes(dataset).stdout
    assert "WARNING: 1 of these" in changes(dataset, "--format", "markdown").stdout
    for form in ("csv", "json"):
        result = changes(dataset, "--format", form)
        assert "WARNING: 1 of these" in result.stderr
        assert "WARNING" not in result.stdout
    quiet = changes(dataset, "--event", "appeared")
    assert "WARNING" not in quiet.output


@pytest.mark.parametrize(
    ("since", "message"),
    [
        ("yesterday", "--since 'yesterday' does not fit: expected a crawl's id"),
        ("2026-11-31", "--since '2026-11-31' does not fit"),
        ("20261123", "--since '20261123' does not fit"),
        ("20261123T256000Z", "--since '20261123T256000Z' does not fit"),
        ("", "--since '' does not fit"),
        ("20261123T101501Z", f"has no such crawl .its last is {THIRD}"),
    ],
)
def test_what_does_not_fit_is_one_line(dataset: str, since: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        changes(dataset, "--since", since)
    assert "\n" not in str(caught.value)


def test_unknown_events_and_projects_are_refused(dataset: str) -> None:
    refused = CliRunner().invoke(app, ["changes", "--dataset", dataset, "--event", "gone"])
    assert refused.exit_code == 2
    with pytest.raises(UsageError, match="no project 'ham'"):
        changes(dataset, "--project", "ham")


def test_a_history_without_a_crawl(tmp_path: Path) -> None:
    bare = str(make_dataset(tmp_path))
    assert "0 changes seen by 0 of 0 crawls. No crawl has been committed." in changes(bare).stdout
    with pytest.raises(UsageError, match="it has none"):
        changes(bare, "--since", FIRST)


def flagged(dataset: str, name: str, **parameters: Any) -> list[dict[str, Any]]:
    with audit.open(dataset) as opened:
        return opened.query(name, **parameters).rows()


def test_the_flags_tell_what_grew_and_what_was_recreated(dataset: str) -> None:
    [grown] = flagged(dataset, "grown-releases")
    assert (grown["project"], grown["gained_file_count"], grown["listed_file_count"]) == ("spam", 2, 1)
    assert (grown["first_crawl_id"], grown["last_crawl_id"]) == (SECOND, THIRD)
    assert grown["longest_lag_us"] == timedelta(days=2518) // timedelta(microseconds=1)
    [recreated] = flagged(dataset, "recreated-releases")
    assert (recreated["project"], recreated["vanished_file_count"], recreated["file_count"]) == ("spam", 1, 2)
    later = datetime(2026, 11, 24, tzinfo=UTC)
    assert flagged(dataset, "grown-releases", since_at=later) == []
    assert flagged(dataset, "recreated-releases", since_at=later) == []
    for since, count in (("2026-11-01", 1), (later, 0)):
        answer = invoke("flags", "grown-releases", "--since", str(since), "--dataset", dataset, "--format", "json")
        assert len(json.loads(answer)) == count, since
    with pytest.raises(UsageError, match="--since 'soon' does not fit: expected a day or a time in UTC"):
        invoke("flags", "grown-releases", "--since", "soon", "--dataset", dataset)


def test_a_release_that_lost_all_its_files_is_recreated(tmp_path: Path) -> None:
    pages, data = tmp_path / "pages", tmp_path / "data"
    spam(pages, SDIST)
    crawl_pages(pages, data, 1)
    record(pages, "spam", [], [], 2)
    crawl_pages(pages, data, 2)
    assert flagged(str(data), "recreated-releases") == []
    spam(pages, WHEEL, serial=3)
    crawl_pages(pages, data, 3)
    [recreated] = flagged(str(data), "recreated-releases", project="spam")
    assert (recreated["file_count"], recreated["is_whole_project"]) == (1, True)
    assert flagged(str(data), "grown-releases") == [], "it was not listed by the crawl before"
