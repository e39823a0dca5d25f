"""``make bench``: python -m benchmarks [--only PART] [--divide N]

Prints a table of each part, and puts what was measured in full in its place in benchmarks/results.md.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from audit.program import version
from benchmarks.machine import load, machine, versions
from benchmarks.measure import measurements
from benchmarks.rows import Row, Sizes
from benchmarks.server import MISSING, is_installed

RESULTS = Path(__file__).parent / "results.md"
_VERDICT = {True: "yes", False: "**no**", None: ""}
_WITHOUT_SERVER = {"help", "statistics", "displacement", "report", "site", "nights", "engines"}
_PARTS = ["help", "crawls", "whole", "memory", "commits", "import", "statistics", "displacement", "report", "site"]
_PARTS += ["nights", "engines", "others"]
_HEAD = """# Benchmarks

What each part measured last; `benchmarks/README.md` says how. Each part says on what it ran, which program, and when.
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
    is_met = True
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in measurements(Path(folder), sizes).items():
            if arguments.only in {None, name}:
                facts = f"{date.today()}, {version()}, load before: {load():.1f}"
                rows = _shown(measure())
                text = "\n".join([f"* {facts}", f"* {machine()}", f"* {versions()}", "", *_table(rows)])
                print(f"\n{text}")  # noqa: T201 - this is its answer
                is_met &= all(row.is_met is not False for row in rows)
                if arguments.divide == 1:
                    _keep(name, text)
    return int(not is_met)


def _shown(measured: Iterable[Row]) -> list[Row]:
    rows = []
    for row in measured:
        print(f"{row.what}: {row.value}", file=sys.stderr)  # noqa: T201 - it takes minutes: say so far
        rows.append(row)
    return rows


def _keep(part: str, text: str) -> None:
    """Puts what a part measured in its place in the results, in the order of the parts."""
    _, *sections = RESULTS.read_text("utf-8").split("\n## ")
    known = {head: body for head, _, body in (section.partition("\n") for section in sections)}
    known[part] = f"\n{text}\n"
    ordered = [f"\n## {name}\n{known[name].rstrip()}\n" for name in _PARTS if name in known]
    RESULTS.write_text(_HEAD + "".join(ordered), "utf-8")


def _table(rows: list[Row]) -> list[str]:
    lines = [f"| {row.what} | {row.value} | {row.required} | {_VERDICT[row.is_met]} |" for row in rows]
    return ["| what | measured | required | holds |", "|---|---|---|---|", *lines]


if __name__ == "__main__":
    sys.exit(main())
