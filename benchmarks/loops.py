"""The bare loops that the crawl is held against: they fetch and decode every project of the root, and keep nothing.

python -m benchmarks.loops httpx|pyreqwest ADDRESS
"""

import asyncio
import gzip
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from urllib.request import urlopen

import httpx
import msgspec
from pyreqwest.client import ClientBuilder

TASKS = 32


class _Digests(msgspec.Struct):
    sha256: str


class _File(msgspec.Struct):
    filename: str
    digests: _Digests
    packagetype: str
    size: int
    upload_time_iso_8601: str
    requires_python: str | None
    yanked: bool
    yanked_reason: str | None


class _Document(msgspec.Struct):
    releases: dict[str, list[_File]]
    last_serial: int


Get = Callable[[str], Awaitable[object]]


async def _share(urls: Iterable[str], get: Get) -> None:
    """Has ``TASKS`` tasks get all addresses."""
    pending = iter(urls)

    async def work() -> None:
        for url in pending:
            await get(url)

    await asyncio.gather(*(work() for _ in range(TASKS)))


async def with_httpx(urls: list[str]) -> None:
    """Stock httpx: its own transport, and the standard library's JSON."""
    async with httpx.AsyncClient(trust_env=False) as client:

        async def get(url: str) -> object:
            response = await client.get(url)
            response.raise_for_status()
            return json.loads(response.content)

        await _share(urls, get)


async def with_pyreqwest(urls: list[str]) -> None:
    """pyreqwest, which is written in Rust, and msgspec with a plain struct of the fields that the dataset keeps."""
    decoder = msgspec.json.Decoder(_Document)
    async with ClientBuilder().no_proxy().gzip(True).error_for_status(True).build() as client:

        async def get(url: str) -> object:
            response = await client.get(url).build().send()
            return decoder.decode(await response.bytes())

        await _share(urls, get)


def main() -> None:
    """Runs one loop and says, as JSON, how many documents it took, in what seconds of the clock and of processors."""
    name, address = sys.argv[1:]
    root = address.removesuffix("simple/")
    with urlopen(address) as answer:  # noqa: S310 - loopback
        listed = json.loads(gzip.decompress(answer.read()))["projects"]
    urls = [f"{root}pypi/{project['name']}/json" for project in listed]
    before, began = time.process_time(), time.perf_counter()
    asyncio.run({"httpx": with_httpx, "pyreqwest": with_pyreqwest}[name](urls))
    took = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - before}
    print(json.dumps({"documents": len(urls), **took}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
