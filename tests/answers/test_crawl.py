"""What a crawl shows: while it runs, and at the end."""

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from audit.answers.crawl import crawl_line, crawl_text, stopped_text
from audit.answers.format import LogFormat
from audit.answers.progress import Course, Speed, Step, crawl_progress
from audit.model import Summary


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def summary(**changes: object) -> Summary:
    fields: dict[str, object] = {
        "crawl_id": "20261123T101500Z",
        "dataset": Path("data/pypi"),
        "asked": 10,
        "settled_count": 0,
        "outcomes": {"found": 7, "stale": 1, "failed": 2},
        "failures": {"http-503": 2, "stale": 1},
        "first_names": {"stale": ["ham"], "failed": ["eggs", "spam"]},
        "misnamed_count": 0,
        "first_misnamed": [],
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
    return Summary(**(fields | changes))  # type: ignore[arg-type] # a test's keywords


def text(**changes: object) -> str:
    return crawl_text(summary(**changes))


@pytest.mark.parametrize("mapping", [dict, Counter, MappingProxyType], ids=lambda kind: kind.__name__)
def test_the_summary_for_machines(mapping: Callable[[Mapping[str, int]], Mapping[str, int]]) -> None:
    parsed = json.loads(crawl_line(summary(outcomes=mapping({"found": 7, "stale": 1, "failed": 2}))))
    assert (parsed["event"], parsed["asked"], parsed["dataset"]) == ("summary", 10, "data/pypi")
    assert sum(parsed["outcomes"].values()) == parsed["asked"]


def test_names_that_are_none_are_counted_and_inert() -> None:
    assert "not asked for" not in text()
    shown = text(misnamed_count=5, first_misnamed=["a b", "\x1b[31m\u202e"])
    assert (
        "  not asked for: 5 names in the index's root that no project can have: 'a b', '\\x1b[31m\\u202e' and 3 more\n"
    ) in shown


def test_documents_without_releases_name_the_other_api() -> None:
    assert "--api simple" not in text()
    shown = text(failures={"no-releases": 2, "stale": 1})
    assert "  WARNING: 2 JSON documents had no `releases`: ask the Index API with --api simple\n" in shown
    assert "1 JSON document had" in text(failures={"no-releases": 1})


def test_what_was_set_aside_is_shown_where_there_is_any() -> None:
    assert "set aside" not in text()
    lines = text(set_aside_file_count=1_234, set_aside_field_count=2, unlisted_release_count=3).splitlines()
    assert lines[-2] == ("  set aside: 1,234 files and 2 single fields; 3 releases that the index does not list:")
    assert lines[-1] == "  release-audit stats set-aside-reasons --dataset data/pypi"
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


def test_what_a_serial_settled_was_not_asked_for() -> None:
    lines = text(settled_count=8, outcomes={"unchanged": 9, "failed": 1}, request_count=1, first_names={}).splitlines()
    assert lines[0] == (
        "crawl 20261123T101500Z: 2 projects asked for, 1 reached, 1 not reached (1 request); "
        "8 not asked for (same serial)"
    )
    assert lines[1].startswith("  0 found, 9 unchanged, ")


def test_one_of_each_is_written_as_one() -> None:
    counts = ("asked", "misnamed_count", "request_count", "project_count", "release_count", "file_count")
    aside = ("unlisted_release_count", "set_aside_file_count", "set_aside_field_count")
    shown = text(
        **dict.fromkeys([*counts, *aside], 1),
        events={"changed": 1},
        outcomes={"found": 1},
        first_names={},
        untimed_file_count=0,
    )
    assert not re.search(r"\b1 (projects|requests|names|releases|files|fields)\b", shown), shown
    assert len(re.findall(r"\b1 (project|request|name|release|file|single field)\b", shown)) == 10


def test_news_and_no_news() -> None:
    assert "  changes seen: 3 appeared, 1 yanked" in text(events={"yanked": 1, "appeared": 3}).splitlines()
    assert "nothing changed" in text(outcomes={"unchanged": 10}, failures={}, first_names={})
    assert "the first crawl of a project is a baseline" in text()


def test_a_changed_file_is_loud() -> None:
    assert "WARNING: 2 files changed" in text(events={"changed": 2})
    assert "WARNING" not in text(events={"appeared": 2})


def test_that_all_are_missing_is_worth_a_hint() -> None:
    bare: dict[str, object] = {"failures": {}, "first_names": {}}
    assert "WARNING: every project is missing" in text(outcomes={"missing": 10}, **bare)
    assert "WARNING" not in text(outcomes={"missing": 9, "found": 1}, **bare)
    assert "WARNING" not in text(asked=0, outcomes={}, **bare)


def test_more_names_than_are_shown_are_counted() -> None:
    lines = text(outcomes={"missing": 1_012}, failures={}, first_names={"missing": ["a", "b"]}).splitlines()
    assert "  missing: a, b and 1,010 more" in lines
    assert any(line.startswith("  all of them: ") for line in lines)


def test_no_command_lists_what_is_all_said_already() -> None:
    missing = {"missing": ["a", "b"]}
    assert "all of them: " not in text(outcomes={"missing": 2, "found": 8}, failures={}, first_names=missing)
    both = missing | {"failed": ["c"]}
    assert "all of them: " in text(outcomes={"missing": 2, "failed": 1}, failures={"html": 1}, first_names=both)


def test_progress_is_silent_for_the_first_minute_and_then_a_line_a_minute() -> None:
    out, clock = io.StringIO(), Clock()
    with crawl_progress(LogFormat.TEXT, clock, out) as update:
        for second, ended, files in [(0, 0, 0), (59, 10, 5), (60, 30, 7000), (90, 40, 8000), (120, 60, 9000)]:
            clock.now = second
            update(Step(100, ended, 1, files, 2_000_000))
            assert second >= 60 or not out.getvalue()
    assert out.getvalue().splitlines() == [
        "crawl: 30 of 100 projects in 0:01:00, 7,000 files, 2.0 MB, 30/min, 1 failed, 0:02:20 left",
        "crawl: 60 of 100 projects in 0:02:00, 9,000 files, 2.0 MB, 30/min, 1 failed, 0:01:20 left",
    ]


def test_progress_for_machines_is_the_first_step_one_in_ten_seconds_and_the_last() -> None:
    out, clock = io.StringIO(), Clock()
    with crawl_progress(LogFormat.JSON, clock, out) as update:
        for second, ended in [(3, 0), (4, 1), (12, 2), (13, 3), (19, 4)]:
            clock.now = second
            update(Step(8, ended, 0, ended, 10))
    steps = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(each["ended"], each["seconds"], each["seconds_left"]) for each in steps] == [
        (0, 3, None),
        (3, 13, 17),
        (4, 19, 16),
    ]
    assert steps[-1] == {
        "event": "progress",
        "asked": 8,
        "ended": 4,
        "failed": 0,
        "file_count": 4,
        "body_bytes": 10,
        "seconds": 19,
        "per_second": 0.25,
        "seconds_left": 16,
    }


