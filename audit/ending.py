"""The signals that end a process: held back for a moment, or kept from other processes."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# Ctrl-C, `kill` and a service manager's stop, a terminal that goes away.
ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held_back(notice: Callable[[int], object] = lambda _: None) -> Iterator[None]:
    """Within the block a signal only gives notice; when the block has ended, it does what it would have done at once.

    A second signal does so at once, and one that is ignored, as under nohup, stays so. In another thread than the main
    one, where no signal is handled, nothing is held back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    held = [number for number, handler in before.items() if handler not in {signal.SIG_IGN, None}]
    came: list[int] = []

    def give_back() -> None:
        while held:
            number = held.pop()
            signal.signal(number, before[number])

    def note(number: int, _: FrameType | None) -> None:
        give_back()
        came.append(number)
        notice(number)

    try:
        for number in tuple(held):
            signal.signal(number, note)
        yield
    finally:
        give_back()
    for each in came:
        signal.raise_signal(each)


@contextmanager
def unheard() -> Iterator[None]:
    """Processes that are started within the block hear none of the signals; this one hears them after it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
