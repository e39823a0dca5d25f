"""Where batches are decoded: beside the event loop, in other processes."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext

import anyio.to_thread

from audit.crawl.worker import Job, decode_and_stage
from audit.model import Result

Runner = Callable[[Job], Awaitable[list[Result]]]
# Below this many projects, starting another process costs more than it gains: a thread does.
WORTH_A_PROCESS = 256
# The event loop leaves half of its core to the second one.
MOST_PROCESSES = 2


@contextmanager
def beside_the_loop(asked: int) -> Iterator[tuple[Runner, int]]:
    """Gives what decodes and stages one batch, and how many it takes at once; large crawls get processes for it."""

    async def in_thread(job: Job) -> list[Result]:
        return await anyio.to_thread.run_sync(decode_and_stage, job)

    if asked < WORTH_A_PROCESS:
        yield in_thread, 1
        return
    count = min(MOST_PROCESSES, os.cpu_count() or 1)
    with ProcessPoolExecutor(count, mp_context=_context(), initializer=_end_with_parent) as pool:
        for _ in range(count):  # a pool starts a process with a job: have them start while the first pages come
            pool.submit(_ready)

        async def in_process(job: Job) -> list[Result]:
            return await anyio.to_thread.run_sync(lambda: pool.submit(decode_and_stage, job).result())

        yield in_process, count


def _context() -> BaseContext:
    """How processes start. Not as forks of this one: those would take the event loop's sockets and threads along."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # PyArrow imports pandas with the first list that it converts: here once for all processes.
    context.set_forkserver_preload([decode_and_stage.__module__, "pandas"])
    return context


def _ready() -> None:
    """A job that only has the process started."""


def _end_with_parent() -> None:
    """Leaves it to the crawl when this process ends: Ctrl-C reaches both, and a crawl that is killed tells nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()
