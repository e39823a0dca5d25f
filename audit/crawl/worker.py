"""A batch of pages -> one staged segment: what runs beside the event loop, on the other core."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audit.dataset.schema import STAGED_FILES, STAGED_RELEASES, STAGED_RESULTS
from audit.dataset.staging import Segment, write_segment
from audit.decode import Decoded, decode_json, decode_simple
from audit.decode.content import inflate
from audit.decode.version import facts_of
from audit.errors import DecodeError
from audit.model import Api, Outcome, Page, Result

LONGEST_DETAIL = 500
_DECODERS = {Api.JSON: decode_json, Api.SIMPLE: decode_simple}
RECORD_FOLDERS = {Api.JSON: "json", Api.SIMPLE: "index"}


@dataclass(frozen=True, slots=True)
class Job:
    """A batch to decode and stage at ``segment``; ``record`` is a folder that keeps the pages as they came."""

    items: Sequence[Page | Result]
    api: Api
    segment: Path
    limit_bytes: int
    record: Path | None = None


def decode_and_stage(job: Job) -> list[Result]:
    """Stages the batch, whole or not at all; gives the result of each of its projects.

    Raises:
        OSError: the segment or the record cannot be written.
    """
    batch = _Batch()
    results = [batch.take(item, job) for item in job.items]
    write_segment(job.segment, batch.segment(results))
    return results


def stage_results(path: Path, results: Sequence[Result]) -> None:
    """Stages results that brought no page."""
    write_segment(path, _Batch().segment(results))


@dataclass(slots=True)
class _Batch:
    """Columns that grow page by page: rows are never made one by one."""

    releases: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in STAGED_RELEASES.names})
    files: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in STAGED_FILES.names})

    def take(self, item: Page | Result, job: Job) -> Result:
        """Adds a page's rows; gives its project's result. A page that does not fit adds nothing."""
        if isinstance(item, Result):
            return item
        bare = _bare_result(item)
        if bare.outcome is not Outcome.FOUND:
            return bare
        try:
            document = inflate(item.body, is_gzip=item.is_gzip, limit_bytes=job.limit_bytes)
            decoded = _DECODERS[job.api](item.ask.project, document)
        except DecodeError as error:
            return replace(bare, outcome=Outcome.FAILED, reason=error.reason, detail=error.detail, etag=None)
        if job.record:
            _record(job.record / RECORD_FOLDERS[job.api], item)
        promised = item.ask.promised_serial
        if promised is not None and decoded.serial is not None and decoded.serial < promised:
            detail = f"the index promised serial {promised}, the page says {decoded.serial}"
            return replace(bare, outcome=Outcome.STALE, reason="stale", detail=detail, serial=decoded.serial, etag=None)
        return self._add(decoded, bare)

    def _add(self, decoded: Decoded, bare: Result) -> Result:
        told = replace(
            bare,
            serial=bare.serial if bare.serial is not None else decoded.serial,
            index_status=decoded.index_status,
        )
        if decoded.index_status == "quarantined":
            return replace(told, outcome=Outcome.QUARANTINED, detail=decoded.index_status_reason)
        self.files["project"] += [decoded.project] * decoded.file_count
        for name, values in decoded.files.items():
            self.files[name] += values
        facts = [facts_of(version) for version in decoded.versions]
        self.releases["project"] += [decoded.project] * len(facts)
        self.releases["version"] += decoded.versions
        for name in STAGED_RELEASES.names[2:]:
            self.releases[name] += [getattr(fact, name) for fact in facts]
        return replace(told, file_count=decoded.file_count, release_count=len(facts))

    def segment(self, results: Sequence[Result]) -> Segment:
        """The batch's columns beside its results'."""
        columns = {name: [getattr(result, name) for result in results] for name in STAGED_RESULTS.names}
        columns["detail"] = [detail and detail[:LONGEST_DETAIL] for detail in columns["detail"]]
        return Segment(columns, self.releases, self.files)


def _bare_result(page: Page) -> Result:
    """What is known of a page before it is opened."""
    outcome = Outcome.UNCHANGED if page.is_unchanged else Outcome.MISSING if page.is_missing else Outcome.FOUND
    return Result(
        project=page.ask.project,
        outcome=outcome,
        serial=page.serial,
        etag=None if page.is_missing else page.etag,
        body_bytes=len(page.body),
        duration_ms=page.duration_ms,
        attempts=page.attempts,
    )


def _record(folder: Path, page: Page) -> None:
    """Keeps what was received, as it came; a project's name is normalized and so a safe file name."""
    body = page.body if page.is_gzip else gzip.compress(page.body, mtime=0)
    part = folder / f"{page.ask.project}.json.part"
    part.write_bytes(body)
    part.replace(folder / f"{page.ask.project}.json.gz")
