"""One request with all its manners: turns, retries, redirects within the index, limits, one fault or one answer."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import anyio
import httpx
import stamina

from audit.errors import FetchError
from audit.fetch.client import Manners
from audit.fetch.faults import TRANSPORT_ERRORS, PassingFault, fault_of, fault_of_status
from audit.fetch.pace import Pace

# Retries are told as attempts; who configures logging sees each, and nobody else's screen is written to.
logging.getLogger("stamina").addHandler(logging.NullHandler())

MOST_REDIRECTS = 5
_USABLE = frozenset({200, 304, 404, 410})
SERIAL_HEADER = "X-PyPI-Last-Serial"


@dataclass(frozen=True, slots=True)
class Answer:
    """A usable answer: 200 with a body, or 304, 404 or 410 without. ``attempts`` requests were made for it."""

    status: int
    body: bytes = field(repr=False)
    is_gzip: bool
    etag: str | None
    serial: int | None
    attempts: int
    content_type: str | None = None


class Fetcher:
    """Fetches addresses of one index; its workers share one pace."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        manners: Manners,
        pace: Pace | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``now`` is asked only to read a Retry-After that is a date."""
        self._client = client
        self._manners = manners
        self._pace = pace or Pace(manners.rate)
        self._now = now
        self._headers = dict(client.headers)
        self._extensions = {"timeout": client.timeout.as_dict()}

    async def get(self, url: str, *, accept: str, etag: str | None = None) -> Answer:
        """The answer for ``url``, asked for as often as the manners allow while the fault may pass.

        ``etag`` makes the request conditional.

        Raises:
            FetchError: no usable answer; it carries the reason and the number of attempts.
        """
        headers = {"accept": accept} | ({"if-none-match": etag} if etag else {})
        made = 1
        try:
            response, body = await self._try(url, headers)
        except PassingFault as first:
            response, body, made = await self._again(first, url, headers)
        return _answer(response, body, made)

    async def _again(self, first: PassingFault, url: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes, int]:
        """What a later attempt brought, and its number. Apart, as stamina costs more than a request that ends well."""
        made = 1
        try:
            async for attempt in stamina.retry_context(
                on=_wait_for, attempts=self._manners.attempts, timeout=None, wait_initial=0.5, wait_max=30.0
            ):
                with attempt:
                    made = attempt.num
                    if made == 1:
                        raise first
                    response, body = await self._try(url, headers)
        except FetchError as fault:
            fault.attempts = made
            raise
        return response, body, made

    async def _try(self, url: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        await self._pace.turn()
        try:
            with anyio.fail_after(self._manners.total_timeout):
                return await self._follow(httpx.URL(url), headers)
        except PassingFault as fault:
            self._heed(fault)
            raise
        except TRANSPORT_ERRORS as error:
            raise fault_of(error) from error

    def _heed(self, fault: PassingFault) -> None:
        """Makes all workers wait for what one was told, unless that is longer than anyone would wait."""
        if fault.retry_after is None:
            return
        if fault.retry_after > self._manners.longest_pause:
            raise FetchError(fault.reason, f"the index asks to wait for {fault.retry_after:.0f} s") from fault
        self._pace.pause(fault.retry_after)

    async def _follow(self, url: httpx.URL, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        for _ in range(MOST_REDIRECTS + 1):
            async with self._response(url, headers) as response:
                if response.has_redirect_location:
                    url = _within_index(url, response.headers["Location"])
                    continue
                if response.status_code not in _USABLE:
                    raise fault_of_status(response.status_code, response.headers.get("Retry-After"), self._now())
                if response.status_code != 200:
                    return response, b""
                _check_coding(response)
                return response, await self._read(response)
        raise FetchError("redirect-loop", f"more than {MOST_REDIRECTS} redirects")

    @asynccontextmanager
    async def _response(self, url: httpx.URL, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        """What ``client.stream`` gives, for a request put together here: the client takes twice as long for that."""
        asked = httpx.Request("GET", url, headers=self._headers | headers, extensions=self._extensions)
        response = await self._client.send(asked, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response) -> bytes:
        """The body as it comes, still coded: it is inflated, within the same limit, where it is decoded."""
        pieces, size = [], 0
        async for piece in response.aiter_raw():
            size += len(piece)
            if size > self._manners.body_limit_bytes:
                raise FetchError("too-large", f"the answer is larger than {self._manners.body_limit_bytes} bytes")
            pieces.append(piece)
        return b"".join(pieces)


def _wait_for(error: Exception) -> bool | float:
    """Stamina's question: try again (and after how many seconds)? The shared pace does what Retry-After asks."""
    return isinstance(error, PassingFault)


def _within_index(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads, if it stays on the index's host and does not give up https."""
    try:
        target = url.join(location)
        host = target.host
    except (httpx.InvalidURL, ValueError) as error:  # the second: a host that is no internationalized name
        raise FetchError("bad-redirect", f"redirected to {location[:200]!r}") from error
    if host != url.host or target.scheme not in {url.scheme, "https"} or target.userinfo:
        raise FetchError("foreign-redirect", f"redirected away from the index, to {target.scheme}://{host}")
    if target.scheme == url.scheme and target.port != url.port:
        raise FetchError("foreign-redirect", f"redirected to port {target.port}")
    return target


def _coding(response: httpx.Response) -> str:
    coding: str = response.headers.get("Content-Encoding", "").strip().lower()
    return {"x-gzip": "gzip", "identity": ""}.get(coding, coding)


def _check_coding(response: httpx.Response) -> None:
    """Holds that the body is coded as was asked for."""
    if (coding := _coding(response)) not in {"", "gzip"}:
        raise FetchError("bad-coding", f"the answer is coded as {coding[:40]!r}, asked for gzip")


def _answer(response: httpx.Response, body: bytes, attempts: int) -> Answer:
    serial = response.headers.get(SERIAL_HEADER, "")
    return Answer(
        status=response.status_code,
        body=body,
        is_gzip=_coding(response) == "gzip",
        etag=response.headers.get("ETag"),
        serial=int(serial) if serial.isascii() and serial.isdigit() and len(serial) < 19 else None,
        attempts=attempts,
        content_type=response.headers.get("Content-Type"),
    )
