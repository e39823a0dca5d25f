"""The server and its command."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from audit.errors import AuditError, UsageError
from audit.replay.app import replay_app
from audit.replay.recording import recorded_projects
from audit.replay.server import serving

# The server


def test_nothing_is_left_of_a_server_that_ended(folder: Path) -> None:
    before = set(threading.enumerate())
    with serving(folder) as address:
        assert httpx.get(f"{address}spam/", trust_env=False).status_code == 200
    assert set(threading.enumerate()) == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)


def test_an_error_in_the_block_ends_the_server_too(folder: Path) -> None:
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), serving(folder):
        raise ZeroDivisionError
    assert set(threading.enumerate()) == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it is what is tested
def test_a_server_that_cannot_start_is_an_error_not_a_wait(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def startup(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("uvicorn.Server.startup", startup)
    with pytest.raises(RuntimeError, match="did not start"), serving(folder):
        pytest.fail("the block must not run")


def test_a_port_in_use_is_one_clear_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"cannot serve on 127\.0\.0\.1:{port} .*--port") as caught:
            serving(folder, port).__enter__()
    assert "\n" not in str(caught.value)


def test_an_application_needs_no_page_yet(tmp_path: Path) -> None:
    assert replay_app(tmp_path).routes


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_a_folder_without_pages_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(AuditError, match=rf"{name}': expected index/NAME\.json\.gz"):
        recorded_projects(tmp_path / name)


# The command

COMMAND = [sys.executable, "-m", "audit", "replay"]


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=3000, check=False)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_serves_until_it_is_stopped(folder: Path, number: int) -> None:
    arguments = [*COMMAND, str(folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline().split()
        assert line[:5] == ["replay", "of", "1", "project", "at"]
        assert httpx.get(f"{line[5]}spam/", trust_env=False).status_code == 200
        process.send_signal(number)
        output, errors = process.communicate(timeout=300)
    assert (process.returncode, output, errors) == (0, "", "")


def test_command_runs_another_one_against_the_replay(folder: Path) -> None:
    script = (
        "import os, sys, urllib.request as r\n"
        "opener = r.build_opener(r.ProxyHandler({}))\n"
        "with opener.open(os.environ['RELEASE_AUDIT_INDEX_URL'] + sys.argv[2] + '/') as answer:\n"
        "    print(answer.status, sys.argv[1:])\n"
        "sys.exit(3)\n"
    )
    done = run(folder, "--", sys.executable, "-c", script, "--port", "spam")
    assert (done.returncode, done.stdout) == (3, "200 ['--port', 'spam']\n")
    assert done.stderr.startswith("release-audit: replay of 1 project at http://127.0.0.1:")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_command_reports_a_signal_as_a_shell_does(folder: Path) -> None:
    script = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run(folder, "--", sys.executable, "-c", script).returncode == 128 + signal.SIGKILL


def test_command_that_cannot_be_started_is_one_line(folder: Path) -> None:
    done = run(folder, "--", "no-such-program")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("release-audit: cannot run 'no-such-program': ")
    assert "Traceback" not in done.stderr


def test_command_without_pages_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert str(tmp_path) in done.stderr