def test_what_had_ended_before_the_first_request_makes_no_crawl_fast() -> None:
    clock = Clock()
    course = Course(clock)
    clock.now = 5  # the index's root has come
    course.take(Step(1_000_000, 999_990, 0, 0, 0))
    assert course.pace() == Speed(5, 0.0, None)
    clock.now = 7
    course.take(Step(1_000_000, 999_994, 0, 0, 0))
    assert course.pace() == Speed(elapsed=7, per_second=2.0, left=3.0)
    clock.now = 9
    assert course.pace() == Speed(elapsed=9, per_second=1.0, left=6.0), "by the clock, also while nothing comes"


def test_nothing_is_shown_of_a_crawl_that_could_not_begin() -> None:
    out = io.StringIO()
    with crawl_progress(LogFormat.JSON, Clock(), out):
        pass
    assert out.getvalue() == ""


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    out, clock = Terminal(), Clock()
    with crawl_progress(LogFormat.TEXT, clock, out) as update:
        update(Step(4, 0, 0, 0, 0))
        clock.now = 61
        update(Step(4, 2, 1, 3, 10))
    shown = out.getvalue()
    assert "2/4" in shown
    assert "2/min, 0:01:01 gone, 0:01:01 left, 1 failed, 3 files, 10 bytes" in shown


@pytest.mark.parametrize(
    ("staged", "asked", "is_fresh", "message"),
    [
        (1200, 15000, False, "stopped: 1,200 of 15,000 staged; the same command resumes"),
        (0, 3, True, "stopped: 0 of 3 staged; the same command resumes without --fresh"),
        (None, 3, False, "stopped after its commit: nothing is lost"),
        (0, 0, False, "stopped before it asked for a project: the same command starts again"),
        (7, 0, False, "stopped before it asked for a project: the same command resumes"),
    ],
)
def test_what_a_stopped_crawl_leaves(staged: int | None, asked: int, is_fresh: bool, message: str) -> None:
    assert stopped_text(staged, asked, is_fresh=is_fresh) == message


def test_what_a_stopped_import_of_a_table_leaves() -> None:
    message = "stopped: 7 of 9 staged and none committed; the same command starts again"
    assert stopped_text(7, 9, is_resumed=False) == message
    assert stopped_text(None, 9, is_resumed=False) == "stopped after its commit: nothing is lost"
