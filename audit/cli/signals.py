"""SIGTERM and SIGHUP as an exception in the main thread: every ``finally`` and every finalizer runs, as for Ctrl-C."""

import signal
from types import FrameType
from typing import Final, NoReturn

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


class Terminated(SystemExit):
    """A signal asked the process to end: ``signal`` is which. The exit code is 128 and its number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.signal = signal.Signals(number)


def raise_on_signals() -> None:
    """From now on both signals raise `Terminated`; one that is ignored, as under nohup, stays so.

    The first of them is the last: what is tidied up then is not disturbed again.
    """
    for number in _ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _raise)


def _raise(number: int, _: FrameType | None) -> NoReturn:
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise Terminated(number)
