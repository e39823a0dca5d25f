"""Where batches are decoded: beside the event loop, in another process, which is another core."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

import anyio.to_thread

from audit.crawl.worker import Job, decode_and_stage
from audit.model import Result

Runner = Callable[[Job], Awaitable[list[Result]]]
# Below this many projects, starting another process costs more than it gains: a thread does.
WORTH_A_PROCESS = 256


@contextmanager
def beside_the_loop(asked: int) -> Iterator[Runner]:
    """Gives what decodes and stages one batch; in a process of its own if the crawl is large enough."""

    async def in_thread(job: Job) -> list[Result]:
        return await anyio.to_thread.run_sync(decode_and_stage, job)

    if asked < WORTH_A_PROCESS:
        yield in_thread
        return
    # Spawned, not forked: a fork would take the event loop's sockets and threads along.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent) as pool:
        pool.submit(_ready)  # a pool starts its process with the first job: have it import while the first pages come

        async def in_process(job: Job) -> list[Result]:
            return await anyio.to_thread.run_sync(lambda: pool.submit(decode_and_stage, job).result())

        yield in_process


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
