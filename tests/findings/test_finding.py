"""The record of a finding: its sentence, its place, and how several are put together."""

from dataclasses import replace
from pathlib import Path

import pytest

from audit.findings.finding import Case, CaseOutcome, Finding, Findings, Place, Subject
from audit.findings.level import Level

NOTE = Finding("RA1", Level.NOTE, Subject("spam 1.0", "spam", "1.0"), Place("uv.lock", 7), "it came late")


def findings(*found: Finding) -> Findings:
    return Findings({}, [Case("x", "x", each, CaseOutcome.PASSED) for each in found])


def test_a_sentence_ends_with_what_to_do_if_that_is_of_this_one_alone() -> None:
    assert NOTE.sentence == "spam 1.0: it came late"
    assert replace(NOTE, advice="pin it").sentence == "spam 1.0: it came late: pin it"
    assert Case("x", "x", NOTE, CaseOutcome.PASSED).said == "it came late"
    assert Case("x", "x", None, CaseOutcome.PASSED, message="all is well").said == "all is well"


@pytest.mark.parametrize(
    ("place", "relative", "written"),
    [
        (Place("uv.lock", 7), "uv.lock", "uv.lock:7"),
        (Place("./a/../uv.lock"), "uv.lock", "./a/../uv.lock"),
        (Place("/root/a/uv.lock"), "a/uv.lock", "/root/a/uv.lock"),
        (Place("/rooted/uv.lock"), "/rooted/uv.lock", "/rooted/uv.lock"),
        (Place("https://example.org//simple/", is_address=True), "https://example.org//simple/", None),
        (Place("https://example.org//simple/"), "https:/example.org/simple", None),  # a folder may have any name
    ],
)
def test_a_place_is_relative_to_the_folder_above_it(place: Place, relative: str, written: str | None) -> None:
    assert place.relative(Path("/root")) == relative
    assert str(place) == (written or place.source)


def test_the_worst_are_first_and_only_a_group_is_put_together() -> None:
    error = replace(NOTE, level=Level.ERROR)
    assert findings(NOTE, error, NOTE).worst_first() == [error, NOTE, NOTE]
    assert findings(NOTE, error, NOTE).groups() == [[error], [NOTE], [NOTE]]
    grouped = replace(NOTE, group=("spam",))
    assert findings(grouped, error, grouped).groups() == [[error], [grouped, grouped]]
    assert findings(grouped, replace(grouped, rule="RA2")).groups() == [[grouped], [replace(grouped, rule="RA2")]]
