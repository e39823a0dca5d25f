"""A scan for a person at a terminal: each finding with its place and its sentence, then the summary."""

from collections.abc import Iterator

import pyarrow as pa

from audit.answers import table
from audit.answers.text import folded
from audit.counting import counted
from audit.findings.finding import Finding
from audit.scan.formats.rows import findings_of, release
from audit.scan.formats.summary import summary
from audit.scan.rules import load
from audit.scan.verdict import Judged

_MOST_FILES = 3
_INDENT = "  "


def render(judged: Judged, width: int = 80) -> str:
    """The findings, the worst first, at most three files of one pin and rule; then each rule's count; then sentences.

    No line is wider than ``width``, unless a single word is.
    """
    lines = [line for group in findings_of(judged).groups() for line in _lines(group, width)]
    counts = table.render(_counts(judged), width=width).splitlines() if judged.counts else []
    sentences = [folded(sentence, width) for sentence in summary(judged)]
    return "".join(f"{line}\n" for line in [*lines, *counts, *([""] if counts else []), *sentences])


def _lines(group: list[Finding], width: int) -> Iterator[str]:
    first, subject = group[0], group[0].subject
    known = " (in the baseline)" if all(finding.is_known for finding in group) else ""
    yield folded(
        f"{first.place}: {first.level} {first.rule}: {release(subject.project, subject.version)}{known}",
        width,
        indent=len(_INDENT),
    )
    for finding in group[:_MOST_FILES]:
        if finding.subject.filename:
            yield folded(finding.subject.filename, width, start=_INDENT, indent=len(_INDENT))
        yield folded(finding.said, width, start=_INDENT * 2, indent=len(_INDENT * 2))
    if len(group) > _MOST_FILES:
        yield folded(f"{counted(len(group) - _MOST_FILES, 'more file')}: --format csv lists all.", width, start=_INDENT)
    yield ""


def _counts(judged: Judged) -> pa.Table:
    rows = [
        {
            "rule": count.rule,
            "level": count.level.value,
            "findings": count.finding_count,
            **({"known": count.known_count} if judged.has_baseline else {}),
            "meaning": load()[count.rule].title,
        }
        for count in judged.counts
    ]
    return pa.Table.from_pylist(rows)
