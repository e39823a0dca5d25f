"""A crawl of pages that are at hand: what comes after the fetch, without an index."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from packaging.utils import NormalizedName

from audit.crawl.worker import Job, decode_and_stage
from audit.dataset.commit import commit
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.model import Api, Ask, Page, crawl_id_of

_LIMIT_BYTES: Final = 256 * 1024 * 1024


def index_page(project: NormalizedName, versions: Iterable[str], files: Iterable[Mapping[str, object]]) -> bytes:
    """A page of the Index API (PEP 691, PEP 700) that lists these; ``files`` have the page's own keys."""
    page = {"meta": {"api-version": "1.1"}, "name": project, "versions": list(versions), "files": list(files)}
    return msgspec.json.encode(page)


def commit_pages(folder: Path, pages: Mapping[NormalizedName, bytes], now: datetime) -> None:
    """Commits these pages of the Index API to the new dataset in ``folder``.

    Raises:
        CrawlError: another crawl has the dataset.
        DatasetError: the folder is none for a dataset, or cannot be written.
    """
    store = Store(folder)
    with store.locked():
        staging = Staging(store.staging)
        plan = Plan(crawl_id_of(now), Api.SIMPLE.value, "")
        staging.begin(plan)
        items = [Page(Ask(project), body) for project, body in pages.items()]
        decode_and_stage(Job(items, Api.SIMPLE, staging.next_path(0), _LIMIT_BYTES))
        commit(store, staging, plan)
