"""From a bandersnatch mirror to a dataset: pages that it kept as history and current ones, one crawl per moment."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
from packaging.utils import NormalizedName

from audit.counting import counted
from audit.crawl.brought import Brought, Read, crawl_brought
from audit.crawl.decode.content import HTML
from audit.crawl.staged import Watch
from audit.dataset.store import Store
from audit.errors import DecodeError, UsageError
from audit.importing.mirror import Mirror
from audit.importing.moments import Moment, moments_of
from audit.model import Api, Fetched, Source, Summary, crawl_id_of
from audit.replay.derive import document_from, page_from

_LOG = logging.getLogger(__name__)
_HTML_ALONE = "the mirror has this page only as HTML (PEP 503), which has no upload times"


@dataclass(frozen=True, slots=True)
class MirrorRequest:
    """Which mirror to import, and how.

    ``api`` None: the JSON API if there is a page of it for every project, else the Index API. ``at`` is when the mirror
    was updated (None: as it says). ``with_history`` also takes the pages that it kept. ``is_fresh`` drops what a killed
    import left; ``may_vanish``: everything that was known may be gone.
    """

    folder: Path
    dataset: Path
    api: Api | None = None
    at: datetime | None = None
    with_history: bool = True
    is_fresh: bool = False
    may_vanish: bool = False


def import_bandersnatch(request: MirrorRequest, now: datetime, watch: Watch = lambda _: None) -> list[Summary]:
    """Commits a mirror's pages, one crawl per moment; none if the dataset's last crawl was of its newest moment.

    Moments that are not after the dataset's last crawl are skipped. After an interruption the committed ones stay, and
    the same call continues. ``now`` is used only to check that no moment is in the future.

    Raises:
        UsageError: it is not a mirror, or its time is unknown, or its current pages are older than what the dataset
        has. CrawlError, DatasetError: as `crawl_brought` does.
    """
    mirror = Mirror(request.folder)
    projects = mirror.projects
    kept = mirror.all_kept(projects) if request.with_history else ((), ())
    at = request.at or _brought_at(request, mirror, [moment.at for moment in moments_of(*kept)])
    summaries: list[Summary] = []
    for each in _crawls(request, mirror, projects, kept, at):
        summary = crawl_brought(replace(each, is_fresh=request.is_fresh and not summaries), now, watch)
        summaries += [] if summary is None else [summary]
    return summaries


def _brought_at(request: MirrorRequest, mirror: Mirror, moments: Sequence[datetime]) -> datetime:
    """The time at which all current pages were there: a mirror's run records its start, and writes pages later."""
    times = [time for time in (mirror.brought_at, *moments[-1:]) if time is not None]
    if not times:
        raise UsageError(
            f"{request.folder} does not say when it was last updated (web/last-modified): "
            "say --at, such as --at 2026-11-23T10:15Z"
        )
    return max(times)


def _crawls(
    request: MirrorRequest,
    mirror: Mirror,
    projects: Sequence[NormalizedName],
    kept: tuple[Sequence[int], Sequence[int]],
    at: datetime,
) -> Iterator[Brought]:
    """The crawls to commit; each is made after the one before it is committed."""
    last = _last(request.dataset)
    passed = 0
    for moment in moments_of(*kept):
        if last < crawl_id_of(moment.at) < crawl_id_of(at):
            yield _of_moment(request, mirror, projects, moment)
        else:
            passed += moment.at != at  # the newest kept pages are the current ones
    if passed:
        _LOG.info("%s of kept pages left out: they are not after the dataset's last crawl", counted(passed, "moment"))
    yield _of_now(request, mirror, projects, at)


def _of_moment(request: MirrorRequest, mirror: Mirror, projects: Sequence[NormalizedName], moment: Moment) -> Brought:
    times = {projects[number]: time for number, time in moment.pages.items()}

    def read(project: NormalizedName) -> Fetched:
        return Fetched(200, mirror.kept(project, times[project]))

    return _brought(request, read, sorted(times), Api.SIMPLE, moment.at)


def _of_now(request: MirrorRequest, mirror: Mirror, projects: Sequence[NormalizedName], at: datetime) -> Brought:
    api = request.api or mirror.main_api
    gone = sorted(_mirrored_before(request.dataset).difference(projects))

    def read(project: NormalizedName) -> Fetched:
        body = mirror.page(api, project)
        body = _derived(mirror, api, project) if body is None else body
        if body is None and mirror.is_html(project):
            raise DecodeError(HTML, _HTML_ALONE)
        return Fetched(404) if body is None else Fetched(200, body)

    return replace(_brought(request, read, [*projects, *gone], api, at), misnamed=mirror.misnamed)


def _brought(
    request: MirrorRequest,
    read: Read,
    projects: Sequence[NormalizedName],
    api: Api,
    at: datetime,
) -> Brought:
    return Brought(
        dataset=request.dataset,
        at=at,
        api=api,
        projects=projects,
        read=read,
        place=str(request.folder),
        source=Source.BANDERSNATCH,
        may_vanish=request.may_vanish,
    )


def _derived(mirror: Mirror, api: Api, project: NormalizedName) -> bytes | None:
    """The project's page in the form that the mirror lacks, made from the other form; None: it has neither."""
    if api is Api.JSON:
        page = mirror.page(Api.SIMPLE, project)
        return None if page is None else document_from(page)
    document = mirror.page(Api.JSON, project)
    return None if document is None else page_from(document)


def _last(dataset: Path) -> str:
    """The dataset's last crawl; empty before the first."""
    current = Store(dataset).current
    return current.name if current else ""


def _mirrored_before(dataset: Path) -> set[NormalizedName]:
    """The projects whose listed files are from a mirror: those that it no longer has have vanished."""
    current = Store(dataset).current
    return set(_projects_of(current / "files.parquet")) if current else set()


def _projects_of(files: Path) -> Iterable[NormalizedName]:
    with pq.ParquetFile(files) as opened:
        for batch in opened.iter_batches(columns=["project", "source"]):
            mirrored = batch.filter(pc.equal(batch["source"], Source.BANDERSNATCH.value))
            yield from map(NormalizedName, mirrored["project"].unique().to_pylist())
