"""Counts of a staged crawl and of a committed generation, straight from their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.parquet import read_columns
from audit.dataset.staging import Staging


@dataclass(frozen=True, slots=True)
class StagedCounts:
    """All results of a staged crawl: by outcome, by reason where there is one, requests and bytes."""

    outcomes: Mapping[str, int]
    failures: Mapping[str, int]
    request_count: int
    body_bytes: int


@dataclass(frozen=True, slots=True)
class GenerationCounts:
    """What a generation lists now, and the events of one crawl by kind."""

    project_count: int
    release_count: int
    file_count: int
    untimed_file_count: int
    events: Mapping[str, int]


def count_staged(staging: Staging) -> StagedCounts:
    """Counts what is staged."""
    results = staging.read("results").read_all()
    return StagedCounts(
        outcomes=_counted(results["outcome"]),
        failures=_counted(results["reason"].drop_null()),
        request_count=pc.sum(results["attempts"]).as_py() or 0,
        body_bytes=pc.sum(results["body_bytes"]).as_py() or 0,
    )


def count_generation(generation: Path, crawl_id: str) -> GenerationCounts:
    """Counts what a generation lists."""
    statuses = read_columns(generation / "projects.parquet", ["status"])["status"]
    files = pq.read_metadata(generation / "files.parquet")
    place = files.schema.names.index("uploaded_at")
    times = (files.row_group(number).column(place).statistics for number in range(files.num_row_groups))
    events = read_columns(generation / "events" / f"{crawl_id}.parquet", ["event"])["event"]
    return GenerationCounts(
        project_count=_counted(statuses).get("found", 0),
        release_count=pq.read_metadata(generation / "releases.parquet").num_rows,
        file_count=files.num_rows,
        untimed_file_count=sum(each.null_count for each in times),
        events=_counted(events),
    )


def _counted(values: pa.ChunkedArray) -> dict[str, int]:
    """How often each value is there; a value that is not there has no entry."""
    return {row["values"]: row["counts"] for row in values.value_counts().to_pylist()}
