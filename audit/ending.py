"""The signals that end a process: delayed for a moment, or kept from other processes."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# Ctrl-C, `kill` and a service manager's stop, a closed terminal.
ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held_back(notice: Callable[[int], object] = lambda _: None) -> Iterator[None]:
    """Within the block a signal only calls ``notice``; it takes effect when the block has ended.

    A second signal takes effect at once, and an ignored one, as under nohup, stays ignored. In a thread other than the
    main one, where Python handles no signals, nothing is delayed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    held = [number for number, handler in before.items() if handler not in {signal.SIG_IGN, None}]
    came: list[int] = []

    def give_back() -> None:  # a signal that comes at any line of it, or of the loop below, does it once more
        for number in reversed(held):
            signal.signal(number, before[number])

    def note(number: int, _: FrameType | None) -> None:
        give_back()
        came.append(number)
        notice(number)

    try:
        for number in held:
            signal.signal(number, note)
        yield
    finally:
        give_back()
    for each in came:
        signal.raise_signal(each)


@contextmanager
def unheard() -> Iterator[None]:
    """Processes started within the block ignore these signals; this process gets them after the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
