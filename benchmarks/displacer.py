"""Whom late files reach, asked of a dataset in a process of its own.

python -m benchmarks.displacer DATASET
"""

import json
import sys
import time
from pathlib import Path

from audit.dataset.dataset import Dataset

MEMORY = "2500MB"
_SHARE = """
select
    count(*) as releases,
    count(*) filter (open_us > 1209600000000) as late_releases,
    count(*) filter (open_us > 3600000000 or last_uploaded_at > superseded_by_any_at) as grown_releases,
    sum(timed_file_count)::bigint as files
from release_history
"""


def main() -> None:
    """Asks both statistics of displacement and says, as JSON, how long they took and what share they looked at."""
    with Dataset(Path(sys.argv[1]), memory=MEMORY) as dataset:
        began = time.perf_counter()
        displacement = dataset.query("displacement").rows()[0]
        seconds = time.perf_counter() - began
        dataset.query("policy-displacement")
        both = time.perf_counter() - began
        share = dataset.sql(_SHARE).rows()[0]
        signatures = len(dataset.sql("from grown_picks"))
        environments = len(dataset.sql("from environments where era = 'today'"))
    counts = {
        "signatures": signatures,
        "environments": environments,
        "displacing": displacement["displacing_file_count"],
    }
    print(json.dumps({"seconds": seconds, "both_seconds": both, **counts, **share}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
