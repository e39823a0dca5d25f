"""One command of release-audit, as a user runs it.

python -m benchmarks.asker ARGUMENT...
"""

import json
import resource
import subprocess
import sys
import time


def main() -> None:
    """Runs the command and says, as JSON, in how many seconds, of the clock and of processors, start-up and all."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "audit", *sys.argv[1:]], stdout=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"seconds": seconds, "cpu_seconds": used.ru_utime + used.ru_stime}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
