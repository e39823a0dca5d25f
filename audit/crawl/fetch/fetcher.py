"""One request with all its manners: turns, retries, redirects within the index, limits, one fault or one answer."""

import logging
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import stamina

from audit.crawl.fetch.allowance import Allowance
from audit.crawl.fetch.client import Manners, transport_of
from audit.crawl.fetch.credentials import Credentials
from audit.crawl.fetch.faults import TRANSPORT_ERRORS, PassingFault, fault_of, fault_of_status
from audit.crawl.fetch.keyrings import keyring_of
from audit.crawl.fetch.netrc_file import read_netrc
from audit.crawl.fetch.pace import Pace
from audit.crawl.fetch.transport import BrokenConnectionError, Response, Transport
from audit.crawl.recorded import recorded_in
from audit.errors import FetchError
from audit.masking import masked
from audit.model import LARGEST_DOCUMENT_BYTES, Fetched
from audit.pip_settings import pip_options
from audit.urls import Login, origin_of, parsed

# Retries are reported as a count of attempts. Each is logged too, for those who configure logging; nothing is printed.
logging.getLogger("stamina").addHandler(logging.NullHandler())
_log = logging.getLogger(__name__)

MOST_REDIRECTS = 5
_USABLE = frozenset({200, 304, 404, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
SERIAL_HEADER = "X-PyPI-Last-Serial"


@asynccontextmanager
async def open_fetcher(manners: Manners, logins: Sequence[Login] = ()) -> AsyncIterator["Fetcher"]:
    """A fetcher for one index, with pip's proxies and certificates; netrc and keyring complete ``logins``.

    Its requests raise UsageError where a file of certificates cannot be used.

    Raises:
        UsageError: pip's configuration cannot be read, or it or the environment names a proxy that cannot be used.
    """
    async with transport_of(manners) as transport:
        yield Fetcher(transport, manners, Credentials(logins, read_netrc(os.environ), keyring_of(pip_options())))


class Fetcher:
    """Fetches addresses of one index; its workers share one pace."""

    def __init__(
        self,
        transport: Transport,
        manners: Manners,
        credentials: Credentials | None = None,
        pace: Pace | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``credentials`` None: no request is signed. ``now`` is used only for a Retry-After that is a date.

        ``request_count`` is how many requests have been made so far: each attempt, without redirects.
        """
        self._transport = transport
        self._manners = manners
        self._credentials = credentials or Credentials((), {}, lambda _service, _name: None)
        self._pace = pace or Pace(manners.rate)
        self._now = now
        self.request_count = 0
        self._headers = {"User-Agent": manners.user_agent, "Accept-Encoding": "gzip"}

    def allowance(self) -> Allowance:
        """The time that one project has, from now on."""
        return Allowance(self._manners.project_time_limit)

    async def get(
        self, url: str, *, accept: str, etag: str | None = None, allowance: Allowance | None = None
    ) -> Fetched:
        """Returns the answer for ``url``; a temporary fault is tried again as often as the manners allow.

        ``etag`` makes the request conditional; ``allowance`` is the time that is left (None: no limit).

        Raises:
            FetchError: no usable answer; it carries the reason and the number of attempts.
        """
        headers = self._headers | {"Accept": accept} | ({"If-None-Match": tag} if (tag := _sendable(etag)) else {})
        try:
            return await self._try(url, headers, 1, allowance)
        except PassingFault as first:
            return await self._again(first, url, headers, allowance)

    async def _again(
        self, first: PassingFault, url: str, headers: dict[str, str], allowance: Allowance | None
    ) -> Fetched:
        """The answer of a later attempt. Apart from the first, as stamina costs more than a request that succeeds."""
        made = 1
        try:
            async for attempt in stamina.retry_context(
                on=_wait_for, attempts=self._manners.attempts, timeout=None, wait_initial=0.5, wait_max=30.0
            ):
                with attempt:
                    made = attempt.num
                    if made == 1:
                        raise first
                    answer = await self._try(url, headers, made, allowance)
        except FetchError as fault:
            fault.attempts = made
            raise
        return answer

    async def _try(self, url: str, headers: dict[str, str], attempt: int, allowance: Allowance | None) -> Fetched:
        if allowance is None:
            await self._pace.turn()
            return await self._attempt(url, headers, attempt)
        await allowance.uncounted(self._pace.turn())
        with allowance.within():
            return await self._attempt(url, headers, attempt)
        raise allowance.over()

    async def _attempt(self, url: str, headers: dict[str, str], attempt: int) -> Fetched:
        """The answer of one attempt; any error of the transport becomes one of a few faults."""
        self.request_count += 1
        try:
            return await self._follow(url, headers, attempt)
        except PassingFault as fault:
            self._heed(fault)
            raise
        except TRANSPORT_ERRORS as error:
            raise fault_of(error) from error

    def _heed(self, fault: PassingFault) -> None:
        """Makes all workers wait for the Retry-After that one got, unless it is longer than the longest pause."""
        if fault.retry_after is None:
            return
        if fault.retry_after > self._manners.longest_pause:
            raise FetchError(fault.reason, f"the index asks to wait for {fault.retry_after:.0f} s") from fault
        self._pace.pause(fault.retry_after)

    async def _follow(self, url: str, headers: dict[str, str], attempt: int) -> Fetched:
        redirects = 0
        for turns in range(MOST_REDIRECTS + 1):
            password = self._credentials.header(url)
            signed = headers | {"Authorization": password} if password else headers
            ask = self._redirected if turns else self._transport.get
            async with ask(url, signed) as response:
                status, response_headers = response.status, response.headers
                _log.debug("GET %s: %d", masked(url), status)
                if status in _REDIRECTS and "Location" in response_headers:
                    url = _within_index(url, response_headers["Location"])
                    redirects += 1
                    continue
                if status == 401 and await self._credentials.is_mended(url, password):
                    continue
                if status not in _USABLE:
                    raise fault_of_status(status, response_headers.get("Retry-After"), self._now())
                if status != 200:
                    return _answer(status, response_headers, b"", is_gzip=False, attempts=attempt, redirects=redirects)
                is_gzip = _coding(response_headers) == "gzip"
                body = await self._read(response)
                return _answer(status, response_headers, body, is_gzip=is_gzip, attempts=attempt, redirects=redirects)
        raise FetchError("redirect-loop", f"more than {MOST_REDIRECTS} redirects")

    @asynccontextmanager
    async def _redirected(self, url: str, headers: dict[str, str]) -> AsyncIterator[Response]:
        """The answer from where a redirect led.

        A server may close its connection after a redirect without saying so. If the reused connection breaks, a fresh
        one does not count as a new attempt.
        """
        async with AsyncExitStack() as stack:
            try:
                response = await stack.enter_async_context(self._transport.get(url, headers))
            except BrokenConnectionError:
                response = await stack.enter_async_context(self._transport.get(url, headers))
            yield response

    async def _read(self, response: Response) -> bytes:
        """The body as received, still compressed: the decoder inflates it, within the same limit."""
        pieces, size = [], 0
        async for piece in response.content.iter_any():
            size += len(piece)
            if size > LARGEST_DOCUMENT_BYTES:
                raise FetchError("too-large", f"the answer is larger than {LARGEST_DOCUMENT_BYTES} bytes")
            pieces.append(piece)
        return b"".join(pieces)


def _wait_for(error: Exception) -> bool | float:
    """Stamina's question: try again (and after how many seconds)? The shared pace does what Retry-After asks."""
    return isinstance(error, PassingFault)


def _within_index(url: str, location: str) -> str:
    """Where a redirect leads, if it stays on the origin that was asked; a name or password in it is not used."""
    source = parsed(url)
    try:
        target = source.join(parsed(location))
    except ValueError:  # its message may hold a piece of a password
        raise FetchError("bad-redirect", f"redirected to {masked(location)[:200]!r}") from None
    if origin_of(target) == origin_of(source) and target.raw_user is None and target.raw_password is None:
        return str(target)
    place = f"{target.scheme}://{target.host_port_subcomponent}"
    advice = ": name that address instead" if target.scheme == "https" and target.raw_host == source.raw_host else ""
    raise FetchError("foreign-redirect", f"redirected away from the index, to {place}{advice}")


def _coding(headers: Mapping[str, str]) -> str:
    """The body's content coding, if it is one that was asked for."""
    value = headers.get("Content-Encoding", "").strip().lower()
    coding = {"x-gzip": "gzip", "identity": ""}.get(value, value)
    if coding not in {"", "gzip"}:
        raise FetchError("bad-coding", f"the answer is coded as {coding[:40]!r}, but gzip was asked for")
    return coding


def _sendable(etag: str | None) -> str | None:
    """An entity tag, if it can be sent back unchanged; one from a dataset may be anything."""
    return etag if etag and etag.isascii() and etag.isprintable() else None


def _answer(
    status: int, headers: Mapping[str, str], body: bytes, *, is_gzip: bool, attempts: int, redirects: int
) -> Fetched:
    """The answer with what its headers say; an entity tag that could not be sent back is left out."""
    serial, etag = headers.get(SERIAL_HEADER, ""), headers.get("ETag")
    return Fetched(
        status=status,
        body=body,
        is_gzip=is_gzip,
        etag=_sendable(etag),
        serial=int(serial) if serial.isascii() and serial.isdigit() and len(serial) < 19 else None,
        attempts=attempts,
        content_type=headers.get("Content-Type"),
        recorded=recorded_in(headers),
        redirect_count=redirects,
    )
