"""The verdict: levels, ignores and a baseline change what a scan shows, and how it ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import UsageError
from audit.findings.level import Level
from audit.scan.ignores import Ignore
from audit.scan.verdict import DEFAULT_FAIL_ON, JUDGED, Ignored, Judged, RuleCount, exit_code, parse_fail_on
from tests.scan.scanned import ROWS, TODAY, WHEEL, judged, scanned

ERRORS_KEY = ("RA001", "markupsafe", "1.1.1", WHEEL)


def rules(found: Judged) -> list[str | None]:
    column: list[str | None] = found.rows["rule"].to_pylist()
    return column


def test_findings_stay_as_they_are_without_settings() -> None:
    found = judged()
    assert found.rows.schema == JUDGED
    assert found.rows.drop_columns("is_known").equals(scanned().rows)
    assert found.rows["is_known"].null_count == len(ROWS), "there is no baseline"
    assert found.counts == [
        RuleCount("RA001", Level.ERROR, 1, 0),
        RuleCount("RA002", Level.NOTE, 1, 0),
        RuleCount("RA003", Level.WARNING, 1, 0),
        RuleCount("RA008", Level.NOTE, 1, 0),
    ]
    assert (found.pin_count, found.file_count, found.finding_count) == (3, 3, 4)


def test_a_scan_of_nothing_is_judged() -> None:
    found = judged([], ignores=[Ignore("RA001", "why")], baseline=frozenset())
    assert (found.rows.num_rows, found.counts, found.file_count) == (0, [], 0)
    assert found.unused == [Ignore("RA001", "why")]
    assert exit_code(found) == 0


def test_levels_of_the_settings_hold_for_every_finding_of_the_rule() -> None:
    found = judged(levels={"RA002": Level.ERROR, "RA001": Level.NOTE})
    assert found.rows["level"].to_pylist() == ["note", "warning", None, "error", "note"]
    assert RuleCount("RA001", Level.NOTE, 1, 0) in found.counts


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ({}, ["RA003", None, "RA002", "RA008"]),
        ({"project": "markupsafe", "version": "1.1.1", "filename": WHEEL}, ["RA003", None, "RA002", "RA008"]),
        ({"version": "1.1.1.0"}, ["RA003", None, "RA002", "RA008"]),
        ({"until": TODAY}, ["RA003", None, "RA002", "RA008"]),
    ],
)
def test_an_ignored_finding_is_counted_and_left_out(ignore: dict[str, Any], left: list[str | None]) -> None:
    entry = Ignore("RA001", "looked at", **ignore)
    found = judged(ignores=[entry])
    assert rules(found) == left
    assert (found.ignored, found.unused, found.expired) == ([Ignored(entry, 1)], [], [])
    assert found.file_count == 3, "files are counted whatever is ignored"
    assert exit_code(found) == 0


@pytest.mark.parametrize(
    "ignore",
    [{"project": "idna"}, {"version": "1.1.2"}, {"version": "not a version"}, {"filename": WHEEL.lower()}],
)
def test_an_ignore_of_something_else_is_reported_as_unused(ignore: dict[str, Any]) -> None:
    entry = Ignore("RA001", "looked at", **ignore)
    found = judged(ignores=[entry])
    assert rules(found) == rules(judged())
    assert (found.ignored, found.unused) == ([], [entry])


def test_an_ignore_of_a_version_covers_no_finding_without_one() -> None:
    assert judged(ignores=[Ignore("RA008", "why", version="1.0")]).ignored == []


def test_an_expired_ignore_is_reported_and_hides_nothing() -> None:
    entry = Ignore("RA001", "looked at", until=TODAY - timedelta(days=1))
    found = judged(ignores=[entry])
    assert rules(found) == rules(judged())
    assert (found.expired, found.ignored, found.unused) == ([entry], [], [])
    assert exit_code(found) == 1


def test_the_first_ignore_counts_and_neither_is_unused() -> None:
    first, second = Ignore("RA001", "a"), Ignore("RA001", "b", project="markupsafe")
    found = judged(ignores=[first, second])
    assert found.ignored == [Ignored(first, 1), Ignored(second, 0)]
    assert (found.ignored_count, found.unused) == (1, [])


def test_what_the_baseline_holds_is_shown_and_no_longer_fails() -> None:
    found = judged(baseline=frozenset({ERRORS_KEY}))
    assert found.rows["is_known"].to_pylist() == [True, False, None, False, False]
    assert (found.finding_count, found.known_count) == (4, 1)
    assert exit_code(found) == 0
    assert exit_code(found, parse_fail_on(["RA001"])) == 0
    assert exit_code(found, parse_fail_on(["warning"])) == 1, "RA003 is new"


@pytest.mark.parametrize("other", [0, 1, 2, 3])
def test_a_finding_that_differs_in_one_part_is_not_the_known_one(other: int) -> None:
    key = tuple("RA002" if place == other else part for place, part in enumerate(ERRORS_KEY))
    assert exit_code(judged(baseline=frozenset({key}))) == 1


@pytest.mark.parametrize(
    ("fail_on", "ends"),
    [
        ([], {"error": 1, "warning": 0, "note": 0}),
        (["error"], {"error": 1, "warning": 0, "note": 0}),
        (["warning"], {"error": 1, "warning": 1, "note": 0}),
        (["note"], {"error": 1, "warning": 1, "note": 1}),
        (["error,note"], {"error": 1, "warning": 1, "note": 1}),
        (["none"], {"error": 0, "warning": 0, "note": 0}),
        (["RA003"], {"error": 1, "warning": 1, "note": 1}),
        (["ra003", "RA001"], {"error": 1, "warning": 1, "note": 1}),
        (["RA001"], {"error": 0, "warning": 0, "note": 0}),
        (["RA001", "Error"], {"error": 1, "warning": 0, "note": 0}),
    ],
)
def test_which_findings_fail(fail_on: Sequence[str], ends: dict[str, int]) -> None:
    chosen = parse_fail_on(fail_on) if fail_on else DEFAULT_FAIL_ON
    for level, code in ends.items():
        row = {"filename": "x", "rule": "RA003", "level": level}
        assert exit_code(judged([row]), chosen) == code, level
        assert exit_code(judged([row]), chosen, tells_findings=False) == 0
        assert exit_code(judged([row], is_incomplete=True), chosen) == (code or 4)
        assert exit_code(judged([row], is_incomplete=True), chosen, tells_findings=False) == 4


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["RA01"], "'RA01' is neither a rule nor a level: did you mean 'RA001'"),
        (["warnings"], "'WARNINGS' is neither a rule nor a level: did you mean 'warning'"),
        (["x" * 500], "there are RA001"),
        (["error", ""], "'' is neither a rule"),
        (["none", "error"], "none cannot be combined with others"),
    ],
)
def test_what_is_neither_a_rule_nor_a_level_is_named(values: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_fail_on(values)


IGNORES = st.builds(
    Ignore,
    st.sampled_from(["RA001", "RA002", "RA003"]),
    st.just("why"),
    project=st.none() | st.sampled_from(["markupsafe", "numpy"]),
    version=st.none() | st.sampled_from(["1.1.1", "1.6"]),
    until=st.none() | st.dates(date(2026, 11, 25), date(2026, 11, 29)),
)


@given(st.lists(IGNORES, max_size=6))
def test_every_finding_is_either_there_or_counted_as_ignored(ignores: list[Ignore]) -> None:
    found = judged(ignores=ignores)
    assert found.finding_count + found.ignored_count == judged().finding_count
    reported = [*(each.ignore for each in found.ignored), *found.expired, *found.unused]
    assert set(reported) == set(ignores), "each is reported once, as one of three"
