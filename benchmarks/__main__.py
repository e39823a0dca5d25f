"""``make bench``: python -m benchmarks [--only PART] [--divide N]

Prints a table and writes it to benchmarks/results.md, if all was measured in full.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import load, machine, versions
from benchmarks.measure import measurements
from benchmarks.rows import Row, Sizes
from benchmarks.server import MISSING, is_installed

RESULTS = Path(__file__).parent / "results.md"
_VERDICT = {True: "yes", False: "**no**", None: ""}
_WITHOUT_SERVER = {"help", "statistics", "displacement", "report", "site", "nights", "engines"}
_PARTS = ["help", "crawls", "memory", "commits", "import", "statistics", "displacement", "report", "site", "nights"]
_PARTS += ["engines", "others"]
_HEAD = """# Benchmarks

What `make bench` measured last; `benchmarks/README.md` says how.

"""


def main() -> int:
    """Reads the arguments, measures, and says what it came to; 1 if a requirement does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures crawls and statistics.")
    parser.add_argument("--only", choices=_PARTS)
    parser.add_argument("--divide", type=int, default=1, metavar="N", help="measure an N-th of everything")
    arguments = parser.parse_args()
    if arguments.only not in _WITHOUT_SERVER and not is_installed():
        print(MISSING, file=sys.stderr)  # noqa: T201 - this is its answer
        return 2
    sizes = Sizes() if arguments.divide == 1 else Sizes().divided(arguments.divide)
    facts = [f"* {machine()}", f"* {versions()}", f"* load before: {load():.1f}", ""]
    rows = _measured(arguments.only, sizes)
    text = "\n".join([*facts, *_table(rows)]) + "\n"
    print(f"\n{text}", end="")  # noqa: T201 - this is its answer
    if arguments.only is None and arguments.divide == 1:
        RESULTS.write_text(_HEAD + text, "utf-8")
    return int(any(row.is_met is False for row in rows))


def _measured(only: str | None, sizes: Sizes) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in measurements(Path(folder), sizes).items():
            if only in {None, name}:
                for row in measure():
                    print(f"{row.what}: {row.value}", file=sys.stderr)  # noqa: T201 - it takes minutes: say so far
                    rows.append(row)
    return rows


def _table(rows: list[Row]) -> list[str]:
    lines = [f"| {row.what} | {row.value} | {row.required} | {_VERDICT[row.is_met]} |" for row in rows]
    return ["| what | measured | required | holds |", "|---|---|---|---|", *lines]


if __name__ == "__main__":
    sys.exit(main())
