"""The verdict on a scan: levels from the settings, ignores, the baseline, and the exit code. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from audit.errors import UsageError, hint
from audit.findings.level import Level
from audit.scan.baseline import Key
from audit.scan.findings import FINDINGS, Scanned
from audit.scan.ignores import Ignore
from audit.scan.rules import load

# A finding is known if it is in the baseline; null: there is no baseline, or no finding in the row.
JUDGED: Final = FINDINGS.append(pa.field("is_known", pa.bool_()))
_FOUND, _INCOMPLETE = 1, 4
_NONE: Final = "none"
_FILE: Final = ("source", "line", "project", "version", "filename")


@dataclass(frozen=True, slots=True)
class Ignored:
    """An ignore, and how many findings it is the first to cover."""

    ignore: Ignore
    finding_count: int


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many findings of a rule have a level, and how many of these are in the baseline."""

    rule: str
    level: Level
    finding_count: int
    known_count: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged scan: ``rows`` are those that no ignore covers, of the schema ``JUDGED``, in their order.

    Args:
        scanned: what was judged, with its inputs and caveats.
        ignored: the ignores that cover a finding.
        expired: those that are no longer valid, whatever they cover.
        unused: those that are valid and cover nothing.
        counts: by rule and level, in that order; 0 is left out.
        file_count: how many files were checked, each once per pin, also those with an ignored finding.
    """

    scanned: Scanned
    rows: pa.Table
    ignored: Sequence[Ignored]
    expired: Sequence[Ignore]
    unused: Sequence[Ignore]
    has_baseline: bool
    counts: Sequence[RuleCount]
    file_count: int

    @property
    def pin_count(self) -> int:
        """How many pins the inputs have."""
        return sum(len(each.pins) for each in self.scanned.inputs)

    @property
    def finding_count(self) -> int:
        """How many findings there are, including known ones."""
        return sum(count.finding_count for count in self.counts)

    @property
    def known_count(self) -> int:
        """How many of the findings are in the baseline."""
        return sum(count.known_count for count in self.counts)

    @property
    def ignored_count(self) -> int:
        """How many findings an ignore covers."""
        return sum(each.finding_count for each in self.ignored)


def judge(
    scanned: Scanned,
    *,
    levels: Mapping[str, Level],
    ignores: Sequence[Ignore],
    baseline: Collection[Key] | None,
    today: date,
) -> Judged:
    """The scan with the levels that the settings give to rules, without ignored findings, compared with a baseline.

    ``levels`` is by rule. ``baseline`` None: there is none. ``today`` decides which ignores are valid.
    """
    keys = list(_keys(scanned.rows))
    valid = [ignore for ignore in ignores if not ignore.is_expired(today)]
    covering = _covering(valid, {key for key in keys if key})
    by_row = [next(iter(covering[key]), None) if key else None for key in keys]
    used = {ignore for found in covering.values() for ignore in found}
    counted = Counter(ignore for ignore in by_row if ignore is not None)
    is_kept = pa.array([ignore is None for ignore in by_row], pa.bool_())
    rows = _judged(scanned.rows, keys, levels, baseline).filter(is_kept)
    return Judged(
        scanned,
        rows,
        [Ignored(ignore, counted[ignore]) for ignore in dict.fromkeys(valid) if ignore in used],
        [ignore for ignore in ignores if ignore.is_expired(today)],
        [ignore for ignore in valid if ignore not in used],
        baseline is not None,
        _counts(rows),
        _file_count(scanned.rows),
    )


@dataclass(frozen=True, slots=True)
class FailOn:
    """Which findings fail: those of ``rules``, and those of ``level`` or worse; None: no level does."""

    rules: frozenset[str]
    level: Level | None

    def has(self, rule: str, level: Level) -> bool:
        """Whether a finding of this rule and level fails."""
        order = list(Level)
        return rule in self.rules or (self.level is not None and order.index(level) <= order.index(self.level))


def parse_fail_on(given: Sequence[str]) -> FailOn:
    """What ``--fail-on`` means: rules and levels, one or several with commas between, or ``none``.

    Of several levels the lowest counts.

    Raises:
        UsageError: a name is neither a rule nor a level, or ``none`` is not alone.
    """
    names = [name.strip() for each in given for name in each.split(",")]
    if _NONE in names and len(names) > 1:
        raise UsageError(f"--fail-on {_NONE} cannot be combined with others")
    levels = [Level(name.lower()) for name in names if name.lower() in set(Level)]
    rules = [name.upper() for name in names if name.lower() not in {*Level, _NONE}]
    for name in rules:
        if name not in load():
            known = [*load(), *map(str, Level), _NONE]
            raise UsageError(f"--fail-on {name[:100]!r} is neither a rule nor a level: {hint(name[:100], known)}")
    return FailOn(frozenset(rules), max(levels, key=list(Level).index, default=None))


DEFAULT_FAIL_ON: Final = FailOn(frozenset(), Level.ERROR)


def exit_code(judged: Judged, fail_on: FailOn = DEFAULT_FAIL_ON, *, tells_findings: bool = True) -> int:
    """1: a finding fails and is not in a baseline; 4: no such finding, but something could not be decided; else 0.

    Without ``tells_findings`` findings give 0 too, for a format whose reader fails by itself.
    """
    fails = any(
        count.finding_count > count.known_count and fail_on.has(count.rule, count.level) for count in judged.counts
    )
    if fails and tells_findings:
        return _FOUND
    return _INCOMPLETE if judged.scanned.is_incomplete else 0


def _keys(rows: pa.Table) -> Iterator[Key | None]:
    """The key of each row's finding; None: nothing was found."""
    columns = [rows[name].to_pylist() for name in ("rule", "project", "version", "filename")]
    for rule, project, version, filename in zip(*columns, strict=True):
        yield (rule, project, version, filename) if rule is not None else None


