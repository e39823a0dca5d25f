"""The transport: httpx's API over aiohttp, which is several times faster than its own; one request stays one."""

from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport, HttpxAiohttpClient


class BrokenConnectionError(aiohttp.ClientConnectionError):
    """The connection broke while a request was under way."""


async def _only_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from sending a request again, unasked and uncounted, when its connection breaks."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise BrokenConnectionError(f"{type(error).__name__}: {error}") from error


class _Transport(AiohttpTransport):
    def get_client(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self.limits.max_connections or 0,
            keepalive_timeout=self.limits.keepalive_expiry,
            ssl=self.ssl_context,
        )
        return aiohttp.ClientSession(
            connector=connector, middlewares=(_only_once,), cookie_jar=aiohttp.DummyCookieJar()
        )


class _NoCookies(httpx.Cookies):
    """A jar that stays empty: an index needs no cookies, and none is carried from one request to another."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Takes none."""


class Client(HttpxAiohttpClient):
    """httpx's client over this transport, also where it goes through a proxy."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._cookies = _NoCookies()

    def _init_transport(self, *arguments: Any, **options: Any) -> httpx.AsyncBaseTransport:
        return options.pop("transport", None) or _Transport(*arguments, **options)

    def _init_proxy_transport(self, *arguments: Any, **options: Any) -> httpx.AsyncBaseTransport:
        proxy, *rest = arguments
        options["proxy"] = _with_plain_auth(proxy)
        return _Transport(*rest, **options)


def _with_plain_auth(proxy: httpx.Proxy) -> httpx.Proxy:
    """The proxy with its password in the header that aiohttp wants; the way that httpx-aiohttp takes is deprecated."""
    if proxy.auth is None:
        return proxy
    return httpx.Proxy(proxy.url, headers={"Authorization": aiohttp.encode_basic_auth(*proxy.auth)})
