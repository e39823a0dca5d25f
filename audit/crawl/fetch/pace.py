"""When the next request may go out: one rate and one pause for all workers together."""

import time
from collections.abc import Awaitable, Callable

import anyio


class Pace:
    """Lets requests out one by one; a pause that one worker was asked for applies to all of them."""

    def __init__(
        self,
        rate: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        """``rate`` is requests a second (None: no limit)."""
        self._interval = 1 / rate if rate else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next_at = 0.0
        self._paused_until = 0.0

    def pause(self, seconds: float) -> None:
        """Lets no request out for the next ``seconds``; a longer pause already set stays."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    async def turn(self) -> None:
        """Returns when a request may go out."""
        while (left := max(self._next_at, self._paused_until) - self._clock()) > 0:
            await self._sleep(left)
        # Nothing is awaited from here on, so that no two workers take the same turn. A worker that slept a little too
        # long does not delay the next one.
        late = self._clock() - self._next_at
        self._next_at = self._clock() + self._interval - (late if late < self._interval else 0.0)
