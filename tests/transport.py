"""A transport without a socket: what answers httpx's requests (a function, a router of respx) answers the fetcher."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from inspect import isawaitable

import httpx

Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Content:
    response: httpx.Response

    async def iter_any(self) -> AsyncIterator[bytes]:
        if self.response.is_stream_consumed:  # respx has read it
            yield self.response.content
            return
        assert isinstance(self.response.stream, httpx.AsyncByteStream)
        async for piece in self.response.stream:
            yield piece


@dataclass(frozen=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    content: Content


@dataclass(frozen=True)
class HandledTransport:
    """Gives each request to ``handler``."""

    handler: Handler

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answered]:
        answer = self.handler(httpx.Request("GET", url, headers=headers))
        response = await answer if isawaitable(answer) else answer
        yield Answered(response.status_code, response.headers, Content(response))
        await response.aclose()
