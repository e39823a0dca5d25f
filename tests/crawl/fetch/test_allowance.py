"""How long one project may take: what runs counts, what waits for its turn does not."""

import anyio
import pytest

from audit.crawl.fetch.allowance import Allowance
from audit.errors import FetchError


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.now += seconds


def left(clock: Clock, allowance: Allowance) -> float:
    """Seconds until the block would end; the event loop's own clock hardly moves meanwhile."""

    async def run() -> float:
        return allowance.within().deadline - anyio.current_time()

    return anyio.run(run)


def test_waiting_for_a_turn_does_not_count_and_all_else_does() -> None:
    clock = Clock()
    allowance = Allowance(50, clock)
    anyio.run(allowance.uncounted, clock.wait(30))
    assert left(clock, allowance) == pytest.approx(50, abs=1)
    clock.now += 20
    assert left(clock, allowance) == pytest.approx(30, abs=1)
    clock.now += 40
    assert left(clock, allowance) == pytest.approx(-10, abs=1)


def test_a_block_ends_with_the_time() -> None:
    async def run() -> None:
        allowance = Allowance(0.01)
        with allowance.within():
            await anyio.sleep_forever()
        raise allowance.over()

    with pytest.raises(FetchError, match=r"too-slow: all requests took longer than 0\.01 s together"):
        anyio.run(run)
