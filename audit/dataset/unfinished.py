"""A crawl that has not been committed yet: under way in another process, or left by one that was killed."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from audit.dataset.staging import Staging
from audit.dataset.store import Store


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A crawl whose results are only staged.

    ``staged_count`` projects have ended so far; ``process`` is the one that runs it (None: no process does).
    """

    crawl_id: str
    api: str
    index_url: str
    staged_count: int
    process: int | None


def read_unfinished(folder: Path) -> Unfinished | None:
    """The crawl that is staged in the dataset ``folder``; None: there is none.

    Raises:
        CrawlError: one is staged whose plan does not read.
    """
    store = Store(folder)
    staging = Staging(store.staging)
    plan = staging.plan
    if plan is None:
        return None
    return Unfinished(plan.crawl_id, plan.api, plan.index_url, _count(staging), store.writer)


def _count(staging: Staging) -> int:
    # The crawl goes on meanwhile: it may commit, and drop its segments, under the reader's eyes.
    with suppress(OSError, pa.ArrowInvalid):
        return sum(batch.num_rows for batch in staging.read("results"))
    return 0
