"""From inputs and an index's facts to findings. Reads a dataset; asks no index."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
from packaging.utils import NormalizedName

from audit.dataset.dataset import Dataset
from audit.queries.catalog import Group, load
from audit.queries.environments.environment import ALL, ERAS
from audit.queries.pins import PINS
from audit.scan.allowed import WheelKey, allowed_versions, wheel_key
from audit.scan.findings import FINDINGS, Level, LockTime, Scanned
from audit.scan.markers import applies
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedFile

DEFAULT_DAYS: Final = 14
_DAY_US: Final = 86_400_000_000
_VERIFYING, _UNDECIDED = "ra004", "RA008"
# A project that was not reached may have anything.
_UNREACHED: Final = frozenset({"not asked", "not reached"})
# What an index does not list may have come after it was asked.
_UNLISTED: Final = frozenset({"no such release", "not listed"})
_OF_PIN: Final = ("source", "line", "project", "version", "pinned_by", "index_status")
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for.

    Args:
        window_days: the allowed lag.
        cooldown_days: the user's cooldown; None: not checked.
        environment: today, past, all, this, or the name of one.
        is_verifying: compare what the inputs say about their files with the index.
        is_taken: for pins that name files, only the files that an environment takes.
        is_fresh: the index was asked just now, after the inputs were made.
    """

    window_days: int = DEFAULT_DAYS
    cooldown_days: int | None = None
    environment: str = ERAS[0]
    is_verifying: bool = False
    is_taken: bool = False
    is_fresh: bool = False

    @property
    def is_one_environment(self) -> bool:
        """Whether it is a single environment, so that conditions of pins can be decided."""
        return self.environment not in {*ERAS, ALL}


def projects_of(inputs: Iterable[Input]) -> list[NormalizedName]:
    """The projects that the inputs pin, each once, sorted."""
    return sorted({pin.project for each in inputs for pin in each.pins})


def scan(
    inputs: Sequence[Input],
    locked: Sequence[LockTime | None],
    dataset: Dataset,
    question: Question,
    caveats: Sequence[str] = (),
) -> Scanned:
    """What the rules find in the inputs, with the dataset's facts; ``locked`` has the time when each was made.

    Raises:
        UsageError: there is no such environment, or a window is out of bounds.
        DatasetError: a file of the dataset is damaged.
    """
    pins = _pins_table(_given(inputs, locked, question), _listed(dataset), _wheels(dataset, inputs))
    dataset.lend("scan_pins", pins)
    facts = dataset.query(
        "pinned-files",
        least_lag_us=question.window_days * _DAY_US,
        cooldown_us=(question.cooldown_days or DEFAULT_DAYS) * _DAY_US,
        environment_=question.environment,
        is_taken=question.is_taken,
        is_fresh=question.is_fresh,
    ).arrow()
    dataset.lend("scan_rows", facts)
    found = _found(dataset, question)
    known = facts.to_pylist()
    rows = [*_rows(known, found), *_off_index(inputs)]
    places = {each.source: place for place, each in reversed(list(enumerate(inputs)))}
    rows.sort(key=lambda row: _order(row, places))
    if question.cooldown_days is None:
        rows = [row | {"cooldown_sees": None} for row in rows]
    return Scanned(
        inputs,
        locked,
        pa.Table.from_pylist(rows, schema=FINDINGS),
        [*caveats, *_lock_caveats(inputs, locked)],
        any(map(_is_unknown, known)),
    )


def _is_unknown(row: _Row) -> bool:
    """Whether nothing can be said of a file or project that an index has, or may have."""
    status = row["index_status"]
    if status in _UNLISTED:
        return not row["is_current"]
    return status in _UNREACHED or (status == "listed" and row["lag_us"] is None)


def _given(
    inputs: Sequence[Input], locked: Sequence[LockTime | None], question: Question
) -> Iterator[tuple[Pin, datetime | None]]:
    """Each pin that may apply, and when its input was made."""
    for each, time in zip(inputs, locked, strict=True):
        for pin in each.pins:
            if not question.is_one_environment or applies(pin.marker, question.environment):
                yield pin, time.at if time else None


def _listed(dataset: Dataset) -> Mapping[str, Sequence[str]]:
    """The versions of every project, as the index spells them."""
    rows = dataset.sql(
        "select project, list(version order by version) as versions from releases group by project"
    ).rows()
    return {row["project"]: row["versions"] for row in rows}


