"""What tests of several modules stand on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.crawl import CrawlRequest, crawl
from audit.index import resolve_address
from audit.replay.server import serving
from tests.recorded import SAMPLE


@pytest.fixture(scope="session")
def crawled_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of the recorded sample; nobody writes to it."""
    folder: Path = tmp_path_factory.mktemp("sample")
    with serving(SAMPLE) as address:
        crawl(CrawlRequest(folder, resolve_address(address), None), datetime(2026, 11, 23, 10, 15, tzinfo=UTC))
    return folder
