"""Recorded pages crawled over loopback, and opened."""

from datetime import UTC, datetime
from pathlib import Path

from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.dataset.dataset import Dataset
from audit.model import Api
from audit.replay.server import serving

START = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


def crawled(folder: Path, pages: Path, *names: str, api: Api = Api.SIMPLE) -> Dataset:
    """The dataset in ``folder`` after a crawl of these projects of ``pages`` (none: of all)."""
    with serving(pages) as address:
        projects = [NormalizedName(name) for name in names] or None
        crawl(CrawlRequest(folder, resolve_address(address), projects, api=api), START)
    return Dataset(folder)
