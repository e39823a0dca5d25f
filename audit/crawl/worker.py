"""From a batch of pages to one staged segment: the work that runs beside the event loop, on the other core."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from packaging.utils import NormalizedName

from audit.crawl.decode import Decoded, decode_json, decode_simple
from audit.crawl.decode.content import HTML, HTML_DETAIL, inflate, is_html
from audit.crawl.rows import Rows
from audit.dataset.staging import Segment, write_segment
from audit.disk.whole import replacing
from audit.errors import DecodeError
from audit.model import Api, Outcome, Page, Result, Source

_DECODERS = {Api.JSON: decode_json, Api.SIMPLE: decode_simple}
RECORD_FOLDERS = {Api.JSON: "json", Api.SIMPLE: "index"}


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
    rows = Rows(job.source)
    results = [_take(item, job, rows) for item in sorted(job.items, key=_project)]
    return rows.segment(results), results


def decode(job: Job) -> None:
    """Decodes the batch and drops the result: a process that survives this can decode it."""
    rows = Rows()
    for item in job.items:
        _take(item, replace(job, record=None), rows)


def stage_results(path: Path, results: Sequence[Result]) -> None:
    """Stages results without pages."""
    write_segment(path, Rows().segment(sorted(results, key=_project)))


def _project(item: Page | Result) -> NormalizedName:
    return item.project if isinstance(item, Result) else item.ask.project


def _take(item: Page | Result, job: Job, rows: Rows) -> Result:
    """Adds a page's rows; returns its project's result. A page that does not fit adds nothing."""
    if isinstance(item, Result):
        return item
    bare = _bare_result(item)
    if bare.outcome is not Outcome.FOUND:
        return bare
    try:
        decoded = _decoded(item, job)
    except DecodeError as error:
        reason, detail = (HTML, HTML_DETAIL) if is_html(item.content_type, error) else (error.reason, error.detail)
        return replace(bare, outcome=Outcome.FAILED, reason=reason, detail=detail, etag=None)
    if job.record:
        _record(job.record / RECORD_FOLDERS[job.api], item)
    promised = item.ask.promised_serial
    if promised is not None and decoded.serial is not None and decoded.serial < promised:
        detail = f"the index promised serial {promised}, the page says {decoded.serial}"
        return replace(bare, outcome=Outcome.STALE, reason="stale", detail=detail, serial=decoded.serial, etag=None)
    told = replace(
        bare,
        serial=bare.serial if bare.serial is not None else decoded.serial,
        index_status=decoded.index_status,
        newer_api=decoded.newer_api,
    )
    if decoded.index_status == "quarantined":
        return replace(told, outcome=Outcome.QUARANTINED, detail=decoded.index_status_reason)
    rows.add(decoded)
    return replace(told, file_count=decoded.file_count, release_count=len(decoded.versions))


def _decoded(page: Page, job: Job) -> Decoded:
    if job.deadline is not None and monotonic() > job.deadline:
        raise DecodeError("time-limit", "the crawl's time was over before it was decoded")
    document = inflate(page.body, is_gzip=page.is_gzip)
    return _DECODERS[job.api](page.ask.project, document)


def _bare_result(page: Page) -> Result:
    """The result as far as it is known before the page is decoded."""
    outcome = Outcome.UNCHANGED if page.is_unchanged else Outcome.MISSING if page.is_missing else Outcome.FOUND
    return Result(
        project=page.ask.project,
        outcome=outcome,
        serial=page.serial,
        etag=None if page.is_missing else page.etag,
        body_bytes=len(page.body),
        duration_ms=page.duration_ms,
        attempts=page.attempts,
        recorded_at=page.recorded.recorded_at if page.recorded else None,
        recorded_from=page.recorded.recorded_from if page.recorded else None,
    )


def _record(folder: Path, page: Page) -> None:
    """Writes the page exactly as received; a project's name is normalized and so a safe filename.

    It may be lost in a power cut: waiting for the disk at each page of a whole index would take hours.
    """
    body = page.body if page.is_gzip else gzip.compress(page.body, mtime=0)
    part = folder / f"{page.ask.project}.json.part"
    with replacing(folder / f"{page.ask.project}.json.gz", part, is_synced=False):
        part.write_bytes(body)
