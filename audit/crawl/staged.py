"""Stages a result for each project that must be asked for, whatever answers."""

from collections.abc import Callable, Sequence

from packaging.utils import NormalizedName

from audit.crawl.pipeline import Flow, Item, run_pipeline
from audit.crawl.tally import Tally
from audit.crawl.worker import stage_results
from audit.dataset.counts import count_staged
from audit.model import Ask, Outcome, Result

Watch = Callable[[Tally], None]


async def stage_all(flow: Flow, asks: Sequence[Ask], unchanged: Sequence[NormalizedName], watch: Watch) -> set[str]:
    """Stages a result for every project that is not staged yet; ``unchanged`` need not be asked for.

    Returns the versions of the Index API that answers declare and this program does not know.
    """
    staging = flow.staging
    done = set(staging.read("results").read_all()["project"].to_pylist())
    asks = [ask for ask in asks if ask.project not in done]
    same = [Result(project, Outcome.UNCHANGED) for project in unchanged if project not in done]
    tally = Tally(asked=len(asks) + len(same) + len(done))
    tally.resume(count_staged(staging).outcomes)
    ended: set[NormalizedName] = set()
    newer: set[str] = set()

    def end(item: Item) -> None:
        tally.end(item)
        watch(tally)

    def note(results: Sequence[Result]) -> None:
        ended.update(result.project for result in results)
        newer.update(result.newer_api for result in results if result.newer_api)
        tally.stage(results)
        watch(tally)

    def stage(results: Sequence[Result]) -> None:
        if results:
            stage_results(staging.next_path(staging.next_number), results)
        for result in results:
            tally.end(result)
        note(results)

    stage(same)
    stopped = await run_pipeline(asks, flow, end, note)
    stage([_not_reached(ask.project, stopped) for ask in asks if ask.project not in ended])
    return newer


def _not_reached(project: NormalizedName, why: str | None) -> Result:
    reason = why or "not-reached"
    return Result(project, Outcome.FAILED, reason=reason, detail="the crawl ended before it was asked for")
