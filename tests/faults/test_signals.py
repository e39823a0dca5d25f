"""A crawl that a signal stops: what has arrived is staged, one line says so, and nothing is asked for twice."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, Tally, crawl, pipeline
from audit.crawl.index import resolve_address
from audit.dataset.store import Store
from tests.cli.programs import run
from tests.faults.documents import MANNERS, START, document, filenames, heal
from tests.faults.server import FaultServer, answer, hold_after
from tests.terminal import PATIENCE_SECONDS, terminal

PROJECTS = [NormalizedName(f"p{number:03}") for number in range(10)]
MANY = [NormalizedName(f"p{number:03}") for number in range(300)]
pytestmark = pytest.mark.slow

ENDINGS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
STOPPED = "release-audit: stopped: 9 of 10 staged; the same command resumes\n"


def arguments(server: FaultServer, folder: Path, projects: list[NormalizedName]) -> list[str]:
    """A crawl of the projects by one worker, in the order of their names."""
    (folder / "list.txt").write_text("\n".join(projects))
    options = ["--projects", str(folder / "list.txt"), "--dataset", str(folder / "data"), "--workers", "1"]
    return ["crawl", *options, "--api", "json", "--index-url", server.root]


@contextmanager
def held(server: FaultServer, folder: Path, projects: list[NormalizedName]) -> Iterator["subprocess.Popen[str]"]:
    """The program when all but the last project have arrived and the index holds that one back; leads its group."""
    heal(server, *projects[:-1])
    server.script(projects[-1], hold_after(b""))
    command = [sys.executable, "-m", "audit", *arguments(server, folder, projects)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, start_new_session=True, **pipes) as process:  # type: ignore[call-overload] # a test's keywords
        server.wait_for(f"/pypi/{projects[-1]}/json")
        yield process


def resume(server: FaultServer, folder: Path, projects: list[NormalizedName]) -> None:
    """The same command ends well, and asks only for the project that had not arrived."""
    heal(server, *projects)
    ended = run(*arguments(server, folder, projects))
    assert ended.returncode == 0, ended.stderr
    assert f"{len(projects)} projects asked for, {len(projects)} reached" in ended.stdout
    times = [server.asked.count(f"/pypi/{project}/json") for project in projects]
    assert times == [1] * (len(projects) - 1) + [2]
    assert len(filenames(folder / "data")) == len(projects)


@pytest.mark.parametrize(("number", "code"), ENDINGS)
def test_a_signal_stages_what_has_arrived(number: int, code: int, server: FaultServer, tmp_path: Path) -> None:
    with held(server, tmp_path, PROJECTS) as process:
        process.send_signal(number)
        assert process.communicate() == ("", STOPPED)
    assert process.returncode == code
    assert Store(tmp_path / "data").current is None, "nothing is committed"
    resume(server, tmp_path, PROJECTS)


@pytest.mark.parametrize(("number", "code"), ENDINGS)
def test_a_signal_to_all_processes_of_a_crawl_ends_none_that_decodes(
    number: int, code: int, server: FaultServer, tmp_path: Path
) -> None:
    with held(server, tmp_path, MANY) as process:
        os.killpg(process.pid, number)
        output = process.communicate()
    assert output == ("", "release-audit: stopped: 299 of 300 staged; the same command resumes\n")
    assert process.returncode == code
    resume(server, tmp_path, MANY)


def test_ctrl_c_at_a_terminal(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *PROJECTS[:-1])
    server.script(PROJECTS[-1], hold_after(b""))
    with terminal(arguments(server, tmp_path, PROJECTS), tmp_path) as screen:
        screen.until("9/10")  # counted before they are staged
        screen.type("\x03")
        lines = screen.rest().split("\r\n")
        assert screen.process.wait(PATIENCE_SECONDS) == 130
    assert [line for line in lines if "stopped" in line] == [STOPPED.rstrip()]
    assert "Aborted" not in "".join(lines)
    resume(server, tmp_path, PROJECTS)


def test_a_terminal_that_goes_away_stops_the_crawl(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *PROJECTS[:-1])
    server.script(PROJECTS[-1], hold_after(b""))
    with terminal(arguments(server, tmp_path, PROJECTS), tmp_path) as screen:
        screen.until("9/10")
        screen.hang_up()
        assert screen.process.wait(PATIENCE_SECONDS) == 129
    resume(server, tmp_path, PROJECTS)


def test_a_page_does_not_wait_long_for_others(
    server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last page comes only when all others are staged: no batch is full, and the crawl would wait for ever."""
    monkeypatch.setattr(pipeline, "STAGE_SECONDS", 0.01)
    staged = Event()

    def behave(_: FaultServer, peer: socket.socket) -> bool:
        assert staged.wait(PATIENCE_SECONDS)
        peer.sendall(answer(document(PROJECTS[-1])))
        return True

    def watch(tally: Tally) -> None:
        if tally.staged == 9:
            staged.set()

    heal(server, *PROJECTS[:-1])
    server.script(PROJECTS[-1], behave)
    request = CrawlRequest(tmp_path, resolve_address(server.root), PROJECTS, manners=MANNERS)
    assert crawl(request, START, watch).outcomes == {"found": 10}
