"""The asking of one crawl: from the projects that are wanted to a staged result for each."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import anyio
from packaging.utils import NormalizedName

from audit.crawl.asking import ask_for
from audit.crawl.choice import Asker
from audit.crawl.pipeline import Pipe, run_pipeline
from audit.crawl.plan import plan_asks
from audit.crawl.request import CrawlRequest
from audit.crawl.tally import Tally
from audit.crawl.wanted import Wanted
from audit.crawl.worker import RECORD_FOLDERS, stage_results
from audit.dataset.counts import count_staged
from audit.dataset.known import Known
from audit.dataset.staging import Plan, Staging
from audit.decode.api_version import KNOWN
from audit.errors import CrawlError
from audit.model import Api, Outcome, Page, Recorded, Result, started_at
from audit.recorded import write_recorded

_LOG = logging.getLogger(__name__)

Watch = Callable[[Tally], None]


class Work:
    """What is to be asked, of whom, and where the results go."""

    def __init__(
        self,
        request: CrawlRequest,
        asker: Asker,
        staging: Staging,
        known: Mapping[NormalizedName, Known],
        wanted: Wanted,
        watch: Watch,
        began: float,
    ) -> None:
        """Nothing is asked yet; ``began`` is when the time limit began to run, by the event loop's clock."""
        self._request = request
        self._asker = asker
        self._staging = staging
        self._known = known
        self._wanted = wanted
        self._watch = watch
        self._began = began
        self._newer = {wanted.root.newer_api} if wanted.root and wanted.root.newer_api else set()

    async def ask(self, api: Api) -> None:
        """Stages a result for every project that is wanted and not staged yet."""
        request, staging = self._request, self._staging
        serials = self._wanted.root.serials if self._wanted.root else None
        asks, unchanged = plan_asks(self._wanted.projects, self._known, serials, api=api, is_full=request.is_full)
        done = set(staging.read("results").read_all()["project"].to_pylist())
        asks = [ask for ask in asks if ask.project not in done]
        same = [Result(project, Outcome.UNCHANGED) for project in unchanged if project not in done]
        tally = Tally(asked=len(asks) + len(same) + len(done))
        tally.resume(count_staged(staging).outcomes)
        ended: set[NormalizedName] = set()

        def end(item: Page | Result) -> None:
            tally.end(item)
            self._watch(tally)

        def note(results: Sequence[Result]) -> None:
            ended.update(result.project for result in results)
            self._newer.update(result.newer_api for result in results if result.newer_api)
            tally.stage(results)
            self._watch(tally)

        def stage(results: Sequence[Result]) -> None:
            _stage(staging, results)
            for result in results:
                tally.end(result)
            note(results)

        stage(same)
        record = _record_folder(request, api, staging.plan)
        pipe = Pipe(staging, api, request.manners.body_limit_bytes, record, end, note)
        ask = partial(ask_for, self._asker.fetcher, request.address, api, request.manners.body_limit_bytes)
        left_seconds = request.time_limit and request.time_limit - (anyio.current_time() - self._began)
        stopped = await run_pipeline(asks, ask, pipe, workers=request.manners.workers, time_limit=left_seconds)
        stage([_not_reached(ask.project, stopped) for ask in asks if ask.project not in ended])

    def warn(self) -> None:
        """Tells once that the index speaks a newer version of the Index API, if it does."""
        if self._newer:
            told, known = max(self._newer, key=len), ".".join(map(str, KNOWN))
            _LOG.warning(
                "the index speaks version %s of the Index API, this program knows %s: what is new in it is not read",
                told,
                known,
            )


def _record_folder(request: CrawlRequest, api: Api, plan: Plan | None) -> Path | None:
    """The folder that keeps the pages, ready for them; it says of which index they are, and when they were recorded."""
    if request.record and plan:
        folder = request.record / RECORD_FOLDERS[api]
        if folder.is_symlink():
            raise CrawlError(f"{folder} is a link, and no page is written through it: record into a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        write_recorded(request.record, Recorded(started_at(plan.crawl_id), request.address.simple))
    return request.record


def _stage(staging: Staging, results: Sequence[Result]) -> None:
    if results:
        stage_results(staging.next_path(staging.next_number), results)


def _not_reached(project: NormalizedName, why: str | None) -> Result:
    reason = why or "not-reached"
    return Result(project, Outcome.FAILED, reason=reason, detail="the crawl ended before it was asked for")
