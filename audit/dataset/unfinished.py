"""A crawl that has not been committed yet: under way in another process, or left by one that was killed."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from filelock import FileLock, Timeout

from audit.dataset.staging import Staging
from audit.dataset.store import LOCK, OWNER, Store


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
    staging = Staging(Store(folder).staging)
    plan = staging.plan
    if plan is None:
        return None
    return Unfinished(plan.crawl_id, plan.api, plan.index_url, _count(staging), _process(folder))


def _count(staging: Staging) -> int:
    # The crawl goes on meanwhile: it may commit, and drop its segments, under the reader's eyes.
    with suppress(OSError, pa.ArrowInvalid):
        return sum(batch.num_rows for batch in staging.read("results"))
    return 0


def _process(folder: Path) -> int | None:
    """The process that writes to the dataset.

    Only where one left its number is the lock tried: it outlives no process, but the number outlives one killed.
    """
    try:
        process = int(json.loads((folder / OWNER).read_text("utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return process if _is_locked(folder / LOCK) else None


def _is_locked(path: Path) -> bool:
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except (Timeout, OSError):  # the second: who may only read cannot try, and then the number is all there is
        return True
    lock.release()
    return False
