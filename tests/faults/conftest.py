"""Fixtures for every fault: nothing sleeps, and no task and no socket is left."""

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina

from audit.crawl import run
from audit.crawl.fetch import fetcher
from audit.crawl.fetch.pace import Pace
from tests.faults.server import FaultServer, running

ATTEMPTS = 2


class Clock:
    """A clock that only sleeping moves; ``slept`` is what was slept, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The clock that the crawl's pace goes by; retries follow each other at once."""
    clock = Clock()
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no test of faults pulls the plug
    monkeypatch.setattr(fetcher, "Pace", lambda rate: Pace(rate, clock=clock, sleep=clock.sleep))
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield clock


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes the proxies, certificates and passwords of the user who runs the tests."""
    for name in ("ALL", "HTTP", "HTTPS", "NO"):
        monkeypatch.delenv(f"{name}_PROXY", raising=False)
        monkeypatch.delenv(f"{name}_proxy".lower(), raising=False)
    for name in ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", os.devnull)
    # A bundle of one is read at once; the usual one of hundreds takes its time, for every crawl again.
    monkeypatch.setenv("PIP_CERT", str(Path(__file__).parent / "loopback.crt"))


@pytest.fixture(autouse=True)
def no_leak(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Checks that each crawl ends with one task, itself, and the test with the sockets it began with."""
    fetch: Callable[..., Awaitable[Any]] = run._fetch

    async def watched(*arguments: Any) -> Any:
        try:
            return await fetch(*arguments)
        finally:
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, left

    monkeypatch.setattr(run, "_fetch", watched)
    before = _sockets()
    yield
    gc.collect()  # what was not closed says so now, and warnings are errors
    assert _sockets() <= before


@pytest.fixture
def server(no_leak: None) -> Iterator[FaultServer]:
    """A fault server; it ends before the sockets are counted."""
    with running() as server:
        yield server


def _sockets() -> set[str]:
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(entry)
        except FileNotFoundError:  # the descriptor that lists this very folder
            continue
        if target.startswith("socket:"):
            found.add(target)
    return found
