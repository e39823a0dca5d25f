"""Where batches are decoded: beside the event loop, in other processes, of which one may be killed."""

import os
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.resource_tracker import ensure_running
from threading import Lock
from typing import Self

import anyio.to_thread

from audit.crawl.process import Decoders, prepare
from audit.crawl.worker import Job, decode, decode_and_stage, ready
from audit.ending import unheard
from audit.errors import CrawlError
from audit.model import Outcome, Page, Result

Runner = Callable[[Job], Awaitable[list[Result]]]
# Below this many projects, starting another process costs more than it gains: a thread does.
WORTH_A_PROCESS = 256
# The event loop leaves half of its core to the second one.
MOST_PROCESSES = 2


@contextmanager
def beside_the_loop(asked: int) -> Iterator[tuple[Runner, int]]:
    """Gives what decodes and stages one batch, and how many it takes at once; large crawls get processes for it.

    A process that is killed, as by a system that is out of memory, costs at most the page that has it killed again
    when it is alone: that project fails as ``decoder-died``.
    """

    async def in_thread(job: Job) -> list[Result]:
        return await anyio.to_thread.run_sync(decode_and_stage, job)

    if asked < WORTH_A_PROCESS:
        yield in_thread, 1
        return
    count = min(MOST_PROCESSES, os.cpu_count() or 1)
    with _Crew(count) as crew:

        async def in_process(job: Job) -> list[Result]:
            return await anyio.to_thread.run_sync(crew.run, job)

        yield in_process, count


class _Crew:
    """Some processes that decode; where one dies, all of them are replaced."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._lock = Lock()
        self._pool = _started(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def run(self, job: Job) -> list[Result]:
        """Decodes and stages one batch; called from several threads.

        Raises:
            CrawlError: no process lives long enough to do it.
        """
        pool = self._pool
        try:
            return pool.submit(decode_and_stage, job).result()
        except BrokenProcessPool:  # which ends what the others were at as well: each begins again, apart
            with self._lock:
                if pool is self._pool:
                    self._pool = _started(self._count)
            return _apart(job)


def _started(count: int) -> ProcessPoolExecutor:
    with unheard():  # the helper of all pools: as it starts, Python lets signals through again
        ensure_running()
    with unheard():
        pool = ProcessPoolExecutor(count, mp_context=Decoders(), initializer=prepare)
        with suppress(BrokenProcessPool):  # who gives it a job finds that out
            for _ in range(count):  # a pool starts a process with a job: have them start while the first pages come
                pool.submit(ready)
    return pool


def _apart(job: Job) -> list[Result]:
    """The batch in a process of its own; if that dies too, without the pages that have a process killed each."""
    with suppress(BrokenProcessPool), _alone() as pool:
        return pool.submit(decode_and_stage, job).result()
    deadly = _deadly(job)
    items = [_died(item) if item in deadly else item for item in job.items]
    try:
        with _alone() as pool:
            return pool.submit(decode_and_stage, replace(job, items=items)).result()
    except BrokenProcessPool:
        raise CrawlError(
            "a process that decodes is killed again and again (is there too little memory?): "
            "what was fetched is staged, and the same command resumes"
        ) from None


@contextmanager
def _alone() -> Iterator[ProcessPoolExecutor]:
    """One fresh process, which can at least load what it needs: otherwise no page is to blame."""
    with _started(1) as pool:
        try:
            pool.submit(ready).result()
        except BrokenProcessPool:
            raise CrawlError(
                "no process can be started to decode (is there too little memory?): "
                "what was fetched is staged, and the same command resumes"
            ) from None
        yield pool


def _deadly(job: Job) -> list[Page | Result]:
    """The pages that have a process killed each; looked for by halves, each half in a fresh process."""
    with suppress(BrokenProcessPool), _alone() as pool:
        pool.submit(decode, job).result()
        return []
    if len(job.items) == 1:
        return list(job.items)
    half = len(job.items) // 2
    return [page for some in (job.items[:half], job.items[half:]) for page in _deadly(replace(job, items=some))]


def _died(item: Page | Result) -> Result:
    if isinstance(item, Result):
        return item
    detail = "each process that decodes this page is killed: it may take more memory than there is"
    return Result(
        item.ask.project,
        Outcome.FAILED,
        "decoder-died",
        detail,
        body_bytes=len(item.body),
        duration_ms=item.duration_ms,
        attempts=item.attempts,
    )
