"""One crawl from beginning to commit."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import anyio
import msgspec
from packaging.utils import NormalizedName

from audit.crawl.belief import better_choice, check_believable
from audit.crawl.belonging import own_mark
from audit.crawl.choice import API_NAMES, Asker, Choice, choose_api
from audit.crawl.conclusion import cause_of, conclude
from audit.crawl.fetch import open_fetcher
from audit.crawl.request import CrawlRequest
from audit.crawl.staged import Watch
from audit.crawl.stops import stopping
from audit.crawl.wanted import Wanted, find_wanted
from audit.crawl.work import Work
from audit.dataset.counts import count_staged
from audit.dataset.known import Known, read_known
from audit.dataset.mark import Mark
from audit.dataset.snapshot import find_snapshot
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.dataset.table import SCHEMA_VERSION
from audit.dataset.writing import writing
from audit.errors import CrawlError
from audit.model import Api, Source, Summary, crawl_id_of, next_crawl_id

_LOG = logging.getLogger(__name__)
# Joins the choices of a crawl that was resumed with another choice.
_THEN = ", then "


def crawl(request: CrawlRequest, now: datetime, watch: Watch = lambda _: None) -> Summary:
    """Runs a crawl and commits it; ``now`` is its start, ``watch`` is called at every step.

    Raises:
        CrawlError: it could not run: another crawl uses the dataset, or the index's root is needed and not available,
            or no project had a usable answer, or the answers cannot be believed (`audit.crawl.belief`).
        DatasetError: the dataset cannot be written, and is as it was; or there is none, and only what failed is wanted.
        UsageError: the dataset belongs to another index.

    A signal that ends the process takes effect when all that has arrived is staged; the same call then resumes the
    crawl.
    """
    if request.only_failed:
        find_snapshot(request.dataset)  # a wrong path would become an empty dataset, as if nothing had failed
    with writing(request.dataset, is_fresh=request.is_fresh) as (store, staging):
        mark = own_mark(store, request)
        try:
            with stopping() as stop:
                fetched = anyio.run(stop.run, partial(_fetch, request, store, staging, mark, now, watch))
        except (OSError, BaseExceptionGroup) as error:
            raise cause_of(error, request.dataset) from error
        if fetched is None:  # stopped by a signal whose handler lets the program go on
            raise CrawlError("the crawl was stopped: the same command resumes it")
        return conclude(
            store,
            staging,
            fetched.plan,
            fetched.mark,
            place=request.address.option(fetched.api),
            request_count=fetched.request_count,
            misnamed=fetched.misnamed,
        )


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A crawl whose results are all staged; ``mark`` says which index its dataset will be of.

    ``api`` is the one that was asked. ``misnamed`` are the names in the index's root that no project can have;
    ``request_count`` counts all requests, also those for pages that a killed crawl had staged.
    """

    plan: Plan
    api: Api
    mark: Mark
    misnamed: list[str]
    request_count: int


def _left(request: CrawlRequest, staging: Staging) -> Plan | None:
    """The plan that a killed crawl left, to be resumed; None: there is none.

    Raises:
        CrawlError: that crawl is not the one that this call asks for.
    """
    left = None if request.is_fresh else staging.plan
    if left is None:
        return None
    if left.source is not Source.CRAWL:
        raise CrawlError(
            f"{request.dataset} holds the unfinished import {left.crawl_id} ({left.source}): "
            "run that import again, or start over with --fresh"
        )
    meant = (left.api if request.api is None else request.api.value, request.address.simple, SCHEMA_VERSION)
    if request.is_moved and left.index_url != request.address.simple:
        left = msgspec.structs.replace(left, index_url=request.address.simple)
    if (left.api, left.index_url, left.schema_version) != meant:
        moved = " (--moved-index if that index is now at the new address)" if left.index_url != meant[1] else ""
        raise CrawlError(
            f"{request.dataset} holds the unfinished crawl {left.crawl_id} of {left.index_url} (--api {left.api}): "
            f"finish it with the same options{moved}, or start over with --fresh"
        )
    for path in staging.drop_damaged():
        _LOG.warning(
            "%s is damaged and was dropped: its projects are asked for again (--fresh would ask for all)", path
        )
    if request.chosen_by not in (left.chosen_by or "").split(_THEN):
        left = msgspec.structs.replace(left, chosen_by=_THEN.join(filter(None, [left.chosen_by, request.chosen_by])))
    if left != staging.plan:
        staging.rewrite(left)
    return left


