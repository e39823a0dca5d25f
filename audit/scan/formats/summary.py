"""The summary of a scan in sentences: what was checked, found, not decidable, and ignored."""

from collections import Counter
from collections.abc import Iterator

from audit.counting import counted
from audit.findings.level import Level
from audit.scan.findings import LockTime
from audit.scan.ignores import Ignore
from audit.scan.pins import Input
from audit.scan.verdict import Judged

_MOST_NAMED = 10
_KNOWN_BY = {
    "given": "as you said",
    "git": "by the commit that last changed it",
}


def summary(judged: Judged) -> list[str]:
    """One or a few sentences for each thing that a reader must know beside the findings."""
    return [*_looked_at(judged), *_found(judged), *_not_on_index(judged), *_put_aside(judged), *judged.scanned.caveats]


def notices(judged: Judged) -> list[str]:
    """The sentences about the scan itself: what could not be decided, and ignores that should be removed."""
    return [*_incomplete(judged), *_not_on_index(judged), *_stale(judged), *judged.scanned.caveats]


def found_line(judged: Judged) -> str:
    """How many findings there are of each level."""
    if not judged.finding_count:
        return "No finding."
    levels: Counter[Level] = Counter()
    for count in judged.counts:
        levels[count.level] += count.finding_count
    by_level = ", ".join(counted(levels[level], level) for level in Level if levels[level])
    return f"{counted(judged.finding_count, 'finding')}: {by_level}."


def _looked_at(judged: Judged) -> Iterator[str]:
    inputs = judged.scanned.inputs
    looked = [counted(len(inputs), "input"), counted(judged.pin_count, "pin"), counted(judged.file_count, "file")]
    yield f"Looked at {', '.join(looked)}."
    for each, locked in zip(inputs, judged.scanned.locked, strict=True):
        yield f"{each.source}: {counted(len(each.pins), 'pin')}, read as {each.format}{_made(locked)}."


def _made(locked: LockTime | None) -> str:
    if locked is None:
        return "; made at a time that is not known"
    if locked.known_by not in _KNOWN_BY:  # a caveat says how it is known
        return ""
    return f"; made {locked.at:%Y-%m-%d %H:%MZ}, {_KNOWN_BY[locked.known_by]}"


def _found(judged: Judged) -> Iterator[str]:
    yield found_line(judged)
    if judged.has_baseline:
        yield f"In the baseline, so not a failure: {judged.known_count:,} of {judged.finding_count:,}."
    yield from _incomplete(judged)


def _incomplete(judged: Judged) -> Iterator[str]:
    undecided = sum(count.finding_count for count in judged.counts if count.rule == "RA008")
    if undecided:
        yield f"Nothing can be said about {counted(undecided, 'pin')} (RA008)."
    if judged.scanned.is_incomplete:
        yield "The scan is incomplete: there may be findings in what could not be looked up."


def _not_on_index(judged: Judged) -> Iterator[str]:
    found = [(each, item) for each in judged.scanned.inputs for item in each.not_on_index]
    if found:
        named = [f"{item.name} ({item.what}; {_place(each, item.line)})" for each, item in found[:_MOST_NAMED]]
        more = f" and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
        yield f"Not on an index, and not looked at: {', '.join(named)}{more}."


def _place(source: Input, line: int | None) -> str:
    return source.source if line is None else f"{source.source}:{line}"


def _put_aside(judged: Judged) -> Iterator[str]:
    for each in judged.ignored:
        yield f"{counted(each.finding_count, 'finding')} ignored by {_said(each.ignore)}"
    yield from _stale(judged)


def _stale(judged: Judged) -> Iterator[str]:
    for ignore in judged.expired:
        yield f"An ignore has expired, and hides nothing: {_said(ignore)}"
    for ignore in judged.unused:
        yield f"An ignore covers no finding, and can go: {_said(ignore)}"


def _said(ignore: Ignore) -> str:
    until = f" until {ignore.until}" if ignore.until else ""
    return f"{ignore}{until}: {ignore.reason.rstrip('.')}."
