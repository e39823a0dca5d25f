"""Assertions as findings."""

from audit.findings.assertions import findings_of
from audit.findings.finding import CaseOutcome
from audit.findings.level import Level
from audit.queries.catalog import Group, load

ASSERTIONS = load().group(Group.ASSERTIONS)


def test_each_assertion_is_a_case_and_one_that_has_rows_an_error() -> None:
    found = findings_of(ASSERTIONS, {"kind-is-known": 1, "lag-is-not-negative": 1200}, "data/pypi")
    assert [case.name for case in found.cases] == list(found.rules) == [query.title for query in ASSERTIONS]
    failed = [(case.name, case.said) for case in found.cases if case.outcome is CaseOutcome.FAILED]
    assert failed == [
        ("kind-is-known", "1 row that should not exist: see release-audit check"),
        ("lag-is-not-negative", "1,200 rows that should not exist: see release-audit check"),
    ]
    first, second = found.worst_first()
    assert (first.level, first.rule, first.place.source) == (Level.ERROR, "kind-is-known", "data/pypi")
    assert second.facts == {"row_count": 1200}


def test_a_rule_says_what_its_header_says() -> None:
    for query in ASSERTIONS:
        rule = findings_of(ASSERTIONS, {}, "x").rules[query.title]
        assert rule.title == query.header.question
        assert query.header.grain in rule.text
