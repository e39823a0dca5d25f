"""SIGTERM and SIGHUP as an exception in the main thread: every ``finally`` and every finalizer runs, as for Ctrl-C."""

import signal
from types import FrameType
from typing import Final, NoReturn

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


class Terminated(SystemExit):
    """A signal asked the process to end: ``signal`` says which. The exit code is 128 plus its number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.signal = signal.Signals(number)


def raise_on_signals() -> None:
    """From now on both signals raise `Terminated`; an ignored one, as under nohup, stays ignored.

    After the first signal both are ignored, so that cleaning up is not interrupted.
    """
    for number in _ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _raise)


def _raise(number: int, _: FrameType | None) -> NoReturn:
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise Terminated(number)
