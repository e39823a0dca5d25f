"""Sites that several tests read; no test may write to them."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from audit.dataset.dataset import Dataset
from audit.site.site import write_site
from tests.hostile import hostile_dataset
from tests.site.reading import Site

BASE_URL = "https://numbers.example.org/audit/"


@pytest.fixture(scope="session")
def site(crawled_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the recorded sample, made by the first that asks."""
    folder = shared(tmp_path_factory) / "site-of-sample"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            made(crawled_sample, folder)
    return Site(folder)


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of a dataset in which every text is from an attacker."""
    folder = shared(tmp_path_factory) / "site-of-hostile"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            made(hostile_dataset(folder.with_name("hostile-data")), folder)
    return Site(folder)


def shared(factory: pytest.TempPathFactory) -> Path:
    """One folder for all workers of a run."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def made(dataset: Path, folder: Path) -> None:
    with Dataset(dataset) as opened:
        write_site(opened, folder, base_url=BASE_URL)
