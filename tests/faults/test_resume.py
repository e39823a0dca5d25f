"""A killed crawl: what was staged is not asked for again; with ``is_fresh`` everything is."""

import logging
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from packaging.utils import NormalizedName

from audit.dataset.staging import read_segment
from audit.dataset.store import Store
from audit.dataset.unfinished import read_unfinished
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
from audit.crawl.index import resolve_address
from tests.faults.documents import MANNERS, START
from packaging.utils import NormalizedName
pipeline.BATCH_PAGES, pipeline.STAGE_SECONDS = 4, 3600
address = resolve_address(sys.argv[2])
projects = [NormalizedName(name) for name in sys.argv[3:]]
manners = replace(MANNERS, workers=1, read_timeout=300, total_timeout=300)
request = CrawlRequest(Path(sys.argv[1]), address, projects, manners=manners)
crawl(request, START, lambda tally: print(tally.ended, tally.staged, flush=True))
"""


@pytest.fixture
def killed(server: FaultServer, tmp_path: Path) -> Path:
    """The dataset of a crawl that was killed while the index held one answer back."""
    heal(server, *PROJECTS)
    server.script(HELD, hold_after(b""))
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "killed"), server.root, *PROJECTS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(12)]
        assert (lines[0], lines[-1]) == ("0 0\n", "9 8\n"), "one has arrived and waits for others"
        server.wait_for(f"/pypi/{HELD}/json")
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    heal(server, HELD)
    return tmp_path / "killed"


def asked_per_project(server: FaultServer) -> list[int]:
    return [server.asked.count(f"/pypi/{project}/json") for project in PROJECTS]


def test_a_killed_crawl_resumes_without_asking_twice(killed: Path, server: FaultServer) -> None:
    assert Store(killed).current is None, "a crawl that has not committed changes nothing"
    summary = crawl_once(server, killed, 1, projects=PROJECTS)
    assert (summary.outcomes, summary.crawl_id) == ({"found": 10}, "20261123T101500Z"), "it is still the first crawl"
    assert asked_per_project(server) == [1] * len(STAGED) + [2, 2]
    assert len(filenames(killed)) == len(rows(killed, "crawls")) == 10
    assert not Store(killed).staging.exists()


@pytest.mark.slow
def test_a_killed_crawl_can_be_dropped(killed: Path, server: FaultServer) -> None:
    summary = crawl_once(server, killed, 1, projects=PROJECTS, is_fresh=True)
    assert (summary.outcomes, summary.crawl_id) == ({"found": 10}, "20261124T101500Z")
    assert asked_per_project(server) == [2] * 10


@pytest.mark.slow
def test_a_half_written_segment_is_no_segment(killed: Path, server: FaultServer) -> None:
    (Store(killed).staging / "00000002.part").write_bytes(b"half of")
    assert crawl_once(server, killed, 1, projects=PROJECTS).outcomes == {"found": 10}


def other_schema(path: Path) -> bytes:
    """Four streams, as a segment holds them, of another table."""
    table = pa.table({"project": ["p0"], "file_count": [1]})
    sink = pa.BufferOutputStream()
    for _ in range(4):
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    return bytes(sink.getvalue())


def other_counts(path: Path) -> bytes:
    """The results of one segment with the releases and files of none."""
    sink = pa.BufferOutputStream()
    for name in ("results", "releases", "files", "set_aside"):
        table = read_segment(path, name)
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table if name == "results" else table.slice(0, 0))
    return bytes(sink.getvalue())


DAMAGES: dict[str, Callable[[Path], bytes]] = {
    "nothing": lambda _: b"",
    "garbage": lambda _: b"\xff" * 5000,
    "half of it": lambda path: path.read_bytes()[: path.stat().st_size // 2],
    "all but the end": lambda path: path.read_bytes()[:-20],
    "zeros in the middle": lambda path: path.read_bytes()[:2000] + bytes(400) + path.read_bytes()[2400:],
    "another schema": other_schema,
    "other counts": other_counts,
    "the other segment again": lambda path: path.with_name("00000000.arrow").read_bytes(),
}


def test_a_damaged_segment_is_reported_and_its_projects_are_asked_for_again(
    killed: Path, server: FaultServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    for name, damage in DAMAGES.items():
        with subtests.test(name), caplog.at_level(logging.WARNING, "audit"):
            data = tmp_path / name
            shutil.copytree(killed, data, symlinks=True)
            caplog.clear()
            server.heads.clear()
            segment = Store(data).staging / "00000001.arrow"
            segment.write_bytes(damage(segment))
            assert read_unfinished(data) is not None, "status and doctor read it all the same"
            summary = crawl_once(server, data, 1, projects=PROJECTS)
            assert (summary.outcomes, summary.crawl_id) == ({"found": 10}, "20261123T101500Z")
            assert asked_per_project(server) == [0] * 4 + [1] * 6
            assert len(filenames(data)) == len(rows(data, "crawls")) == 10
            [message] = [record.getMessage() for record in caplog.records if record.name.startswith("audit")]
            assert message.startswith(f"{segment} is damaged and was dropped")
            assert "--fresh" in message
