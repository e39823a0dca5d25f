"""Counts of a staged crawl and of a committed generation, straight from their columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.parquet import read_columns
from audit.dataset.staging import Staging
from audit.model import INCOMPLETE, Event, Outcome

# At most this many names are given for each outcome; the dataset has all of them.
MOST_NAMES: Final = 10


@dataclass(frozen=True, slots=True)
class StagedCounts:
    """All results of a staged crawl: by outcome, by reason where there is one, requests for their pages and bytes.

    ``settled_count`` are unchanged by their serial in the index's root, without a request.

    ``first_names`` are the first ten projects, by name, that are missing, stale and failed, by outcome.
    ``first_failure`` is the detail of the first failed or stale project (None: there is none).
    """

    outcomes: Mapping[str, int]
    settled_count: int
    failures: Mapping[str, int]
    first_names: Mapping[str, Sequence[str]]
    first_failure: str | None
    request_count: int
    body_bytes: int


@dataclass(frozen=True, slots=True)
class GenerationCounts:
    """What a generation lists now, and the files that one crawl saw change, by kind of event."""

    project_count: int
    release_count: int
    file_count: int
    untimed_file_count: int
    unlisted_release_count: int
    set_aside_file_count: int
    set_aside_field_count: int
    events: Mapping[str, int]


def count_staged(staging: Staging) -> StagedCounts:
    """Counts what is staged."""
    results = staging.read("results").read_all()
    is_unchanged = pc.equal(results["outcome"], Outcome.UNCHANGED)
    by_outcome = {outcome: _of(results, outcome) for outcome in (Outcome.MISSING, *sorted(INCOMPLETE))}
    failed = _of(results, *INCOMPLETE).slice(0, 1).to_pylist()
    return StagedCounts(
        outcomes=_counted(results["outcome"]),
        settled_count=pc.sum(pc.and_(is_unchanged, pc.equal(results["attempts"], 0))).as_py() or 0,
        failures=_counted(results["reason"].drop_null()),
        first_names={
            str(outcome): rows["project"].slice(0, MOST_NAMES).to_pylist()
            for outcome, rows in by_outcome.items()
            if len(rows)
        },
        first_failure=failed[0]["detail"] if failed else None,
        request_count=pc.sum(results["attempts"]).as_py() or 0,
        body_bytes=pc.sum(results["body_bytes"]).as_py() or 0,
    )


def count_generation(generation: Path, crawl_id: str) -> GenerationCounts:
    """Counts what a generation lists."""
    statuses = read_columns(generation / "projects.parquet", ["status"])["status"]
    files = pq.read_metadata(generation / "files.parquet")
    place = files.schema.names.index("uploaded_at")
    times = (files.row_group(number).column(place).statistics for number in range(files.num_row_groups))
    is_listed = read_columns(generation / "releases.parquet", ["is_listed"])["is_listed"]
    is_whole_file = read_columns(generation / "set_aside.parquet", ["is_whole_file"])["is_whole_file"]
    return GenerationCounts(
        project_count=_counted(statuses).get("found", 0),
        release_count=len(is_listed),
        file_count=files.num_rows,
        untimed_file_count=sum(each.null_count for each in times),
        unlisted_release_count=pc.sum(pc.invert(is_listed)).as_py() or 0,
        set_aside_file_count=pc.sum(is_whole_file).as_py() or 0,
        set_aside_field_count=pc.sum(pc.invert(is_whole_file)).as_py() or 0,
        events=_count_events(generation / "events" / f"{crawl_id}.parquet"),
    )


def _count_events(path: Path) -> dict[str, int]:
    """The files of a crawl's events, by kind: a changed file has a row for each column that changed."""
    kinds = read_columns(path, ["event"])["event"]
    if Event.CHANGED not in kinds.unique().to_pylist():
        return _counted(kinds)
    events = read_columns(path, ["event", "project", "filename"])
    return _counted(events.group_by(events.column_names).aggregate([])["event"])


def _of(results: pa.Table, *outcomes: Outcome) -> pa.Table:
    """The results that ended so, by project."""
    is_one = pc.is_in(results["outcome"], value_set=pa.array([*outcomes], results["outcome"].type))
    return results.select(["project", "outcome", "detail"]).filter(is_one).sort_by("project")


def _counted(values: pa.ChunkedArray) -> dict[str, int]:
    """How often each value is there; a value that is not there has no entry."""
    return {row["values"]: row["counts"] for row in values.value_counts().to_pylist()}
