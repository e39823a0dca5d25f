"""From a batch of pages to one staged segment: the work that runs beside the event loop, on the other core."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from time import monotonic

from audit.crawl.decode import Decoded
from audit.crawl.decode.answered import read_project
from audit.crawl.segment import segment_of
from audit.dataset.staging import Segment, write_segment
from audit.disk.whole import replacing
from audit.errors import DecodeError
from audit.model import Api, Outcome, Page, Result, Source

RECORD_FOLDERS = {Api.JSON: "json", Api.SIMPLE: "index"}
_BY_PROJECT = attrgetter("project")


@dataclass(frozen=True, slots=True)
class Job:
    """A batch to decode and stage at ``segment``; ``record`` is a folder that keeps the pages as received.

    ``source`` is where the pages are from. ``deadline`` is by the system's monotonic clock, which all processes share;
    None: no limit.
    """

    items: Sequence[Page | Result]
    api: Api
    segment: Path
    record: Path | None = None
    deadline: float | None = None
    source: Source = Source.CRAWL


def ready() -> None:
    """A job that does nothing: it makes a process start and load all that the next job needs."""


def decode_and_stage(job: Job) -> list[Result]:
    """Stages the batch, whole or not at all; returns the result of each of its projects, sorted by project.

    Raises:
        OSError: the segment or the record cannot be written.
    """
    segment, results = decoded(job)
    write_segment(job.segment, segment)
    return results


def decoded(job: Job) -> tuple[Segment, list[Result]]:
    """The batch as a segment that is not written yet, and the result of each of its projects, sorted by project.

    Raises:
        OSError: the record cannot be written.
    """
    taken = [_taken(item, job) for item in sorted(job.items, key=_BY_PROJECT)]
    results = [result for result, _ in taken]
    return segment_of(results, [project for _, project in taken if project], job.source), results


def decode(job: Job) -> None:
    """Decodes the batch and drops the result: a process that survives this can decode it."""
    decoded(replace(job, record=None))


def stage_results(path: Path, results: Sequence[Result]) -> None:
    """Stages results without pages."""
    write_segment(path, segment_of(sorted(results, key=_BY_PROJECT)))


def _taken(item: Page | Result, job: Job) -> tuple[Result, Decoded | None]:
    """The result of a page, and its project if it was found."""
    if isinstance(item, Result):
        return item, None
    bare = _bare_result(item)
    if bare.outcome is not Outcome.FOUND:
        return bare, None
    try:
        project = _decoded(item, job)
    except DecodeError as error:
        return replace(bare, outcome=Outcome.FAILED, reason=error.reason, detail=error.detail, etag=None), None
    if job.record:
        _record(job.record / RECORD_FOLDERS[job.api], item)
    result = _whole_result(bare, project, item.ask.promised_serial)
    return result, project if result.outcome is Outcome.FOUND else None


def _decoded(page: Page, job: Job) -> Decoded:
    if job.deadline is not None and monotonic() > job.deadline:
        raise DecodeError("time-limit", "the crawl's time limit was reached before it was decoded")
    return read_project(page.answer, job.api, page.project)


def _bare_result(page: Page) -> Result:
    """The result as far as it is known before the page is decoded."""
    answer = page.answer
    return Result(
        project=page.project,
        outcome=Outcome.UNCHANGED if answer.is_unchanged else Outcome.MISSING if answer.is_missing else Outcome.FOUND,
        serial=answer.serial,
        etag=None if answer.is_missing else answer.etag,
        body_bytes=page.body_bytes,
        duration_ms=page.duration_ms,
        attempts=answer.attempts,
        recorded_at=answer.recorded.recorded_at if answer.recorded else None,
        recorded_from=answer.recorded.recorded_from if answer.recorded else None,
    )


def _whole_result(bare: Result, project: Decoded, promised: int | None) -> Result:
    """The result with what the page itself says; ``promised`` is the serial that it must have, if any."""
    if promised is not None and project.serial is not None and project.serial < promised:
        detail = f"the index promised serial {promised}, the page says {project.serial}"
        return replace(bare, outcome=Outcome.STALE, reason="stale", detail=detail, serial=project.serial, etag=None)
    result = replace(
        bare,
        serial=bare.serial if bare.serial is not None else project.serial,
        index_status=project.index_status,
        newer_api=project.newer_api,
    )
    if project.index_status == "quarantined":
        return replace(result, outcome=Outcome.QUARANTINED, detail=project.index_status_reason)
    return replace(result, file_count=project.file_count, release_count=len(project.versions))


def _record(folder: Path, page: Page) -> None:
    """Writes the page exactly as received; a project's name is normalized and so a safe filename.

    It may be lost in a power cut: waiting for the disk at each page of a whole index would take hours.
    """
    answer = page.answer
    body = answer.body if answer.is_gzip else gzip.compress(answer.body, mtime=0)
    part = folder / f"{page.project}.json.part"
    with replacing(folder / f"{page.project}.json.gz", part, is_synced=False):
        part.write_bytes(body)
