"""The rows of a judged scan as findings, for the table and the formats for other programs."""

from collections.abc import Mapping
from typing import Any, Final

from audit.findings.finding import Case, CaseOutcome, Finding, Findings, Place, Subject
from audit.findings.level import Level
from audit.scan.formats.summary import notices, summary
from audit.scan.rules import load
from audit.scan.verdict import DEFAULT_FAIL_ON, FailOn, Judged

WHOLE: Final = "the whole input"
# The columns of a finding that are not facts.
_ELSEWHERE: Final = {"source", "line", "rule", "level", "why", "is_known"}
_UNDECIDED: Final = "RA008"
_Row = Mapping[str, Any]


def findings_of(judged: Judged, fail_on: FailOn = DEFAULT_FAIL_ON) -> Findings:
    """The scan, with a case for each row in the suite of its input; ``fail_on`` says what fails."""
    cases = [_case(row, fail_on) for row in judged.rows.to_pylist()]
    return Findings(load(), cases, summary(judged), notices(judged))


def release(project: str | None, version: str | None) -> str:
    """The release that a finding is about, as far as it is known."""
    return " ".join(filter(None, [project, version])) or WHOLE


def _case(row: _Row, fail_on: FailOn) -> Case:
    rule = row["rule"]
    parts = [row["project"] or WHOLE, row["version"], row["filename"], rule and f"({rule})"]
    finding = None if rule is None else _finding(row)
    return Case(row["source"], " ".join(filter(None, parts)), finding, _outcome(finding, fail_on))


def _outcome(finding: Finding | None, fail_on: FailOn) -> CaseOutcome:
    if finding is None:
        return CaseOutcome.PASSED
    if fail_on.has(finding.rule, finding.level):
        return CaseOutcome.FAILED
    return CaseOutcome.SKIPPED if finding.rule == _UNDECIDED else CaseOutcome.PASSED


def _finding(row: _Row) -> Finding:
    project, version, filename = row["project"], row["version"], row["filename"]
    return Finding(
        rule=row["rule"],
        level=Level(row["level"]),
        subject=Subject(" ".join(filter(None, [release(project, version), filename])), project, version, filename),
        place=Place(row["source"], row["line"]),
        message=row["why"] or "",
        group=(row["source"], row["line"], project, version),  # the files of one pin
        is_known=row["is_known"],
        facts={name: value for name, value in row.items() if name not in _ELSEWHERE},
    )
