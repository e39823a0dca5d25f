"""From pages that `crawl --record` kept to a dataset: what a crawl of their replay would commit, without a server."""

from datetime import datetime
from pathlib import Path

from packaging.utils import NormalizedName

from audit.crawl.brought import Brought, crawl_brought
from audit.crawl.decode import decode_root
from audit.crawl.index import resolve_address
from audit.crawl.staged import Watch
from audit.errors import IndexAddressError, UsageError
from audit.model import Api, Fetched, Recorded, Source, Summary
from audit.replay.recording import Recording, recorded_projects


def import_recorded(
    folder: Path,
    dataset: Path,
    now: datetime,
    *,
    api: Api | None,
    at: datetime | None = None,
    is_fresh: bool = False,
    may_vanish: bool = False,
    watch: Watch = lambda _: None,
) -> Summary | None:
    """Commits the pages in ``folder`` as one crawl; None: the dataset's last crawl was of the same moment.

    ``api`` None: the JSON API if a page of it was recorded, else the Index API. ``at`` is when the pages were recorded
    (None: as the folder says).

    Raises:
        UsageError: there are no pages, or it is unknown when they were recorded, or the dataset does not fit them.
        CrawlError, DatasetError: as `crawl_brought` does.
    """
    recorded_projects(folder)
    recording = Recording(folder)
    api = api or recording.main_api

    def read(project: NormalizedName) -> Fetched:
        answer = recording.answer(api, project)
        if answer is None:
            return Fetched(404, recorded=recording.recorded)
        return Fetched(200, answer.packed, is_gzip=True, serial=answer.facts.serial, recorded=recording.recorded)

    root = decode_root(recording.root().body(is_gzip=False))
    return crawl_brought(
        Brought(
            dataset=dataset,
            at=at or _recorded_at(recording, folder),
            api=api,
            projects=list(root.serials),
            serials=root.serials,
            read=read,
            place=str(folder),
            source=Source.RECORDED,
            misnamed=root.misnamed,
            index_url=_index_of(recording.recorded),
            is_fresh=is_fresh,
            may_vanish=may_vanish,
        ),
        now,
        watch,
    )


def _recorded_at(recording: Recording, folder: Path) -> datetime:
    if recording.recorded is None:
        raise UsageError(
            f"{folder} does not say when its pages were recorded: say --at, such as --at 2026-11-23T10:15Z"
        )
    return recording.recorded.recorded_at


def _index_of(recorded: Recorded | None) -> str | None:
    """The index that pages were recorded from, if its address is known; a crawl cannot use a mere name."""
    if recorded is None or not recorded.recorded_from:
        return None
    try:
        return resolve_address(recorded.recorded_from).simple
    except IndexAddressError:
        return None
