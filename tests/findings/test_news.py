"""What a watch sees, as findings."""

import re
from pathlib import Path
from typing import Any

import pytest

from audit.findings.finding import CaseOutcome, Place
from audit.findings.level import Level
from audit.findings.news import findings_of, rules
from audit.queries.catalog import load

PAGE = Path(__file__).parents[2] / "docs" / "watch.md"


def row(alarm: str, crawl_id: str = "20261123T101500Z") -> dict[str, Any]:
    return {"project": "spam", "version": "1.0", "alarm": alarm, "why": "1 file came", "last_crawl_id": crawl_id}


def lock(project: str, version: str) -> Place:
    return Place(f"{project}-{version}.lock", 3)


@pytest.mark.parametrize("is_failing", [False, True])
def test_each_release_is_a_case_at_its_place(is_failing: bool) -> None:
    alarms = [rule.id for rule in rules()]
    found = findings_of([row(alarm) for alarm in alarms], lock, is_failing=is_failing)
    assert [finding.level for finding in found.worst_first()] == [
        *(Level.ERROR, Level.WARNING),
        *(Level.NOTE, Level.NOTE),
    ]
    assert [finding.rule for finding in found.worst_first()] == alarms, "the most alarming stay first"
    assert {case.outcome for case in found.cases} == {CaseOutcome.FAILED if is_failing else CaseOutcome.PASSED}
    first = found.worst_first()[0]
    assert (first.sentence, str(first.place)) == ("spam 1.0: 1 file came", "spam-1.0.lock:3")
    assert first.facts == {"project": "spam", "version": "1.0", "last_crawl_id": "20261123T101500Z"}


def test_the_alarms_are_those_of_the_query_and_the_page() -> None:
    alarms = [rule.id for rule in rules()]
    meaning = load().find("news").header.columns["alarm"].meaning
    assert all(re.search(rf"\b{alarm}\b", meaning) for alarm in alarms)
    cells = re.findall(r"^\| (\w+) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    by_alarm = {alarm: re.sub(r"\[(.*?)\]\(.*?\)", r"\1", words) for alarm, words in cells if alarm != "alarm"}
    assert by_alarm == {rule.id: rule.title[0].lower() + rule.title[1:] for rule in rules()}
