"""A crawl of pages that are already on disk: the same as any crawl, but without an index."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread
import msgspec
from packaging.utils import NormalizedName

from audit.counting import counted
from audit.crawl.conclusion import cause_of, conclude
from audit.crawl.pipeline import Flow
from audit.crawl.plan import plan_asks
from audit.crawl.staged import Watch, stage_all
from audit.crawl.stops import stopping
from audit.crawl.vanishing import MANY, seen_in
from audit.crawl.work import warn_of_newer
from audit.dataset.known import Known, read_known
from audit.dataset.mark import Mark, mark_of, read_mark
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.dataset.writing import writing
from audit.errors import CrawlError, DecodeError, UsageError
from audit.model import Api, Ask, Fetched, Outcome, Page, Result, Source, Summary, crawl_id_of

_LOG = logging.getLogger(__name__)
# Reading from a disk is mostly waiting, so several threads read at a time.
_READERS: Final = 4
_YEARS: Final = range(2000, 9000)

Read = Callable[[NormalizedName], Fetched]


@dataclass(frozen=True, slots=True)
class Brought:
    """The pages of one moment, which become one crawl of ``dataset``.

    ``at`` is that moment; the crawl's id is made from it, to the second. ``projects`` are asked for, by ``read``:
    several threads call it; a project that it calls missing vanishes, and one for which it raises DecodeError fails.
    ``serials`` are those in the root page that belongs to them (None: it has none): a project whose serial has not
    moved is not read. ``misnamed`` are names there that no project can have. ``index_url`` is the index that the pages
    are from (None: unknown); ``place`` is where they lie, ``source`` what they are. ``is_fresh`` drops what a killed
    call left; ``may_vanish``: everything that was known may be gone.
    """

    dataset: Path
    at: datetime
    api: Api
    projects: Sequence[NormalizedName]
    read: Read
    place: str
    source: Source
    serials: Mapping[NormalizedName, int | None] | None = None
    misnamed: Sequence[str] = ()
    index_url: str | None = None
    is_fresh: bool = False
    may_vanish: bool = False


def crawl_brought(brought: Brought, now: datetime, watch: Watch = lambda _: None) -> Summary | None:
    """Commits pages as a crawl would; returns None if the dataset's last crawl is of this moment: it has them already.

    ``now`` is used only to check that the moment is not in the future. After an interruption the same call resumes, as
    with a crawl.

    Raises:
        CrawlError: another crawl uses the dataset, or was left unfinished in it; or no page was usable, or most of what
            was known would vanish.
        DatasetError: the dataset cannot be written; it is as it was.
        UsageError: the pages are of another index, or older than what the dataset holds; or the moment is before any
            index existed.
    """
    _check_moment(brought.at, now, brought.place)
    with writing(brought.dataset, is_fresh=brought.is_fresh) as (store, staging):
        mark = _own_mark(store, brought)
        if not _is_news(store, brought):
            if staging.plan is None:  # if it was killed after the commit, part of the staging may be left
                staging.clear()
            return None
        plan = _begun(brought, staging)
        try:
            with stopping() as stop:
                newer = anyio.run(stop.run, partial(_staged, brought, store, staging, watch))
        except (OSError, BaseExceptionGroup) as error:
            raise cause_of(error, brought.dataset) from error
        if newer is None:  # stopped by a signal whose handler lets the program go on
            raise CrawlError("the import was stopped: the same command resumes it")
        warn_of_newer(newer)
        return conclude(
            store, staging, plan, mark, place=brought.place, advice="look at the pages", misnamed=brought.misnamed
        )


def _check_moment(at: datetime, now: datetime, place: str) -> None:
    """Checks that a crawl can be of the moment ``at``; warns of one in the future.

    Raises:
        UsageError: the moment is before any index existed, or too far in the future.
    """
    if at.year not in _YEARS:
        raise UsageError(f"{place} says that it is from the year {at.year}, which is impossible: say --at")
    if at > now:
        _LOG.warning(
            "%s says that it is from %s, which is in the future: the crawls that follow get their times after that; "
            "if that is wrong, set the clock right, or say --at and import into a new --dataset",
            place,
            crawl_id_of(at),
        )


def _own_mark(store: Store, brought: Brought) -> Mark:
    """The mark that the dataset gets.

    Raises:
        UsageError: the dataset belongs to another index than the pages.
    """
    mark = read_mark(store.folder)
    if mark is None or store.current is None:
        mark = mark_of()
    if brought.index_url and mark.index_url not in {None, brought.index_url}:
        raise UsageError(
            f"{store.folder} belongs to {mark.index_url}, {brought.place} to {brought.index_url}: "
            "choose another --dataset"
        )
    api = brought.api.value
    return msgspec.structs.replace(mark, index_url=brought.index_url or mark.index_url, api=api)


def _is_news(store: Store, brought: Brought) -> bool:
    """Whether the pages are newer than what the dataset holds; false: both are of the same moment.

    Raises:
        UsageError: they are older: what came since would seem to vanish.
    """
    last, crawl_id = store.current.name if store.current else "", crawl_id_of(brought.at)
    if crawl_id < last:
        raise UsageError(
            f"{brought.place} is from {crawl_id}, before the last crawl of {store.folder}, {last}: "
            "import it into a new --dataset"
        )
    return crawl_id > last


def _begun(brought: Brought, staging: Staging) -> Plan:
    """The plan of this crawl, with what an earlier, killed call for the same pages has staged.

    Raises:
        CrawlError: a crawl of something else is staged; dropping it would mean asking for its pages again.
    """
    plan = Plan(
        crawl_id_of(brought.at),
        brought.api.value,
        None,
        chosen_by=f"import {brought.source}",
        source=brought.source,
    )
    left = None if brought.is_fresh else staging.plan
    if left is not None and left.source is not plan.source:
        what = f"crawl {left.crawl_id} of {left.index_url}" if left.index_url else f"{left.chosen_by} {left.crawl_id}"
        raise CrawlError(
            f"{brought.dataset} holds the unfinished {what}: finish it with its own command, or drop it with --fresh"
        )
    if left == plan:
        staging.drop_damaged()
    else:
        staging.begin(plan)
    return plan


async def _staged(brought: Brought, store: Store, staging: Staging, watch: Watch) -> set[str]:
    known = read_known(store.current)
    asks, unchanged = plan_asks(brought.projects, known, brought.serials, api=brought.api, is_full=False)

    async def ask_for(ask: Ask) -> Page | Result:
        try:
            return Page(ask, await anyio.to_thread.run_sync(brought.read, ask.project))
        except DecodeError as error:
            return Result(ask.project, Outcome.FAILED, reason=error.reason, detail=error.detail)

    flow = Flow(staging, brought.api, ask_for, workers=_READERS, source=brought.source)
    newer = await stage_all(flow, asks, unchanged, watch)
    if not brought.may_vanish:
        try:
            _check_kept(brought, staging, known)
        except CrawlError:  # if it were resumed, these pages would be taken as good
            staging.clear()
            raise
    return newer


def _check_kept(brought: Brought, staging: Staging, known: Mapping[NormalizedName, Known]) -> None:
    """Checks that a crawl does not lose `MANY` or more known projects that are also more than half of those asked for.

    Raises:
        CrawlError: they do.
    """
    seen = seen_in(staging.read("results"), known)
    gone, there = len(seen.gone), seen.there_count + seen.settled_count
    if gone >= MANY and gone > there:
        raise CrawlError(
            f"{brought.place} lists nothing any more for {gone:,} of the {counted(gone + there, 'known project')}: is "
            "it the right folder? Nothing is committed; if they are gone, say --allow-vanishing"
        )
