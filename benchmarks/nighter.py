"""Many nights after each other on one dataset, as a process of its own: what each commit and its check take.

python -m benchmarks.nighter DATASET NIGHTS
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from audit.lean import leave_out, take_memory_from_system

# A quiet night is one in which no project changed; each tenth is not: then one project in a thousand has moved.
_MOVES_EACH = 10
_MOVED_SHARE = 1_000


def main() -> None:
    """Says, as JSON, of each night: the seconds of its commit and its check, the dataset's bytes after it, and more."""
    leave_out("pandas")
    take_memory_from_system()
    folder, nights = Path(sys.argv[1]), int(sys.argv[2])
    began = time.perf_counter()
    measured = list(_nights(folder, nights))
    print(json.dumps({"seconds": time.perf_counter() - began, "nights": measured}))  # noqa: T201 - its answer


def _nights(folder: Path, nights: int) -> Iterator[dict[str, float]]:
    # Imported late, as the command line does: PyArrow chooses as it loads.
    from audit.dataset.commit import commit
    from audit.dataset.dataset import Dataset
    from audit.dataset.numbers import numbers_of
    from audit.dataset.staging import Plan, Staging
    from audit.dataset.store import Store
    from audit.model import crawl_id_of, started_at
    from benchmarks.staged import PLAN, stage_night

    store, first = Store(folder), started_at(PLAN.crawl_id)
    for night in range(1, nights + 1):
        plan = Plan(crawl_id_of(first + timedelta(days=night)), PLAN.api, PLAN.index_url)
        staging = Staging(store.staging)
        moved = stage_night(store, plan, 0 if night % _MOVES_EACH else _MOVED_SHARE)
        began = time.perf_counter()
        commit(store, staging, plan, numbers_of)
        committed = time.perf_counter()
        with Dataset(folder) as opened, opened.last_written() as part:
            if part.check():
                raise RuntimeError(f"night {night} does not hold")
        ended = time.perf_counter()
        kept = list((folder / "current").resolve().rglob("*.parquet"))
        yield {
            "moved": moved,
            "commit": committed - began,
            "check": ended - committed,
            "bytes": sum(path.stat().st_size for path in kept),
            "files": len(kept),
        }


if __name__ == "__main__":
    main()
