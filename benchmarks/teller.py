"""All statistics of a dataset in one run, those of lags or those of installers' picks, as a process of its own.

python -m benchmarks.teller DATASET lags|picks
"""

import json
import resource
import sys
import time
from pathlib import Path

from audit.dataset.dataset import Dataset
from audit.queries.catalog import Catalog, Group, Query, load


def main() -> None:
    """Asks each and says, as JSON, in how many seconds, of the clock and of processors, and what each took."""
    dataset, what = sys.argv[1:]
    catalog = load()
    chosen = [query for query in catalog.group(Group.STATISTICS) if _is_of_picks(query, catalog) == (what == "picks")]
    began = time.perf_counter()
    each = {}
    with Dataset(Path(dataset)) as opened:
        for query in chosen:
            start = time.perf_counter()
            opened.query(query.name)
            each[query.title] = round(time.perf_counter() - start, 2)
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer = {"seconds": time.perf_counter() - began, "cpu_seconds": used.ru_utime + used.ru_stime, "each": each}
    print(json.dumps(answer))  # noqa: T201 - its answer


def _is_of_picks(query: Query, catalog: Catalog) -> bool:
    """Whether the query depends, directly or through views, on how well wheels fit environments."""
    return any(name == "tag_ranks" or _is_of_picks(catalog.views[name], catalog) for name in query.header.uses)


if __name__ == "__main__":
    main()
