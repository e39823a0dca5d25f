"""The transport: aiohttp, limited to one request for each that is asked for; all that the rest of fetch knows of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol, Self

import aiohttp

from audit.crawl.fetch.way import Ways
from audit.urls import origin_of, parsed


class Body(Protocol):
    """A body that is still to come."""

    def iter_any(self) -> AsyncIterator[bytes]:
        """Its pieces as they come, still coded."""


class Response(Protocol):
    """An answer whose headers have arrived; their names are found in upper and lower case."""

    @property
    def status(self) -> int: ...  # noqa: D102 - as in RFC 9110

    @property
    def headers(self) -> Mapping[str, str]: ...  # noqa: D102 - as in RFC 9110

    @property
    def content(self) -> Body: ...  # noqa: D102 - as in RFC 9110


class Transport(Protocol):
    """Sends each request once, and follows no redirect; if a body is not read to its end, its connection is closed."""

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Response]:
        """The answer to a GET, open until the end of the block."""


class BrokenConnectionError(aiohttp.ClientConnectionError):
    """The connection broke while a request was under way."""


async def _only_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from silently sending a request again when its connection breaks."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise BrokenConnectionError(f"{type(error).__name__}: {error}") from error


class AiohttpTransport:
    """The transport of a crawl; use it in an ``async with`` block. Its errors are aiohttp's and ``TimeoutError``."""

    def __init__(
        self,
        *,
        connections: int,
        connect_timeout: float,
        read_timeout: float,
        total_timeout: float,
        ways: Ways,
    ) -> None:
        """Timeouts are in seconds: the silence between two pieces of an answer, and the whole of it."""
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(total_timeout, sock_connect=connect_timeout, sock_read=read_timeout)
        self._ways = ways

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections),
            cookie_jar=aiohttp.DummyCookieJar(),  # no cookie is carried from one request to another
            middlewares=(_only_once,),
            timeout=self._timeout,
            auto_decompress=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Response]:
        """See `Transport`."""
        at = parsed(url)
        way = self._ways.to(origin_of(at))
        return self._session.get(at, headers=headers, allow_redirects=False, proxy=way.proxy, ssl=way.tls or True)
