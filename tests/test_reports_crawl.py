"""What a crawl tells: while it runs, and in the end."""

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from audit.model import Summary
from audit.reports.crawl import crawl_line, crawl_text
from audit.reports.format import LogFormat
from audit.reports.progress import Step, crawl_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def ticking(*seconds: float) -> Callable[[], float]:
    return iter(seconds).__next__


def summary(**changes: object) -> Summary:
    told: dict[str, object] = {
        "crawl_id": "20261123T101500Z",
        "dataset": Path("data/pypi"),
        "asked": 10,
        "outcomes": {"found": 7, "stale": 1, "failed": 2},
        "failures": {"http-503": 2, "stale": 1},
        "first_names": {"stale": ["ham"], "failed": ["eggs", "spam"]},
        "events": {},
        "request_count": 14,
        "body_bytes": 99,
        "project_count": 7,
        "release_count": 20,
        "file_count": 3000,
        "untimed_file_count": 4,
        "unlisted_release_count": 0,
        "set_aside_file_count": 0,
        "set_aside_field_count": 0,
    }
    return Summary(**(told | changes))  # type: ignore[arg-type] # a test's keywords


def text(**changes: object) -> str:
    return crawl_text(summary(**changes))


@pytest.mark.parametrize("mapping", [dict, Counter, MappingProxyType], ids=lambda kind: kind.__name__)
def test_the_summary_for_machines(mapping: Callable[[Mapping[str, int]], Mapping[str, int]]) -> None:
    told = json.loads(crawl_line(summary(outcomes=mapping({"found": 7, "stale": 1, "failed": 2}))))
    assert (told["event"], told["asked"], told["dataset"]) == ("summary", 10, "data/pypi")
    assert sum(told["outcomes"].values()) == told["asked"]


def test_what_was_set_aside_is_told_where_there_is_any() -> None:
    assert "set aside" not in text()
    told = text(set_aside_file_count=1_234, set_aside_field_count=2, unlisted_release_count=3).splitlines()
    assert told[-2] == ("  set aside: 1,234 files, and 2 fields of others; 3 releases that the index does not list:")
    assert told[-1] == "  release-audit stats set-aside-reasons --dataset data/pypi"
    for name in ("set_aside_file_count", "set_aside_field_count", "unlisted_release_count"):
        assert "1 " in text(**{name: 1}).splitlines()[-2]


def test_the_summary_adds_up_and_names_what_was_not_reached() -> None:
    lines = text().splitlines()
    assert lines[0] == "crawl 20261123T101500Z: 10 projects asked for, 7 reached, 3 not reached (14 requests)"
    assert lines[1] == "  7 found, 0 unchanged, 0 missing, 0 quarantined, 1 stale, 2 failed"
    assert lines[2:4] == ["  not reached: 2 x http-503", "  not reached: 1 x stale"]
    assert lines[4:6] == ["  stale: ham", "  failed: eggs, spam"]
    assert lines[6].startswith("  all of them: release-audit sql --limit 0 --dataset data/pypi ")
    assert lines[-1] == "dataset data/pypi: 7 projects, 20 releases, 3,000 files (4 without an upload time)"


def test_news_and_no_news() -> None:
    assert "  changes seen: 3 appeared, 1 yanked" in text(events={"yanked": 1, "appeared": 3}).splitlines()
    assert "nothing changed" in text(outcomes={"unchanged": 10}, failures={}, first_names={})
    assert "a first sight is a baseline" in text()


def test_a_changed_file_is_loud() -> None:
    assert "WARNING: 2 files changed" in text(events={"changed": 2})
    assert "WARNING" not in text(events={"appeared": 2})


def test_that_all_are_missing_is_worth_a_hint() -> None:
    bare: dict[str, object] = {"failures": {}, "first_names": {}}
    assert "WARNING: every project is missing" in text(outcomes={"missing": 10}, **bare)
    assert "WARNING" not in text(outcomes={"missing": 9, "found": 1}, **bare)
    assert "WARNING" not in text(asked=0, outcomes={}, **bare)


def test_more_names_than_are_told_are_counted() -> None:
    lines = text(outcomes={"missing": 1_012}, failures={}, first_names={"missing": ["a", "b"]}).splitlines()
    assert "  missing: a, b and 1,010 more" in lines


def test_progress_is_silent_for_the_first_minute_and_then_a_line_a_minute() -> None:
    out = io.StringIO()
    with crawl_progress(LogFormat.TEXT, ticking(0, 59, 60, 90, 120), out) as update:
        update(Step(100, 10, 0, 5, 1000))
        assert out.getvalue() == ""
        update(Step(100, 30, 1, 7000, 2_000_000))
        update(Step(100, 40, 1, 8000, 2_000_000))
        update(Step(100, 60, 1, 9000, 3_000_000))
    assert out.getvalue().splitlines() == [
        "crawl: 30 of 100 projects, 7,000 files, 2.0 MB, 0/s, 1 failed, 2 min 20 s left",
        "crawl: 60 of 100 projects, 9,000 files, 3.0 MB, 0/s, 1 failed, 1 min 20 s left",
    ]


def test_progress_for_machines() -> None:
    out = io.StringIO()
    with crawl_progress(LogFormat.JSON, ticking(0, 0, 2), out) as update:
        update(Step(4, 0, 0, 0, 0))
        update(Step(4, 2, 0, 3, 10))
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["seconds_left"] is None
    assert second == {
        "event": "progress",
        "asked": 4,
        "ended": 2,
        "failed": 0,
        "file_count": 3,
        "body_bytes": 10,
        "per_second": 1.0,
        "seconds_left": 2,
    }


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    out = Terminal()
    with crawl_progress(LogFormat.TEXT, ticking(0), out) as update:
        update(Step(4, 2, 1, 3, 10))
    assert "2/4" in out.getvalue()
    assert "1 failed" in out.getvalue()
