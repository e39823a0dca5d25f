"""The status of a dataset, in every format: coverage, age, the last crawls, why projects were not reached; pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.filesize import decimal

from audit.answers import csv, markdown, table
from audit.answers.format import Format
from audit.answers.text import folded, plain
from audit.answers.untimed import no_times_note
from audit.answers.values import exact, human_lag, utc
from audit.counting import counted
from audit.model import Outcome, Source, started_at

_NOT_REACHED = (Outcome.STALE, Outcome.FAILED)
_STATUSES = ("found", "missing", "quarantined", "unknown")


@dataclass(frozen=True, slots=True)
class Status:
    """A dataset at the time ``now``, as this version of the program sees it.

    ``held`` is its description (None: nothing is committed yet), ``crawls`` and ``failures`` are
    rows of the queries last-crawls (each with its ``program``; null: not recorded) and failures-by-reason,
    ``unfinished`` is the staged crawl, if there is one.
    """

    dataset: Path
    now: datetime
    program: str
    held: Mapping[str, Any] | None = None
    crawls: pa.Table = field(default_factory=lambda: pa.table({}))
    failures: pa.Table = field(default_factory=lambda: pa.table({}))
    unfinished: Mapping[str, Any] | None = None

    @property
    def age_us(self) -> int | None:
        """Time since the last crawl began; None: there was none."""
        last = self.held and self.held["last_crawl_id"]
        return (self.now - started_at(last)) // timedelta(microseconds=1) if last else None


def render(status: Status, form: Format, *, width: int = 80) -> str:
    """The status as text that ends with LF: one JSON object, CSV with a line for each of its values, or for people."""
    if form is Format.JSON:
        return json.dumps(_document(status), indent=2, default=exact) + "\n"
    if form is Format.CSV:
        return csv.render(_values(_document(status)))
    return _markdown(status) if form is Format.MARKDOWN else _text(status, width)


def _document(status: Status) -> dict[str, Any]:
    return {
        "program": status.program,
        "dataset": str(status.dataset),
        "asked_at": utc(status.now),
        "last_crawl_age_us": status.age_us,
        "reached_count": status.held and status.held["project_count"] - _missed(status.held),
        "held": status.held,
        "unfinished": status.unfinished,
        "last_crawls": status.crawls.to_pylist(),
        "failures_by_reason": status.failures.to_pylist(),
    }


def _missed(held: Mapping[str, Any]) -> int:
    return sum(held["not_reached"].values())


def _values(document: Mapping[str, Any]) -> pa.Table:
    """Every value of a document by its path, such as ``last_crawls.0.asked_count``."""
    pairs = list(_flat(document, ""))
    columns = [[name for name, _ in pairs], [value for _, value in pairs]]
    return pa.table(dict(zip(("name", "value"), (pa.array(column, pa.string()) for column in columns), strict=True)))


def _flat(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _flat(item, f"{path}.{place}")
    else:
        yield path, exact(value)


def _markdown(status: Status) -> str:
    document = _document(status)
    tables = {"Last crawls": status.crawls, "Not reached": status.failures}
    values = _values({name: value for name, value in document.items() if not isinstance(value, list)})
    parts = [f"## Status\n\n{markdown.render(values)}"]
    parts += [f"### {name}\n\n{markdown.render(rows)}" for name, rows in tables.items() if len(rows)]
    return "\n".join(parts)


def _text(status: Status, width: int) -> str:
    lines = [*_held(status), *_unfinished(status)]
    if len(status.crawls):
        lines += ["", "last crawls", *(line for row in status.crawls.to_pylist() for line in _crawl(row))]
    parts = [f"dataset {plain(str(status.dataset))}", *(_folded(line, width) for line in lines)]
    if len(status.failures):
        parts += ["", "not reached when last asked for", table.render(status.failures, width=width).rstrip("\n")]
    return "\n".join(parts) + "\n"


def _folded(line: str, width: int) -> str:
    return folded(line, width, indent=len(line) - len(line.lstrip()) + 4)


def _held(status: Status) -> Iterator[str]:
    held = status.held
    if held is None:
        yield "  no crawl has been committed yet"
        return
    by_status = held["projects_by_status"]
    missed = _missed(held)
    by_name = ", ".join(f"{by_status.get(name, 0):,} {name}" for name in _STATUSES)
    yield f"  {counted(held['project_count'], 'project')}: {by_name}"
    yield f"  {held['project_count'] - missed:,} reached when last asked for, {missed:,} not reached"
    yield (
        f"  {counted(held['release_count'], 'release')}, {counted(held['file_count'], 'file')} "
        f"({held['untimed_file_count']:,} without an upload time)"
    )
    fields = counted(held["set_aside_field_count"], "single field")
    yield f"  set aside: {counted(held['set_aside_file_count'], 'file')} and {fields}"
    yield f"  {counted(held['unlisted_release_count'], 'release')} that the index does not list"
    if held["file_count"] and (nothing := no_times_note(held["file_count"], held["untimed_file_count"])):
        yield f"  {nothing}"
    yield f"  last crawl: {_age(status)}"


def _age(status: Status) -> str:
    if status.age_us is None:
        return "none that asked for a project"
    age = human_lag(abs(status.age_us) // 1_000_000 * 1_000_000)
    return f"{age} ago" if status.age_us >= 0 else f"{age} in the future: a clock is wrong"


def _unfinished(status: Status) -> Iterator[str]:
    crawl = status.unfinished
    if crawl is None:
        return
    staged = f"{counted(crawl['staged_count'], 'project')} staged"
    if crawl["process"] is not None:
        yield f"  crawl {crawl['crawl_id']} is running: process {crawl['process']}, {staged}"
        return
    if crawl["source"] != Source.CRAWL:
        yield (
            f"  import {crawl['crawl_id']} was not finished: {staged}; `release-audit import {crawl['source']}` with "
            "the same arguments starts it again"
        )
        return
    yield (
        f"  crawl {crawl['crawl_id']} was not finished: {staged}; `release-audit crawl` with the same options "
        f"(--api {plain(crawl['api'])}, index {plain(crawl['index_url'])}) resumes it"
    )


def _crawl(row: Mapping[str, Any]) -> Iterator[str]:
    counts = {outcome: row[f"{outcome}_count"] for outcome in Outcome}
    missed = sum(counts[outcome] for outcome in _NOT_REACHED)
    source = "" if row["source"] == Source.CRAWL else f" ({plain(row['source'])})"
    yield (
        f"  {row['crawl_id']}{source}: {row['asked_count']:,} asked for, {row['asked_count'] - missed:,} reached "
        f"({counted(row['request_count'], 'request')} for pages, {decimal(row['body_bytes'])})"
    )
    yield "    " + ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
    if row["program"]:
        yield f"    committed by release-audit {plain(row['program'])}"
