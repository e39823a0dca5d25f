"""How long one project may take: an answer that drips, redirects or fails slowly keeps a worker no longer than that."""

from collections.abc import Awaitable, Callable

import anyio

from audit.errors import FetchError


class Allowance:
    """Seconds that all requests for one project may take together, with the pauses between them.

    Waiting for a turn is not counted: a pause that a Retry-After asked for holds all workers, and a low rate is the
    user's own wish.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = anyio.current_time) -> None:
        """Starts the time now."""
        self._seconds = seconds
        self._clock = clock
        self._ends_at = clock() + seconds

    async def uncounted(self, waiting: Awaitable[None]) -> None:
        """Waits, and moves the end by the time waited."""
        began = self._clock()
        await waiting
        self._ends_at += self._clock() - began

    def within(self) -> anyio.CancelScope:
        """A scope that ends its block when the time is over; raise `over` then."""
        return anyio.move_on_after(self._ends_at - self._clock())

    def over(self) -> FetchError:
        """The fault of a project that took too long."""
        detail = f"all requests took longer than {self._seconds:g} s together: --project-time-limit allows more"
        return FetchError("too-slow", detail)
