"""Kills a crawl again and again, at random moments and in the switch; the result must be that of an undisturbed crawl.

``make torture`` runs it: python -m tests.torture --kills 100
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from audit.replay.server import serving
from tests.corpus import documents, write_recording

SNAPSHOT = ("files", "releases", "projects", "set_aside")
# Columns about when a crawl ran say nothing about what it found.
_TIMES = {"first_seen_at", "first_found_at", "last_checked_at", "last_changed_at"}
_PROJECTS = 400


# Runs the program until just before or after its commit takes effect, and sends a signal there.
_STRUCK = """
import os, signal, sys
from pathlib import Path
number, when = int(sys.argv.pop(1)), sys.argv.pop(1)
replace = Path.replace
def struck(path, target):
    is_switch = path.name == ".current.new"
    if is_switch and when == "before":
        signal.raise_signal(number)
    replaced = replace(path, target)
    if is_switch and when == "after":
        signal.raise_signal(number)
    return replaced
Path.replace = struck
from audit.cli import main
main()
"""
# The signal, and whether it comes in the switch: the rename with which a commit takes effect.
WAYS = [
    (signal.SIGKILL, False),
    (signal.SIGTERM, False),
    (signal.SIGKILL, True),
    (signal.SIGTERM, True),
]


@dataclass(frozen=True, slots=True)
class Toll:
    """``kills`` crawls were killed, ``in_switch`` of them in the switch; ``ends`` crawls finished in between.

    ``rows`` were compared at each end.
    """

    kills: int
    in_switch: int
    ends: int
    rows: int


def torture(folder: Path, *, kills: int, seed: int) -> Toll:
    """Crawls until it has killed ``kills`` times, in all ways in turn, and the last crawl has finished.

    After each kill the dataset must be one that a crawl committed, or none; after each end it must be equal, row for
    row, to an undisturbed crawl's. A killed crawl is resumed; after a finished one, everything is asked for again.

    Raises:
        AssertionError: it is not.
    """
    chance = random.Random(seed)  # repeatable, not secret
    write_recording(folder / "pages", documents(_PROJECTS, seed=seed, mean_bytes=20_000))
    with serving(folder / "pages") as address:
        _crawl(address, folder / "undisturbed").wait()
        expected = _rows(folder / "undisturbed")
        killed = struck = ends = 0
        while killed < kills or not ends:
            number, in_switch = WAYS[killed % len(WAYS)]
            if killed == kills:
                crawl, code = _crawl(address, folder / "disturbed"), 0
            elif in_switch:
                crawl = _crawl(address, folder / "disturbed", number, chance.choice(["before", "after"]))
                code = crawl.wait()
                assert code, "it was struck"
            else:
                crawl = _crawl(address, folder / "disturbed")
                code = _killed(crawl, number, chance.uniform(0.0, 4.0))
            if code:
                assert code in {-signal.SIGKILL, -signal.SIGTERM, 128 + signal.SIGTERM}, code
                killed, struck = killed + 1, struck + in_switch
                current = folder / "disturbed" / "files.parquet"
                assert not current.exists() or _rows(folder / "disturbed") == expected
                continue
            assert crawl.wait() == 0, "an undisturbed crawl must end well"
            assert _rows(folder / "disturbed") == expected
            ends += 1
    return Toll(killed, struck, ends, sum(len(rows) for rows in expected.values()))


def _crawl(address: str, dataset: Path, number: int | None = None, when: str = "") -> subprocess.Popen[bytes]:
    """A running crawl; with a signal's ``number``, one that gets it ``when`` (before, after) it switches."""
    program = ["-m", "audit"] if number is None else ["-c", _STRUCK, str(int(number)), when]
    command = [sys.executable, *program, "crawl", "--whole-index", "--full", "--index-url", address]
    # A session of its own: the kill reaches only the crawl, and its decoding process must notice that by itself.
    return subprocess.Popen(
        [*command, "--dataset", str(dataset)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=dict(os.environ),
    )


def _killed(crawl: subprocess.Popen[bytes], number: int, after_seconds: float) -> int:
    """The exit code of a crawl that gets a signal after a time; 0: it had finished before."""
    try:
        return crawl.wait(after_seconds)
    except subprocess.TimeoutExpired:
        crawl.send_signal(number)
        return crawl.wait()


def _rows(dataset: Path) -> Mapping[str, list[dict[str, Any]]]:
    """All rows of the state, without the times of the crawls; a project's outcome may be unchanged or found."""
    tables = {}
    for name in SNAPSHOT:
        table = pq.read_table(dataset / f"{name}.parquet")
        tables[name] = table.drop_columns([column for column in table.column_names if column in _TIMES]).to_pylist()
    return tables


def main() -> None:
    """Reads the arguments, runs the torture, and prints the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        toll = torture(Path(folder), kills=arguments.kills, seed=arguments.seed)
    print(  # noqa: T201 - this is its answer
        f"{toll.kills} kills, {toll.in_switch} of them in the switch, {toll.ends} crawls that ended: "
        f"each is equal to an undisturbed crawl ({toll.rows:,} rows)"
    )


if __name__ == "__main__":
    main()
