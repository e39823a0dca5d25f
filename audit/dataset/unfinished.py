"""A crawl that is not committed yet: running in another process, or left by a killed one."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from audit.dataset.staging import Staging
from audit.dataset.store import Store
from audit.model import Source


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A crawl whose results are only staged.

    ``staged_count`` projects are staged so far; ``process`` is the one that runs it (None: no process does);
    ``is_first`` says that no crawl was committed before it.
    """

    crawl_id: str
    source: Source
    api: str | None
    index_url: str | None
    staged_count: int
    process: int | None
    is_first: bool


def read_unfinished(folder: Path) -> Unfinished | None:
    """The crawl that is staged in the dataset ``folder``; None: there is none, or its commit has taken effect.

    Raises:
        CrawlError: one is staged whose plan cannot be read.
    """
    store = Store(folder)
    staging = Staging(store.staging)
    plan, current = staging.plan, store.current
    if plan is None or (current is not None and current.name == plan.crawl_id):
        return None
    return Unfinished(
        crawl_id=plan.crawl_id,
        source=plan.source,
        api=plan.api,
        index_url=plan.index_url,
        staged_count=_count(staging),
        process=store.writer,
        is_first=current is None,
    )


def _count(staging: Staging) -> int:
    # The crawl goes on meanwhile: it may commit, and delete its segments, while they are read.
    with suppress(OSError, ValueError, pa.ArrowException):  # its segments may be damaged too: a crawl reports that
        return sum(batch.num_rows for batch in staging.read("results"))
    return 0
