"""``make attack``: tries every case against the real command line, and prints how each ended.

The table of ``docs/security.md`` says how each must end; this says how it did.
"""

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.attack.case import Case, End, attempt
from tests.attack.cases import CASES


def _tried(case: Case) -> End:
    with tempfile.TemporaryDirectory(prefix="release-audit-attack-") as folder:
        end = attempt(case, Path(folder))
        return replace(end, said=end.said.replace(folder, "..."))


def main() -> None:
    """Ends with 1 if a case does not end as it must."""
    bad = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ends = pool.map(_tried, CASES)
    for case, end in zip(CASES, ends, strict=True):
        bad += bool(end.faults)
        print(f"{'NOT AS IT MUST' if end.faults else 'as it must'}: {case.section}: {case.name}: {end.code}")  # noqa: T201
        print(f"    {end.said[:300]}")  # noqa: T201 - this is its answer
        for fault in end.faults:
            print(f"    {fault}")  # noqa: T201 - this is its answer
    print(f"{len(CASES)} attacks, {bad} did not end as they must")  # noqa: T201 - this is its answer
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
