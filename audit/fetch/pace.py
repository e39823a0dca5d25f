"""When the next request may go out: one rate and one pause for all workers together."""

import time
from collections.abc import Awaitable, Callable

import anyio
from aiolimiter import AsyncLimiter


class Pace:
    """Lets requests out one by one; a pause that one worker was told holds for all of them."""

    def __init__(
        self,
        rate: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        """``rate`` is requests a second (None: no limit)."""
        self._limiter = AsyncLimiter(1, 1 / rate) if rate else None
        self._clock = clock
        self._sleep = sleep
        self._paused_until = 0.0

    def pause(self, seconds: float) -> None:
        """Lets no request out for the next ``seconds``; a longer pause already set stays."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    async def turn(self) -> None:
        """Returns when a request may go out."""
        while (left := self._paused_until - self._clock()) > 0:
            await self._sleep(left)
        if self._limiter:
            await self._limiter.acquire()