def _covering(ignores: Sequence[Ignore], keys: Collection[Key]) -> Mapping[Key, Sequence[Ignore]]:
    """The ignores that cover each finding, in their order."""
    by_project: dict[tuple[str, str | None], list[tuple[int, Ignore]]] = {}
    for place, ignore in enumerate(ignores):
        by_project.setdefault((ignore.rule, ignore.project), []).append((place, ignore))
    found: dict[Key, Sequence[Ignore]] = {}
    for key in keys:
        rule, project, *_ = key
        meant = [*by_project.get((rule, None), ()), *(by_project.get((rule, project), ()) if project else ())]
        found[key] = [ignore for _, ignore in sorted(meant, key=itemgetter(0)) if ignore.covers(*key)]
    return found


def _judged(
    rows: pa.Table, keys: Sequence[Key | None], levels: Mapping[str, Level], baseline: Collection[Key] | None
) -> pa.Table:
    given = rows["level"].to_pylist()
    changed = [levels.get(key[0], level) if key else level for key, level in zip(keys, given, strict=True)]
    place = rows.schema.get_field_index("level")
    known = [None if key is None or baseline is None else key in baseline for key in keys]
    leveled = rows.set_column(place, rows.schema.field("level"), pa.array(changed, pa.string()))
    return leveled.append_column(JUDGED.field("is_known"), pa.array(known, pa.bool_()))


def _file_count(rows: pa.Table) -> int:
    files = rows.select(_FILE).filter(pc.is_valid(rows["filename"]))
    return int(files.group_by(_FILE).aggregate([]).num_rows)


def _counts(rows: pa.Table) -> list[RuleCount]:
    columns = [rows[name].to_pylist() for name in ("rule", "level", "is_known")]
    found = Counter((rule, Level(level)) for rule, level, _ in zip(*columns, strict=True) if rule)
    known = Counter((rule, Level(level)) for rule, level, is_known in zip(*columns, strict=True) if rule and is_known)
    order = list(Level)
    by_rule = sorted(found, key=lambda each: (each[0], order.index(each[1])))
    return [RuleCount(*each, found[each], known[each]) for each in by_rule]
