"""A killed crawl: what was staged is not asked for again; with ``is_fresh`` everything is."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import NormalizedName

from audit.dataset.store import Store
from tests.faults.documents import crawl_once, filenames, heal, rows
from tests.faults.server import FaultServer, hold_after

PROJECTS = [NormalizedName(f"p{number}") for number in range(10)]
STAGED, LOST, HELD = PROJECTS[:8], PROJECTS[8], PROJECTS[9]
# Batches of four and one worker: eight are staged, one is fetched and in memory, one hangs; then it is killed. No batch
# is staged before it is full.
PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from audit.crawl import CrawlRequest, crawl, pipeline
from audit.index import resolve_address
from tests.faults.documents import MANNERS, START
from packaging.utils import NormalizedName
pipeline.BATCH_PAGES, pipeline.STAGE_SECONDS = 4, 3600
address = resolve_address(sys.argv[2])
projects = [NormalizedName(name) for name in sys.argv[3:]]
request = CrawlRequest(Path(sys.argv[1]), address, projects, manners=replace(MANNERS, workers=1, read_timeout=60))
crawl(request, START, lambda tally: print(tally.ended, tally.staged, flush=True))
"""


@pytest.fixture
def killed(server: FaultServer, tmp_path: Path) -> Path:
    """The dataset of a crawl that was killed while the index held one answer back."""
    heal(server, *PROJECTS)
    server.script(HELD, hold_after(b""))
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), server.root, *PROJECTS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(12)]
        assert (told[0], told[-1]) == ("0 0\n", "9 8\n"), "one has arrived and waits for others"
        server.wait_for(f"/pypi/{HELD}/json")
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    heal(server, HELD)
    return tmp_path


def asked_per_project(server: FaultServer) -> list[int]:
    return [server.asked.count(f"/pypi/{project}/json") for project in PROJECTS]


def test_a_killed_crawl_resumes_without_asking_twice(killed: Path, server: FaultServer) -> None:
    assert Store(killed).current is None, "a crawl that has not committed changes nothing"
    summary = crawl_once(server, killed, 1, projects=PROJECTS)
    assert (summary.outcomes, summary.crawl_id) == ({"found": 10}, "20261123T101500Z"), "it is still the first crawl"
    assert asked_per_project(server) == [1] * len(STAGED) + [2, 2]
    assert len(filenames(killed)) == len(rows(killed, "crawls")) == 10
    assert not Store(killed).staging.exists()


def test_a_killed_crawl_can_be_dropped(killed: Path, server: FaultServer) -> None:
    summary = crawl_once(server, killed, 1, projects=PROJECTS, is_fresh=True)
    assert (summary.outcomes, summary.crawl_id) == ({"found": 10}, "20261124T101500Z")
    assert asked_per_project(server) == [2] * 10


def test_a_half_written_segment_is_no_segment(killed: Path, server: FaultServer) -> None:
    (Store(killed).staging / "00000002.part").write_bytes(b"half of")
    assert crawl_once(server, killed, 1, projects=PROJECTS).outcomes == {"found": 10}
