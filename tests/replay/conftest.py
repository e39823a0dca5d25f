"""A served sample, and a served folder that a test may change."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from audit.replay.server import serving
from tests.recorded import SAMPLE
from tests.replay.pages import page, write


@pytest.fixture(scope="module")
def sample_address() -> Iterator[str]:
    with serving(SAMPLE) as address:
        yield address


@pytest.fixture
def sample(sample_address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sample_address.removesuffix("simple/"), trust_env=False) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "index", "spam", page("spam", "7", "spam-1.0.tar.gz", versions=["1.0"]))
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[httpx.Client]:
    with serving(folder) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client
