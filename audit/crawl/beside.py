"""Decodes batches beside the event loop, in other processes; any of these may be killed."""

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
# Below this many projects, starting another process costs more than it gains: a thread is used.
WORTH_A_PROCESS = 256
# The event loop uses only half of its core; the second process has the other half.
MOST_PROCESSES = 2


@contextmanager
def beside_the_loop(asked: int) -> Iterator[tuple[Runner, int]]:
    """Yields what decodes and stages one batch, and how many batches it takes at once; large crawls use processes.

    If a process is killed (for example because memory ran out), its pages are tried again. A page that gets its process
    killed even when it is alone fails as ``decoder-died``; no other page is lost.
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
    """Several processes that decode; if one dies, all of them are replaced."""

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
            CrawlError: every process died before it could do it.
        """
        pool = self._pool
        try:
            return pool.submit(decode_and_stage, job).result()
        except BrokenProcessPool:  # the other processes end too: each batch begins again, alone
            with self._lock:
                if pool is self._pool:
                    self._pool = _started(self._count)
            return _apart(job)


def _started(count: int) -> ProcessPoolExecutor:
    with unheard():  # multiprocessing's own helper process: while it starts, Python lets signals through again
        ensure_running()
    with unheard():
        pool = ProcessPoolExecutor(count, mp_context=Decoders(), initializer=prepare)
        with suppress(BrokenProcessPool):  # whoever submits a job to it gets the error
            for _ in range(count):  # a pool starts a process only with a job: start now, as pages arrive
                pool.submit(ready)
    return pool


def _apart(job: Job) -> list[Result]:
    """The batch in a process of its own; if that dies too, each page that gets a process killed is left out."""
    with suppress(BrokenProcessPool), _alone() as pool:
        return pool.submit(decode_and_stage, job).result()
    deadly = _deadly(job)
    items = [_died(item) if item in deadly else item for item in job.items]
    try:
        with _alone() as pool:
            return pool.submit(decode_and_stage, replace(job, items=items)).result()
    except BrokenProcessPool:
        raise CrawlError(
            "a decoding process is killed again and again (is there too little memory?): "
            "what was fetched is staged, and the same command resumes"
        ) from None


@contextmanager
def _alone() -> Iterator[ProcessPoolExecutor]:
    """One fresh process that has loaded what it needs: if even that fails, no page is to blame."""
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
    """The pages that get a process killed, found by halving the batch, each half in a fresh process."""
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
        item.project,
        Outcome.FAILED,
        "decoder-died",
        detail,
        body_bytes=item.body_bytes,
        duration_ms=item.duration_ms,
        attempts=item.answer.attempts,
    )
