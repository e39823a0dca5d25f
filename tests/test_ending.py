"""Delayed signals."""

import signal
import threading

import pytest

from audit.ending import ENDING, held_back


def hold_back(*signals: int) -> list[int]:
    """What a block that gets these signals notices."""
    noticed: list[int] = []
    with held_back(noticed.append):
        for number in signals:
            signal.raise_signal(number)
            assert noticed == [number]
    return noticed


def test_a_delayed_signal_does_at_the_end_what_it_would_have_done() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        hold_back(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_while_the_handlers_change_leaves_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {number: signal.getsignal(number) for number in ENDING}
    change = signal.signal

    def changed(number: int, handler: "signal._HANDLER") -> "signal._HANDLER":
        previous = change(number, handler)
        if number == signal.SIGINT and handler is not before[signal.SIGINT]:
            signal.raise_signal(number)
        return previous

    monkeypatch.setattr(signal, "signal", changed)
    with pytest.raises(KeyboardInterrupt):
        hold_back()
    assert {number: signal.getsignal(number) for number in ENDING} == before


def test_a_second_signal_is_not_held_back() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
    try:
        with held_back():
            signal.raise_signal(signal.SIGTERM)
            assert seen == []
            signal.raise_signal(signal.SIGTERM)
            assert seen == [signal.SIGTERM]
        assert seen == [signal.SIGTERM] * 2
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with held_back(lambda number: pytest.fail(f"{number} is noticed")):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_no_other_thread_touches_the_signals() -> None:
    handlers: list[object] = []

    def hold() -> None:
        with held_back():
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert handlers == [signal.getsignal(signal.SIGINT)]
