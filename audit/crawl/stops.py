"""Stops a crawl on a signal: it ends when it has staged what had arrived."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import anyio

from audit.ending import held_back

T = TypeVar("T")


class Stop:
    """A request to stop: the first signal, ``number`` (None: no signal has come)."""

    def __init__(self) -> None:
        """No signal has come yet."""
        self.number: int | None = None
        self._cancel: Callable[[], object] = lambda: None

    def wish(self, number: int) -> None:
        """Cancels the work of `run`, now or as soon as it begins."""
        self.number = number
        self._cancel()

    async def run(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """Returns the work's result; a signal cancels the work, which then has time to end in order."""
        loop = asyncio.get_running_loop()
        with anyio.CancelScope() as scope:
            # A signal's handler may run between any two steps of the loop, and inside a step.
            self._cancel = lambda: loop.call_soon_threadsafe(scope.cancel)
            if self.number is not None:
                scope.cancel()
            try:
                return await work()
            finally:
                self._cancel = lambda: None
        return None


@contextmanager
def stopping() -> Iterator[Stop]:
    """Within the block a signal that would end the process only asks to stop; after the block it ends the process."""
    stop = Stop()
    with held_back(stop.wish):
        yield stop
