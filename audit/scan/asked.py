"""What an index lists of a scan's projects, kept in the user's cache."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.fetch import Manners
from audit.crawl.index import IndexAddress
from audit.crawl.staged import Watch
from audit.dataset.dataset import Dataset
from audit.dataset.store import Store
from audit.dataset.table import SCHEMA_VERSION
from audit.disk.cache import cache


@contextmanager
def of_index(
    address: IndexAddress, projects: Sequence[NormalizedName], manners: Manners, now: datetime, watch: Watch
) -> Iterator[Dataset]:
    """What the index lists of the projects, kept in the user's cache: unchanged pages are not fetched again.

    Raises:
        CrawlError: no project had a usable answer.
        DatasetError: the cache cannot be written.
    """
    kept = cache_folder(address)
    if Store(kept).writer is None:
        with _crawled(kept, address, projects, manners, now, watch) as dataset:
            yield dataset
        return
    with (
        tempfile.TemporaryDirectory() as folder,  # another scan is writing to the cache
        _crawled(Path(folder, "dataset"), address, projects, manners, now, watch) as dataset,
    ):
        yield dataset


def cache_folder(address: IndexAddress) -> Path:
    """The dataset in the user's cache that scans of this index share."""
    digest = hashlib.sha256(f"{SCHEMA_VERSION} {address.simple} {address.json}".encode()).hexdigest()
    return cache("scan") / digest[:16]


@contextmanager
def _crawled(
    folder: Path,
    address: IndexAddress,
    projects: Sequence[NormalizedName],
    manners: Manners,
    now: datetime,
    watch: Watch,
) -> Iterator[Dataset]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    request = CrawlRequest(folder, address, projects, api=None, manners=manners, is_fresh=True)
    crawl(request, now, watch)
    with Dataset(folder, projects=projects) as dataset:
        yield dataset
