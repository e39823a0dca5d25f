"""One crawl of a whole index into a dataset, as a process of its own.

python -m benchmarks.crawler ADDRESS DATASET [PROJECT...]
"""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from audit.lean import leave_out, take_memory_from_system

WORKERS = 32


def processor_seconds() -> float:
    """What this process and its children that have ended took of all processors."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    """Crawls and says, as JSON, how many projects and files, in how many seconds of the clock and of processors."""
    leave_out("pandas")
    take_memory_from_system()
    # Imported late, as the command line does: the process that decodes loads this module too, and needs less.
    from packaging.utils import canonicalize_name

    from audit.crawl import CrawlRequest, crawl
    from audit.crawl.fetch import Manners
    from audit.crawl.index import resolve_address

    address, dataset, *names = sys.argv[1:]
    request = CrawlRequest(
        Path(dataset),
        resolve_address(address),
        [canonicalize_name(name) for name in names] or None,
        manners=Manners(workers=WORKERS),
        is_moved=True,  # the server has another port each time
    )
    before, began = processor_seconds(), time.perf_counter()
    summary = crawl(request, datetime.now(UTC))
    took = {"seconds": time.perf_counter() - began, "cpu_seconds": processor_seconds() - before}
    answer = took | {"documents": summary.asked, "outcomes": dict(summary.outcomes)}
    print(json.dumps(answer | {"files": summary.file_count, "events": dict(summary.events)}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
