"""Kills a crawl again and again at random moments, and holds what comes of it against an undisturbed crawl.

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
# What tells when a crawl ran says nothing of what it found.
_TIMES = {"first_seen_at", "first_found_at", "last_checked_at", "last_changed_at"}
_PROJECTS = 400


@dataclass(frozen=True, slots=True)
class Toll:
    """``kills`` crawls were killed, ``ends`` came to their end in between; ``rows`` were compared at each end."""

    kills: int
    ends: int
    rows: int


def torture(folder: Path, *, kills: int, seed: int) -> Toll:
    """Crawls until it has killed ``kills`` times and the last crawl has come to its end.

    After each kill the dataset must be one that a crawl committed, or none; after each end it must be equal, row for
    row, to an undisturbed crawl's. A killed crawl is resumed; after one that ended, all is asked for again.

    Raises:
        AssertionError: it is not.
    """
    chance = random.Random(seed)  # repeatable, not secret
    write_recording(folder / "pages", documents(_PROJECTS, seed=seed, mean_bytes=20_000))
    with serving(folder / "pages") as address:
        _crawl(address, folder / "undisturbed").wait()
        expected = _rows(folder / "undisturbed")
        killed = ends = 0
        while killed < kills or not ends:
            crawl = _crawl(address, folder / "disturbed")
            if killed < kills and _is_killed(crawl, chance.uniform(0.0, 4.0)):
                killed += 1
                current = folder / "disturbed" / "files.parquet"
                assert not current.exists() or _rows(folder / "disturbed") == expected
                continue
            assert crawl.wait() == 0, "an undisturbed crawl must end well"
            assert _rows(folder / "disturbed") == expected
            ends += 1
    return Toll(killed, ends, sum(len(rows) for rows in expected.values()))


def _crawl(address: str, dataset: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "audit", "crawl", "--whole-index", "--full", "--index-url", address]
    # A session of its own: the kill reaches the crawl alone, and its decoding process must notice by itself.
    return subprocess.Popen(
        [*command, "--dataset", str(dataset)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=dict(os.environ),
    )


def _is_killed(crawl: subprocess.Popen[bytes], after_seconds: float) -> bool:
    """Whether the crawl was still running then, and so was killed."""
    try:
        crawl.wait(after_seconds)
    except subprocess.TimeoutExpired:
        crawl.send_signal(signal.SIGKILL)
        return crawl.wait() == -signal.SIGKILL
    return False


def _rows(dataset: Path) -> Mapping[str, list[dict[str, Any]]]:
    """All rows of the state, without the times of the crawls; a project's outcome may be unchanged or found."""
    tables = {}
    for name in SNAPSHOT:
        table = pq.read_table(dataset / f"{name}.parquet")
        tables[name] = table.drop_columns([column for column in table.column_names if column in _TIMES]).to_pylist()
    return tables


def main() -> None:
    """Reads the arguments, tortures, and says what it came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        toll = torture(Path(folder), kills=arguments.kills, seed=arguments.seed)
    print(  # noqa: T201 - this is its answer
        f"{toll.kills} kills, {toll.ends} crawls that ended: each is equal to an undisturbed crawl ({toll.rows:,} rows)"
    )


if __name__ == "__main__":
    main()
