"""A server that others wrote, run as a program on loopback for as long as a ``with`` block runs."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

# `make servers` fills it from requirements/servers.txt: what the servers need would not fit beside what we need.
BIN: Final = Path(sys.prefix) / "servers" / "bin"
MISSING: Final = f"{BIN} is not there: `make servers` installs the indexes that these tests crawl"
_LOOPBACK: Final = "127.0.0.1"
# How long a server may take to answer, on a busy machine.
_PATIENCE_S: Final = 300
_BETWEEN_S: Final = 0.05


def free_port() -> int:
    """A port that is free now, and that no outgoing connection gets: most systems use higher ones for these."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server((_LOOPBACK, port)):
            return port


def program(name: str) -> str:
    """The path of a server's program; skips the test if there is none; in CI the test fails."""
    path = BIN / name  # an absolute name stays as it is
    if not path.exists():
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    return str(path)


def environment(home: Path, **variables: str) -> dict[str, str]:
    """A program's environment: no settings of the user who runs the tests, none of pip, no proxy."""
    return {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(home), "NETRC": os.devnull, "LC_ALL": "C.UTF-8"} | variables


def run(command: Sequence[str], home: Path) -> None:
    """Runs one of a server's programs to its end, and shows what it prints if it fails."""
    ended = subprocess.run(
        [program(command[0]), *command[1:]],
        env=environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert not ended.returncode, ended.stdout


@contextmanager
def served(
    command: Sequence[str], address: str, home: Path, variables: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Starts a server, waits until ``address`` answers anything, and ends it after the block.

    Its output is in ``home``, and in the failure if it ends before it answers.
    """
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program(command[0]), *command[1:]],
            env=environment(home, **(variables or {})),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(process, address, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    """Asks until there is an answer or the process has ended."""
    for _ in range(int(_PATIENCE_S / _BETWEEN_S)):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(address, trust_env=False, timeout=_PATIENCE_S)
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_BETWEEN_S)
            break
    raise AssertionError(f"{address} does not answer:\n{log.read_text('utf-8', 'replace')[-4000:]}")
