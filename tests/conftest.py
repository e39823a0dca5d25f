"""What tests of several modules stand on."""

import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from audit.crawl import CrawlRequest, crawl
from audit.index import resolve_address
from audit.replay.server import serving
from tests.examples import PROVE
from tests.recorded import SAMPLE

settings.register_profile(PROVE)  # before `--hypothesis-profile` is read


def pytest_configure() -> None:
    """Programs that tests start hear signals, also where whoever runs the tests ignores them, as nohup does."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(scope="session")
def crawled_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of the recorded sample; nobody writes to it."""
    folder: Path = tmp_path_factory.mktemp("sample")
    with serving(SAMPLE) as address:
        crawl(CrawlRequest(folder, resolve_address(address), None), datetime(2026, 11, 23, 10, 15, tzinfo=UTC))
    return folder
