"""Fixtures for tests of several modules."""

import gc
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.dataset.store import Store
from audit.model import Api
from audit.replay.server import serving
from tests.examples import PROVE, QUICK
from tests.recorded import SAMPLE

# No example has a deadline: a busy machine misses it. `--hypothesis-profile` is read after this.
settings.register_profile(QUICK, deadline=None)
settings.register_profile(PROVE, deadline=None)
settings.load_profile(QUICK)


def pytest_configure() -> None:
    """Programs started by tests get signals, even if the process that runs the tests ignores them, as under nohup."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: Python would look for garbage in it over and over."""
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end all is garbage: libraries in C would report what is left of theirs."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def crawled_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of the recorded sample, through the JSON API; no test may write to it."""
    return crawled_once(tmp_path_factory.getbasetemp(), Api.JSON)


@pytest.fixture(scope="session")
def sample_of_index_api(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same through the Index API."""
    return crawled_once(tmp_path_factory.getbasetemp(), Api.SIMPLE)


def crawled_once(folder: Path, api: Api) -> Path:
    """The dataset of the sample, made by the first that asks: workers of one run have a folder each in one parent."""
    dataset = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / f"sample-{api}"
    with FileLock(f"{dataset}.lock"):
        if Store(dataset).current is None:
            with serving(SAMPLE) as address:
                start = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
                crawl(CrawlRequest(dataset, resolve_address(address), None, api=api), start)
    return dataset
