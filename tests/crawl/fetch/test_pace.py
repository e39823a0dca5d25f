"""The pace: one rate and one pause for all workers; nothing here sleeps."""

from functools import partial

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.crawl.fetch.pace import Pace


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await anyio.lowlevel.checkpoint()
        self.now += seconds


def paces(clock: Clock, rate: float | None = None) -> Pace:
    return Pace(rate, clock=clock, sleep=clock.sleep)


def test_without_a_pause_a_turn_comes_at_once() -> None:
    clock = Clock()
    anyio.run(paces(clock).turn)
    assert clock.slept == []


def test_the_longest_pause_wins() -> None:
    clock = Clock()
    pace = paces(clock)
    for seconds in (3.0, 10.0, 5.0):
        pace.pause(seconds)
    anyio.run(pace.turn)
    assert clock.slept == [10.0]


def test_a_pause_asked_of_one_worker_holds_for_all() -> None:
    clock = Clock()
    pace = paces(clock)
    began: list[float] = []

    async def worker() -> None:
        await pace.turn()
        began.append(clock.now)

    async def crew() -> None:
        pace.pause(10)
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(worker)

    anyio.run(crew)
    assert len(began) == 4
    assert min(began) >= 110.0


def test_a_pause_asked_for_during_a_pause_is_waited_for_as_well() -> None:
    clock = Clock()
    pace = paces(clock)
    pace.pause(1)
    sleep = clock.sleep

    async def sleep_and_ask_for_more(seconds: float) -> None:
        await sleep(seconds)
        if len(clock.slept) == 1:
            pace.pause(4)

    pace._sleep = sleep_and_ask_for_more
    anyio.run(pace.turn)
    assert clock.slept == [1.0, 4.0]


@given(st.lists(st.floats(0, 1000), max_size=20))
def test_no_turn_comes_before_the_end_of_any_pause(pauses: list[float]) -> None:
    clock = Clock()
    pace = paces(clock)
    for seconds in pauses:
        pace.pause(seconds)
    anyio.run(pace.turn)
    assert clock.now == pytest.approx(100 + max(pauses, default=0))


@pytest.mark.parametrize(("rate", "turns"), [(1.0, 3), (4.0, 9), (0.5, 2)])
def test_the_rate_is_kept(rate: float, turns: int) -> None:
    clock = Clock()
    pace = paces(clock, rate)

    async def take() -> None:
        for _ in range(turns):
            await pace.turn()

    anyio.run(take)
    assert clock.now - 100 == pytest.approx((turns - 1) / rate)


@pytest.mark.parametrize(("late", "ends"), [(0.25, 4.25), (0.999, 4.999), (1.0, 8.0)])
def test_who_wakes_up_late_does_not_make_the_next_one_late(late: float, ends: float) -> None:
    clock = Clock()
    pace = paces(clock, 1.0)
    sleep = clock.sleep
    pace._sleep = lambda seconds: sleep(seconds + late)

    async def take() -> None:
        for _ in range(5):
            await pace.turn()

    anyio.run(take)
    # An interval or more is no credit: what was not asked for in time is not made up for.
    assert clock.now - 100 == pytest.approx(ends)


def test_workers_share_the_rate() -> None:
    clock = Clock()
    pace = paces(clock, 2.0)

    async def crew() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(partial(pace.turn))

    anyio.run(crew)
    assert clock.now - 100 >= 2.0
