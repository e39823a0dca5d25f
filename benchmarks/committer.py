"""One commit of what is staged, as a process of its own.

python -m benchmarks.committer DATASET
"""

import json
import sys
import time
from pathlib import Path

from audit.lean import leave_out, take_memory_from_system


def main() -> None:
    """Commits and says, as JSON, how many files and bytes, in how many seconds."""
    leave_out("pandas")
    take_memory_from_system()
    # Imported late, as the command line does: PyArrow chooses as it loads.
    import pyarrow.parquet as pq

    from audit.dataset.commit import commit
    from audit.dataset.staging import Staging
    from audit.dataset.store import Store
    from benchmarks.staged import PLAN

    store = Store(Path(sys.argv[1]))
    began = time.perf_counter()
    generation = commit(store, Staging(store.staging), PLAN)
    seconds = time.perf_counter() - began
    path = generation / "files.parquet"
    size = sum(each.stat().st_size for each in generation.rglob("*.parquet"))
    files = pq.read_metadata(path).num_rows
    print(json.dumps({"seconds": seconds, "files": files, "bytes": size, "file_bytes": path.stat().st_size}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
