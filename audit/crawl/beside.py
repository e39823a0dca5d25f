"""Where batches are decoded: beside the event loop, in other processes."""

import os
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

import anyio.to_thread

from audit.crawl.process import Decoders, prepare, unheard
from audit.crawl.worker import Job, decode_and_stage, ready
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
    with unheard():  # the pool's own helper process starts with it
        pool = ProcessPoolExecutor(count, mp_context=Decoders(), initializer=prepare)
    with pool:
        with unheard():  # a pool starts a process with a job: have them start while the first pages come
            for _ in range(count):
                pool.submit(ready)

        async def in_process(job: Job) -> list[Result]:
            return await anyio.to_thread.run_sync(lambda: pool.submit(decode_and_stage, job).result())

        yield in_process, count
