"""The rows of the flag ``news`` as findings: each alarm is a rule, in the words of ``docs/watch.md``; pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from audit.findings.finding import Case, CaseOutcome, Finding, Findings, Place, Rule, Subject, by_id
from audit.findings.level import Level

# For each alarm: its level, and what happened.
_ALARMS: Final[Mapping[str, tuple[Level, str]]] = {
    "displaces": (
        Level.ERROR,
        "a late file came, and is now picked in some environment where another wheel was picked before",
    ),
    "sign": (
        Level.WARNING,
        "a file came that has one of the signs, the release was made again, or a file changed its content",
    ),
    "late": (Level.NOTE, "a late file came: more than the window (14 days) after the first file of its release"),
    "other": (Level.NOTE, "files came in time, vanished, were yanked, or are no longer yanked"),
}
# The columns of a finding that are not facts.
_ELSEWHERE: Final = {"alarm", "why"}
_Row = Mapping[str, Any]


def findings_of(
    rows: Sequence[_Row], place_of: Callable[[str, str], Place], *, is_failing: bool, summary: Sequence[str] = ()
) -> Findings:
    """A case for each release that changed, in the order of the rows.

    ``place_of`` says where a project and its version are pinned: a line of a lock file, or the dataset. ``is_failing``:
    a changed release is a failure.
    """
    outcome = CaseOutcome.FAILED if is_failing else CaseOutcome.PASSED
    cases = [_case(row, place_of(row["project"], row["version"]), outcome) for row in rows]
    return Findings(by_id(rules()), cases, summary)


def rules() -> list[Rule]:
    """What each alarm means, the most alarming first."""
    return [
        Rule(alarm, f"{words[0].upper()}{words[1:]}", (level,), f"{words[0].upper()}{words[1:]}.", _text(words))
        for alarm, (level, words) in _ALARMS.items()
    ]


def _text(words: str) -> str:
    return (
        f"A crawl saw that the release changed: {words}.\n\nA late file says nothing about intent. "
        "`release-audit show PROJECT==VERSION` shows when each of its files came.\n"
    )


def _case(row: _Row, place: Place, outcome: CaseOutcome) -> Case:
    project, version, alarm = row["project"], row["version"], row["alarm"]
    name = f"{project} {version}"
    finding = Finding(
        rule=alarm,
        level=_ALARMS[alarm][0],
        subject=Subject(name, project, version),
        place=place,
        message=row["why"],
        facts={key: value for key, value in row.items() if key not in _ELSEWHERE},
        more_key=(row["last_crawl_id"],),  # what another crawl sees is another finding
    )
    return Case(place.source, f"{name} ({alarm})", finding, outcome)
