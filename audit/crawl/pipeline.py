"""The crawl's flow: workers ask for pages, one collector has batches decoded and staged beside the event loop."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from audit.crawl.beside import Runner, beside_the_loop
from audit.crawl.worker import Job
from audit.dataset.staging import Staging
from audit.model import Api, Ask, Outcome, Page, Result, Source

BATCH_PAGES = 128
BATCH_BYTES = 4 * 1024 * 1024
# The longest time in seconds that a page waits for its batch: a kill loses no more than that.
STAGE_SECONDS = 5.0
# After the crawl's time limit, decoding what has arrived may take this many seconds more: a few hundred pages at most.
DECODE_SECONDS = 30.0
# After this many faults in a row, whatever the projects, the server is broken, and more requests would only load it.
BREAKER_FAULTS = 25

Item = Page | Result
AskFor = Callable[[Ask], Awaitable[Item]]
Ended = Callable[[Item], None]
Staged = Callable[[Sequence[Result]], None]


@dataclass(frozen=True, slots=True)
class Flow:
    """What answers, and where the answers go.

    ``workers`` is how many ask at the same time; ``record`` is a folder that keeps the pages as received;
    ``time_limit`` is in seconds (None: none); ``source`` is where the pages are from.
    """

    staging: Staging
    api: Api
    ask_for: AskFor
    workers: int
    record: Path | None = None
    time_limit: float | None = None
    source: Source = Source.CRAWL


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row, over all workers."""

    faults: int = 0

    def is_tripped_by(self, item: Item) -> bool:
        """Whether this item is one failure too many; a failure without a request says nothing of the server."""
        if isinstance(item, Result) and not item.attempts:
            return False
        failed = isinstance(item, Result) and item.outcome is Outcome.FAILED
        self.faults = self.faults + 1 if failed else 0
        return self.faults >= BREAKER_FAULTS


async def run_pipeline(asks: Sequence[Ask], flow: Flow, ended: Ended, staged: Staged) -> str | None:
    """Asks for all and stages the answers; returns why it stopped early (``time-limit``, ``circuit-open``), or None.

    ``ended`` is called for each project whose asking has ended, ``staged`` with those that are staged. What was asked
    for and has no result when this returns was not reached. What has arrived by then is decoded for up to
    `DECODE_SECONDS` more; what is left fails with ``time-limit``. When cancelled, it asks for nothing more, and ends
    when all that has arrived is staged.
    """
    pending = iter(asks)
    breaker = Breaker()
    stopped: str | None = None
    send, receive = anyio.create_memory_object_stream[Item](2 * BATCH_PAGES)
    async with anyio.create_task_group() as group:
        deadline = None if flow.time_limit is None else monotonic() + flow.time_limit + DECODE_SECONDS
        group.start_soon(_collect, receive, flow, len(asks), deadline, staged)
        async with send:
            with anyio.move_on_after(flow.time_limit) as limit:
                async with anyio.create_task_group() as crew:
                    for _ in range(flow.workers):
                        crew.start_soon(_work, pending, flow.ask_for, send.clone(), ended, breaker, crew.cancel_scope)
            if limit.cancelled_caught:
                stopped = "time-limit"
            elif breaker.faults >= BREAKER_FAULTS:
                stopped = "circuit-open"
    return stopped


async def _work(
    pending: Iterator[Ask],
    ask_for: AskFor,
    send: MemoryObjectSendStream[Item],
    ended: Ended,
    breaker: Breaker,
    crew: anyio.CancelScope,
) -> None:
    async with send:
        for ask in pending:
            item = await ask_for(ask)
            ended(item)
            with anyio.CancelScope(shield=True):  # what has arrived must not be asked for again
                await send.send(item)
            if breaker.is_tripped_by(item):
                crew.cancel()
                return


async def _collect(
    receive: MemoryObjectReceiveStream[Item], flow: Flow, asked: int, deadline: float | None, staged: Staged
) -> None:
    """Decodes what arrives batch by batch; the workers go on meanwhile. It ends when all senders are closed."""
    number = flow.staging.next_number
    with anyio.CancelScope(shield=True), beside_the_loop(asked) as (run, at_once):
        # One batch more than can be decoded at once, so that no decoder waits for its next batch.
        room = anyio.Semaphore(at_once + 1)
        async with anyio.create_task_group() as group, receive:
            async for batch in _batches(receive):
                await room.acquire()
                path = flow.staging.next_path(number)
                job = Job(batch, flow.api, path, flow.record, deadline, flow.source)
                group.start_soon(_flush, job, staged, run, room)
                number += 1


async def _batches(receive: MemoryObjectReceiveStream[Item]) -> AsyncIterator[list[Item]]:
    """What arrives, in batches: full ones, or smaller ones when their first item has waited long enough."""
    batch: list[Item] = []
    size, due = 0, inf
    while True:
        with anyio.CancelScope(deadline=due):
            try:
                item = await receive.receive()
            except anyio.EndOfStream:
                break
            due = min(due, anyio.current_time() + STAGE_SECONDS)
            batch.append(item)
            size += item.body_bytes
        if len(batch) >= BATCH_PAGES or size >= BATCH_BYTES or anyio.current_time() >= due:
            yield batch
            batch, size, due = [], 0, inf
    if batch:
        yield batch


async def _flush(job: Job, staged: Staged, run: Runner, room: anyio.Semaphore) -> None:
    try:
        staged(await run(job))
    finally:
        room.release()
