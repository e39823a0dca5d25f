"""Signals that end a process, held back until a crawl has staged what had arrived."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

import anyio

from audit.crawl.process import ENDING

T = TypeVar("T")


class Stop:
    """A wish to stop: the first of the signals, ``number`` (None: none has come)."""

    def __init__(self) -> None:
        """No signal has come yet."""
        self.number: int | None = None
        self._cancel: Callable[[], object] = lambda: None

    def wish(self, number: int) -> None:
        """Cancels the work that runs under this, now or as soon as it begins."""
        self.number = number
        self._cancel()

    async def run(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """What the work gives; when a signal comes it is cancelled, with the time to end in order, and gives None."""
        loop = asyncio.get_running_loop()
        with anyio.CancelScope() as scope:
            # A signal's handler runs between any two steps of the loop, and inside them.
            self._cancel = lambda: loop.call_soon_threadsafe(scope.cancel)
            if self.number is not None:
                scope.cancel()
            try:
                return await work()
            finally:
                self._cancel = lambda: None
        return None


@contextmanager
def held_back() -> Iterator[Stop]:
    """Within the block a signal is a wish; when the block has ended, it does what it would have done at once.

    A second signal does so at once, and one that is ignored, as under nohup, stays so. In another thread than the main
    one, which signals never reach, nothing is held back.
    """
    stop = Stop()
    before = {number: signal.getsignal(number) for number in ENDING}
    held = [number for number, handler in before.items() if handler not in {signal.SIG_IGN, None}]

    def give_back() -> None:
        while held:
            number = held.pop()
            signal.signal(number, before[number])

    def note(number: int, _: FrameType | None) -> None:
        give_back()
        stop.wish(number)

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    for number in held:
        signal.signal(number, note)
    try:
        yield stop
    finally:
        give_back()
    if stop.number is not None:
        signal.raise_signal(stop.number)
