"""A crawl of pages that are in memory: all that follows the fetch, without an index."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import pyarrow as pa
from packaging.utils import NormalizedName

from audit.crawl.worker import Job, decoded
from audit.dataset.commit import first_tables
from audit.dataset.staging import Plan
from audit.model import Api, Ask, Fetched, Page, crawl_id_of


def index_page(project: NormalizedName, versions: Iterable[str], files: Iterable[Mapping[str, object]]) -> bytes:
    """A page of the Index API (PEP 691, PEP 700) that lists these; ``files`` have that page's keys."""
    page = {"meta": {"api-version": "1.1"}, "name": project, "versions": list(versions), "files": list(files)}
    return msgspec.json.encode(page)


def tables_of(pages: Mapping[NormalizedName, bytes], now: datetime) -> Mapping[str, pa.Table]:
    """The tables that a dataset would have if a crawl had found just these pages of the Index API; nothing is written.

    A page that cannot be decoded is a failure of its project.
    """
    items = [Page(Ask(project), Fetched(200, body)) for project, body in pages.items()]
    segment, _ = decoded(Job(items, Api.SIMPLE, Path()))
    return first_tables(segment, Plan(crawl_id_of(now), Api.SIMPLE.value, ""))
