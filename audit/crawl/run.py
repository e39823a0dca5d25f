"""One crawl from beginning to commit."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import anyio
from packaging.utils import NormalizedName

from audit.crawl.asking import ask_for
from audit.crawl.pipeline import Pipe, run_pipeline
from audit.crawl.plan import failed_before, plan_asks, whole_index
from audit.crawl.stops import held_back
from audit.crawl.tally import Tally
from audit.crawl.verdict import check_reached
from audit.crawl.worker import RECORD_FOLDERS, stage_results
from audit.dataset.commit import commit, recover
from audit.dataset.counts import count_generation, count_staged
from audit.dataset.known import Known, read_known
from audit.dataset.snapshot import check_schema
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.decode import Root, decode_root
from audit.decode.content import inflate
from audit.errors import AuditError, CrawlError, DatasetError, DecodeError, FetchError
from audit.fetch import Fetcher, Manners, open_fetcher
from audit.fetch.faults import advice_of
from audit.index import IndexAddress
from audit.index.address import ACCEPT
from audit.model import Api, Ask, Outcome, Page, Result, Summary, crawl_id_of, next_crawl_id

# From this many projects on, one request for the index's root is less than asking each whether it changed.
ROOT_WORTH_PROJECTS = 100

# Of names that an index's root lists and no project can have, so many are shown, and so much of each.
_FIRST_SHOWN = 3
_LONGEST_SHOWN = 80

_LOG = logging.getLogger(__name__)
Watch = Callable[[Tally], None]


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """What to crawl, and how.

    ``projects`` None: every project that the index's root lists. ``is_full`` asks also for what has not changed,
    ``is_fresh`` drops what a killed crawl staged, ``only_failed`` asks for what failed last time. ``time_limit`` is in
    seconds; ``record`` is a folder that keeps the pages as they came.
    """

    dataset: Path
    address: IndexAddress
    projects: Sequence[NormalizedName] | None
    api: Api = Api.JSON
    manners: Manners = field(default_factory=Manners)
    is_full: bool = False
    is_fresh: bool = False
    only_failed: bool = False
    time_limit: float | None = None
    record: Path | None = None


def crawl(request: CrawlRequest, now: datetime, watch: Watch = lambda _: None) -> Summary:
    """Runs a crawl and commits it; ``now`` is its start, ``watch`` is told of every step.

    Raises:
        CrawlError: it could not run: another crawl has the dataset, or the index's root is needed and not to be had,
            or no project had a usable answer.
        DatasetError: the dataset cannot be written; it is as it was.

    A signal that ends the process does so when all that has arrived is staged; then the same call resumes the crawl.
    """
    store = Store(request.dataset)
    staging = Staging(store.staging)
    with store.locked():
        if not request.is_fresh:
            recover(store, staging)
        if store.current:
            check_schema(store.current)
        try:
            plan = _begin(request, store, staging, now)
            with held_back() as stop:
                misnamed = anyio.run(stop.run, partial(_fetch, request, store, staging, watch)) or []
        except (OSError, BaseExceptionGroup) as error:
            raise _told(error) from error
        staged = count_staged(staging)
        try:
            check_reached(staged)
        except CrawlError:  # resumed, it would take these failures for answers
            staging.clear()
            raise
        generation = commit(store, staging, plan)
    counts = count_generation(generation, plan.crawl_id)
    return Summary(
        crawl_id=plan.crawl_id,
        dataset=request.dataset,
        asked=sum(staged.outcomes.values()),
        outcomes=staged.outcomes,
        failures=staged.failures,
        first_names=staged.first_names,
        misnamed_count=len(misnamed),
        first_misnamed=[name[:_LONGEST_SHOWN] for name in misnamed[:_FIRST_SHOWN]],
        events=counts.events,
        request_count=staged.request_count,
        body_bytes=staged.body_bytes,
        project_count=counts.project_count,
        release_count=counts.release_count,
        file_count=counts.file_count,
        untimed_file_count=counts.untimed_file_count,
        unlisted_release_count=counts.unlisted_release_count,
        set_aside_file_count=counts.set_aside_file_count,
        set_aside_field_count=counts.set_aside_field_count,
    )


def _begin(request: CrawlRequest, store: Store, staging: Staging, now: datetime) -> Plan:
    """The plan of this crawl: the one that a killed crawl left, if this call asks for the same; else a new one."""
    left = None if request.is_fresh else staging.plan
    last = store.current.name if store.current else None
    plan = Plan(next_crawl_id(now, last), request.api.value, request.address.simple)
    if left is None:
        _warn_of_clock(now, last, plan.crawl_id)
        staging.begin(plan)
        return plan
    if (left.api, left.index_url, left.schema_version) != (plan.api, plan.index_url, plan.schema_version):
        raise CrawlError(
            f"{request.dataset} holds the unfinished crawl {left.crawl_id} of {left.index_url} (--api {left.api}): "
            "finish it with the same options, or start over with --fresh"
        )
    for path in staging.drop_damaged():
        _LOG.warning(
            "%s is damaged and was dropped: its projects are asked for again (--fresh would ask for all)", path
        )
    return left


def _warn_of_clock(now: datetime, last: str | None, crawl_id: str) -> None:
    """Says what becomes of times where this crawl begins before the last one did."""
    if last is not None and crawl_id_of(now) < last:
        _LOG.warning(
            "the clock says %s, which is before the last crawl, %s: this crawl is %s, and what it sees first or sees "
            "change gets that as seen_at, a second after the last crawl; set the clock right",
            crawl_id_of(now),
            last,
            crawl_id,
        )


async def _fetch(request: CrawlRequest, store: Store, staging: Staging, watch: Watch) -> list[str]:
    """Stages a result for every project that is wanted and not staged yet.

    Gives the names in the index's root that no project can have.
    """
    known = read_known(store.current)
    async with open_fetcher(request.manners, request.address.logins) as fetcher:
        began = anyio.current_time()
        asks, unchanged, misnamed = await _plan_in_time(request, fetcher, known)
        done = set(staging.read("results").read_all()["project"].to_pylist())
        before = count_staged(staging).outcomes
        asks = [ask for ask in asks if ask.project not in done]
        same = [Result(project, Outcome.UNCHANGED) for project in unchanged if project not in done]
        tally = Tally(asked=len(asks) + len(same) + len(done))
        tally.resume(before)
        ended: set[NormalizedName] = set()

        def end(item: Page | Result) -> None:
            tally.end(item)
            watch(tally)

        def note(results: Sequence[Result]) -> None:
            ended.update(result.project for result in results)
            tally.stage(results)
            watch(tally)

        def stage(results: Sequence[Result]) -> None:
            _stage(staging, results)
            for result in results:
                tally.end(result)
            note(results)

        stage(same)
        pipe = Pipe(staging, request.api, request.manners.body_limit_bytes, _record_folder(request), end, note)
        ask = partial(ask_for, fetcher, request.address, request.api, request.manners.body_limit_bytes)
        workers = request.manners.workers
        left_seconds = request.time_limit and request.time_limit - (anyio.current_time() - began)
        stopped = await run_pipeline(asks, ask, pipe, workers=workers, time_limit=left_seconds)
        stage([_not_reached(ask.project, stopped) for ask in asks if ask.project not in ended])
    return misnamed


async def _plan_in_time(
    request: CrawlRequest, fetcher: Fetcher, known: Mapping[NormalizedName, Known]
) -> tuple[list[Ask], list[NormalizedName], list[str]]:
    try:
        with anyio.fail_after(request.time_limit):
            return await _plan(request, fetcher, known)
    except TimeoutError:
        raise CrawlError(
            f"the index's root {request.address.simple} took longer than the time limit of {request.time_limit:g} s: "
            "give it more time"
        ) from None


async def _plan(
    request: CrawlRequest, fetcher: Fetcher, known: Mapping[NormalizedName, Known]
) -> tuple[list[Ask], list[NormalizedName], list[str]]:
    wanted = failed_before(known) if request.only_failed else request.projects
    root: Root | None = None
    if wanted is None:
        root = await _root(request.address, fetcher, request.manners)
        wanted = whole_index(root.serials, known)
    elif len(wanted) >= ROOT_WORTH_PROJECTS:
        with suppress(CrawlError):  # an index need not have a root that tells serials: each project is asked instead
            root = await _root(request.address, fetcher, request.manners)
    serials, misnamed = (root.serials, root.misnamed) if root else (None, [])
    return *plan_asks(wanted, known, serials, api=request.api, is_full=request.is_full), misnamed


async def _root(address: IndexAddress, fetcher: Fetcher, manners: Manners) -> Root:
    try:
        answer = await fetcher.get(address.simple, accept=ACCEPT[Api.SIMPLE])
        if answer.status != 200:
            raise CrawlError(f"the index's root {address.simple} answered {answer.status}: check --index-url")
        document = inflate(answer.body, is_gzip=answer.is_gzip, limit_bytes=manners.body_limit_bytes)
        return decode_root(document)
    except (FetchError, DecodeError) as error:
        advice = advice_of(error.reason, "check --index-url")
        raise CrawlError(f"the index's root {address.simple} is not to be had ({error}): {advice}") from error


def _record_folder(request: CrawlRequest) -> Path | None:
    if request.record:
        (request.record / RECORD_FOLDERS[request.api]).mkdir(parents=True, exist_ok=True)
    return request.record


def _stage(staging: Staging, results: Sequence[Result]) -> None:
    if results:
        stage_results(staging.next_path(staging.next_number), results)


def _not_reached(project: NormalizedName, why: str | None) -> Result:
    reason = why or "not-reached"
    return Result(project, Outcome.FAILED, reason=reason, detail="the crawl ended before it was asked for")


def _told(error: BaseException) -> BaseException:
    """The one error that a user can mend among those that ended the tasks."""
    leaf = error
    while isinstance(leaf, BaseExceptionGroup):
        leaf = next((e for e in leaf.exceptions if isinstance(e, AuditError | OSError)), leaf.exceptions[0])
    if isinstance(leaf, OSError):
        return DatasetError(f"what was fetched cannot be staged ({leaf}): mend that and run again to resume")
    return leaf