def _wheels(dataset: Dataset, inputs: Sequence[Input]) -> Mapping[WheelKey, str]:
    """How the index spells the wheels of projects with inferred files: tags may be in another order."""
    projects = {pin.project for each in inputs for pin in each.pins if any(file.is_inferred for file in pin.files)}
    if not projects:
        return {}
    rows = dataset.sql(
        "select filename from files where kind = 'wheel' and list_contains($projects, project)",
        {"projects": sorted(projects)},
    )
    return {key: row["filename"] for row in rows.rows() if (key := wheel_key(row["filename"])) is not None}


def _as_listed(file: PinnedFile, wheels: Mapping[WheelKey, str]) -> str | None:
    key = wheel_key(file.filename) if file.is_inferred and file.filename is not None else None
    return file.filename if key is None else wheels.get(key, file.filename)


def _pins_table(
    given: Iterable[tuple[Pin, datetime | None]],
    listed: Mapping[str, Sequence[str]],
    wheels: Mapping[WheelKey, str],
) -> pa.Table:
    rows: list[_Row] = []
    for number, (pin, locked_at) in enumerate(given):
        versions = allowed_versions(pin, listed.get(pin.project, ()))
        rows += [
            {
                "pin_number": number,
                "source": pin.source,
                "line": pin.line if file.line is None else file.line,
                "project": pin.project,
                "version": pin.version,
                "versions": versions,
                "pinned_by": pin.pinned_by.value,
                "filename": _as_listed(file, wheels),
                "sha256": file.sha256,
                "size_bytes": file.size_bytes,
                "uploaded_at": file.uploaded_at,
                "is_inferred": file.is_inferred,
                "locked_at": locked_at,
            }
            for file in pin.files or (PinnedFile(),)
        ]
    return pa.Table.from_pylist(rows, schema=PINS)


def _found(dataset: Dataset, question: Question) -> list[_Row]:
    """What each rule finds, with the rule's name."""
    asked = {"cooldown_days": question.cooldown_days}
    found: list[_Row] = []
    for rule in load().group(Group.RULES):
        if rule.name == _VERIFYING and not question.is_verifying:
            continue
        own = {name: value for name, value in asked.items() if name in rule.header.parameters}
        if None in own.values():  # it needs a value that the user did not give
            continue
        answer = dataset.query(rule.name, **own)
        found += [row | {"rule": rule.name.upper()} for row in answer.rows()]
    return found


def _rows(facts: Sequence[_Row], found: Sequence[_Row]) -> Iterator[_Row]:
    """Each fact with each rule that it breaks, or with none; also findings on other files, or on a whole input."""
    by_fact = {(row["pin_number"], row["filename"]): row for row in facts}
    by_pin = {row["pin_number"]: row for row in reversed(facts)}
    broken = {(row["pin_number"], row["filename"]) for row in found}
    nothing = {"rule": None, "level": None, "why": None}
    yield from (_cut(row | nothing) for key, row in by_fact.items() if key not in broken)
    for row in found:
        fact = by_fact.get((row["pin_number"], row["filename"]))
        if fact is None and row["pin_number"] is not None:
            pin = by_pin[row["pin_number"]]
            fact = {name: pin[name] for name in _OF_PIN}
        yield _cut((fact or {}) | row)


def _off_index(inputs: Sequence[Input]) -> Iterator[_Row]:
    for each in inputs:
        for other in each.not_on_index:
            yield _cut(
                {"rule": _UNDECIDED, "level": Level.NOTE.value, "index_status": "not on the index"}
                | _row_not_on_index(other)
            )


def _row_not_on_index(other: NotOnIndex) -> _Row:
    why = f"cannot tell: it is not taken from the index ({other.what})"
    return {"source": other.source, "line": other.line, "project": other.name, "why": why}


def _cut(row: _Row) -> _Row:
    return {name: row.get(name) for name in FINDINGS.names}


def _order(row: _Row, places: Mapping[str, int]) -> tuple[object, ...]:
    values = (row["project"], row["version"], row["filename"], row["rule"], row["why"])
    return (places[row["source"]], row["line"] or 0, *(each or "" for each in values))


def _lock_caveats(inputs: Sequence[Input], locked: Sequence[LockTime | None]) -> Iterator[str]:
    for each, time in zip(inputs, locked, strict=True):
        if time is not None and time.known_by == "newest upload":
            at = time.at.strftime("%Y-%m-%d")
            yield f"{each.source}: taken to be made on {at}, the newest upload in it. It was made then or later."
