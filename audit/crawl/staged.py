"""Stages a result for each project that must be asked for, whatever answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName

from audit.crawl.pipeline import AskFor, Pipe, run_pipeline
from audit.crawl.tally import Tally
from audit.crawl.worker import stage_results
from audit.dataset.counts import count_staged
from audit.dataset.staging import Staging
from audit.model import Api, Ask, Outcome, Page, Result, Source

Watch = Callable[[Tally], None]


@dataclass(frozen=True, slots=True)
class Asking:
    """What answers, and where the answers go.

    ``workers`` is how many ask at the same time; ``record`` is a folder that keeps the pages as received;
    ``time_limit`` is in seconds (None: none); ``source`` is where the pages are from.
    """

    staging: Staging
    api: Api
    ask_for: AskFor
    watch: Watch
    workers: int
    record: Path | None = None
    time_limit: float | None = None
    source: Source = Source.CRAWL


async def stage_all(asking: Asking, asks: Sequence[Ask], unchanged: Sequence[NormalizedName]) -> set[str]:
    """Stages a result for every project that is not staged yet; ``unchanged`` need not be asked for.

    Returns the versions of the Index API that answers declare and this program does not know.
    """
    staging = asking.staging
    done = set(staging.read("results").read_all()["project"].to_pylist())
    asks = [ask for ask in asks if ask.project not in done]
    same = [Result(project, Outcome.UNCHANGED) for project in unchanged if project not in done]
    tally = Tally(asked=len(asks) + len(same) + len(done))
    tally.resume(count_staged(staging).outcomes)
    ended: set[NormalizedName] = set()
    newer: set[str] = set()

    def end(item: Page | Result) -> None:
        tally.end(item)
        asking.watch(tally)

    def note(results: Sequence[Result]) -> None:
        ended.update(result.project for result in results)
        newer.update(result.newer_api for result in results if result.newer_api)
        tally.stage(results)
        asking.watch(tally)

    def stage(results: Sequence[Result]) -> None:
        if results:
            stage_results(staging.next_path(staging.next_number), results)
        for result in results:
            tally.end(result)
        note(results)

    stage(same)
    pipe = Pipe(staging, asking.api, asking.record, asking.source, end, note)
    stopped = await run_pipeline(asks, asking.ask_for, pipe, workers=asking.workers, time_limit=asking.time_limit)
    stage([_not_reached(ask.project, stopped) for ask in asks if ask.project not in ended])
    return newer


def _not_reached(project: NormalizedName, why: str | None) -> Result:
    reason = why or "not-reached"
    return Result(project, Outcome.FAILED, reason=reason, detail="the crawl ended before it was asked for")
