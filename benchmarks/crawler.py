"""One crawl of a whole index into a dataset, as a process of its own.

python -m benchmarks.crawler ADDRESS DATASET [PROJECT...]
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from audit.lean import leave_out, take_memory_from_system

WORKERS = 32


def main() -> None:
    """Crawls and says, as JSON, how many projects and files, in how many seconds."""
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
    )
    began = time.perf_counter()
    summary = crawl(request, datetime.now(UTC))
    told = {"documents": summary.asked, "seconds": time.perf_counter() - began, "outcomes": dict(summary.outcomes)}
    print(json.dumps(told | {"files": summary.file_count, "events": dict(summary.events)}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
