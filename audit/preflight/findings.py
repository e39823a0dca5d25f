"""A preflight as findings, for the formats that other programs read; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from audit.findings.finding import Case, CaseOutcome, Finding, Findings, Place, Subject
from audit.findings.level import Level
from audit.preflight.checks import SetFinding
from audit.preflight.choice import Check
from audit.preflight.explained import load
from audit.preflight.preflight import Preflight
from audit.preflight.states import FileState, Verdict

_LEVELS: Final = {
    Verdict.REFUSED: Level.ERROR,
    Verdict.MAY_BE_REFUSED: Level.WARNING,
    Verdict.SKIPPED: Level.NOTE,
    Verdict.ACCEPTED: None,
}
# The columns of a finding that are not facts.
_ELSEWHERE: Final = {"finding", "why"}
_Row = Mapping[str, Any]


def findings_of(found: Preflight, paths: Iterable[Path], fail_on: Collection[Check]) -> Findings:
    """A case for each file in the suite of its folder, then one for each finding on several files.

    ``paths`` are those of the files. A finding on several files is shown at the first of them. An accepted file is not
    a finding. A file that is refused and a check of ``fail_on`` fail, as they do in the exit code.
    """
    by_name = {path.name: path for path in paths}
    rows = found.rows().to_pylist()
    files, rest = rows[: len(found.states)], rows[len(found.states) :]
    cases = [_of_file(state, row, by_name[row["filename"]]) for state, row in zip(found.states, files, strict=True)]
    for each, row in zip(found.findings, rest, strict=True):
        cases.append(_of_check(each, row, by_name[_first(each, found.states)], fail_on))
    return Findings(load(), cases, [found.summary()])


def _of_file(state: FileState, row: _Row, path: Path) -> Case:
    level = _LEVELS[state.verdict]
    finding = None if level is None else _finding(row, level, path)
    outcome = CaseOutcome.SKIPPED if state.verdict is Verdict.SKIPPED else CaseOutcome.PASSED
    return Case(_text(path.parent), state.file.filename, finding, CaseOutcome.FAILED if state.is_refused else outcome)


def _of_check(found: SetFinding, row: _Row, path: Path, fail_on: Collection[Check]) -> Case:
    finding = _finding(row, found.level, path)
    instead = f" instead of {found.filename_before}" if found.filename_before else ""
    name = f"{finding.subject.name}{instead} ({finding.rule})"
    return Case(_text(path.parent), name, finding, CaseOutcome.FAILED if found.check in fail_on else CaseOutcome.PASSED)


def _first(found: SetFinding, states: Sequence[FileState]) -> str:
    """The first file that the finding is about."""
    return found.filename or next(
        each.file.filename
        for each in states
        if found.project in {None, each.file.project} and found.version in {None, each.file.version}
    )


def _finding(row: _Row, level: Level, path: Path) -> Finding:
    project, version, filename = row["project"], row["version"], row["filename"]
    return Finding(
        rule=row["finding"],
        level=level,
        subject=Subject(
            filename or " ".join(filter(None, [project, version])) or "all files", project, version, filename
        ),
        place=Place(_text(path)),
        message=_sentence(row["why"]),
        group=(project, version, row["why"]),  # so that the same text is shown for all of them
        facts={name: value for name, value in row.items() if name not in _ELSEWHERE},
        more_key=tuple(filter(None, [row["filename_before"]])),  # one file can displace several
    )


def _sentence(why: str) -> str:
    return why if why.endswith((".", "?")) else f"{why}."


def _text(path: Path) -> str:
    """A path as text for every format: a folder's name may be bytes that cannot be decoded."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