def _begin(request: CrawlRequest, store: Store, staging: Staging, now: datetime, api: Api) -> Plan:
    """A new plan, with nothing staged."""
    last = store.current.name if store.current else None
    plan = Plan(next_crawl_id(now, last), api.value, request.address.simple, chosen_by=request.chosen_by)
    _warn_of_clock(now, last, plan.crawl_id)
    staging.begin(plan)
    return plan


def _warn_of_clock(now: datetime, last: str | None, crawl_id: str) -> None:
    """Warns if this crawl begins before the last one did, and says what that means for times."""
    if last is not None and crawl_id_of(now) < last:
        _LOG.warning(
            "the clock says %s, which is before the last crawl, %s: this crawl is %s, and what it sees first or sees "
            "change gets that as seen_at, a second after the last crawl; set the clock right",
            crawl_id_of(now),
            last,
            crawl_id,
        )


async def _fetch(
    request: CrawlRequest, store: Store, staging: Staging, mark: Mark, now: datetime, watch: Watch
) -> _Fetched:
    """Stages a result for every wanted project that has none staged yet."""
    known, left = read_known(store.current), _left(request, staging)
    resumed_count = count_staged(staging).request_count if left else 0
    async with open_fetcher(request.manners, request.address.logins) as fetcher:
        asker = Asker(fetcher, request.address)
        began = anyio.current_time()
        with _limited(request):
            wanted = await find_wanted(request, asker, known)
            choice = await _chosen(request, asker, wanted, known, left.api if left else mark.api)
        plan = left or _begin(request, store, staging, now, choice.api)
        work = Work(request, asker, staging, known, wanted, watch, began)
        await work.ask(choice.api)
        try:
            other = await better_choice(asker, choice.api, staging, known)
            if other is not None:
                choice = _switched(request, other)
                plan = msgspec.structs.replace(plan, api=choice.api.value)
                staging.begin(plan)
                await work.ask(choice.api)
            listed = wanted.root.serials if wanted.root else ()
            await check_believable(asker, choice.api, staging, known, listed, may_vanish=request.may_vanish)
        except CrawlError:  # if it were resumed, these answers would be taken as good
            staging.clear()
            raise
    work.warn()
    api = choice.api.value if choice.is_sure else mark.api
    misnamed = wanted.root.misnamed if wanted.root else []
    mark = msgspec.structs.replace(mark, index_url=plan.index_url, api=api)
    return _Fetched(plan, choice.api, mark, misnamed, resumed_count + fetcher.request_count)


@contextmanager
def _limited(request: CrawlRequest) -> Iterator[None]:
    """Ends what comes before the asking when it exceeds the time limit."""
    try:
        with anyio.fail_after(request.time_limit):
            yield
    except TimeoutError:
        raise CrawlError(
            f"the index's root {request.address.simple} took longer than the time limit of {request.time_limit:g} s: "
            "give it more time"
        ) from None


async def _chosen(
    request: CrawlRequest, asker: Asker, wanted: Wanted, known: Mapping[NormalizedName, Known], kept: str | None
) -> Choice:
    """The API to ask: the one that the request names, else the ``kept`` one, else the one that suits the index."""
    if request.api is not None:
        return Choice(request.api, "--api says so")
    if kept is not None:
        return Choice(Api(kept), "its last crawl used it")
    listing = [project for project in wanted.projects if project in known and known[project].file_count]
    choice = await choose_api(asker, listing or wanted.projects)
    if wanted.projects:
        _log_choice(request, choice)
    return choice


def _switched(request: CrawlRequest, other: Choice) -> Choice:
    """Returns the other API, if the request leaves the choice to the index.

    Raises:
        CrawlError: it does not.
    """
    if request.api is not None:
        raise CrawlError(
            f"no project can be read through the {API_NAMES[request.api]} of {request.address.simple}: {other.why}; "
            f"nothing is committed, ask with --api {other.api}"
        )
    _log_choice(request, other)
    return other


def _log_choice(request: CrawlRequest, choice: Choice) -> None:
    _LOG.info("%s is asked through its %s: %s", request.address.simple, API_NAMES[choice.api], choice.why)
