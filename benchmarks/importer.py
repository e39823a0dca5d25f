"""One import of an export of a table, as a process of its own.

python -m benchmarks.importer DATASET FILES...
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from audit.lean import leave_out, take_memory_from_system


def main() -> None:
    """Imports and says, as JSON, how many files of how many projects, in how many seconds."""
    leave_out("pandas")
    take_memory_from_system()
    # Imported late, as the command line does: PyArrow chooses as it loads.
    from audit.importing.table.run import TableImport, import_table
    from audit.model import Source

    dataset, *files = map(Path, sys.argv[1:])
    began = time.perf_counter()
    done = import_table(TableImport(Source.BIGQUERY, files, dataset), datetime.now(UTC))
    seconds = time.perf_counter() - began
    answer = {"seconds": seconds, "files": done.file_count, "projects": done.project_count}
    print(json.dumps(answer))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
