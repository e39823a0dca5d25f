"""Assertions as findings: each is a rule, and one that has rows is an error; pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from audit.counting import counted
from audit.findings.finding import Case, CaseOutcome, Finding, Findings, Place, Rule, Subject, by_id
from audit.findings.level import Level
from audit.queries.catalog import Query
from audit.queries.header import Header

_ADVICE: Final = "see release-audit check"


def findings_of(
    assertions: Sequence[Query], row_counts: Mapping[str, int], dataset: str, summary: Sequence[str] = ()
) -> Findings:
    """A case for each assertion; ``row_counts`` has the counts of rows that should not exist, by assertion.

    ``dataset`` is the path of what was checked.
    """
    rules = [rule_of(query.title, query.header) for query in assertions]
    cases = [case_of(rule, row_counts.get(rule.id, 0), dataset) for rule in rules]
    return Findings(by_id(rules), cases, summary)


def rule_of(name: str, header: Header) -> Rule:
    """The rule for the assertion of this name and header."""
    text = f"{header.question} The answer has {header.grain}. {header.caveat}".strip()
    return Rule(name, header.question, (Level.ERROR,), header.question, f"{text}\n")


def case_of(rule: Rule, row_count: int, dataset: str) -> Case:
    """The case of an assertion with so many rows that should not exist."""
    if not row_count:
        return Case(dataset, rule.id, None, CaseOutcome.PASSED, rule)
    message = f"{counted(row_count, 'row')} that should not exist"
    finding = Finding(
        rule.id, Level.ERROR, Subject(dataset), Place(dataset), message, _ADVICE, {"row_count": row_count}
    )
    return Case(dataset, rule.id, finding, CaseOutcome.FAILED, rule)
