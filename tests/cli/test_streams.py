"""Streams of the program that are full, closed, or without a reader: one line, or none, and no traceback."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from audit.cli import COULD_NOT_RUN

pytestmark = pytest.mark.slow  # a process for each


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("arguments", ["queries", "flags late-files", "--help"])
def test_an_answer_that_cannot_be_written_is_one_line(sample: str, arguments: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m audit {arguments} >/dev/full"
    ended = shell(command, sample)
    assert ended.returncode == COULD_NOT_RUN
    assert ended.stderr == "release-audit: it could not go on: [Errno 28] No space left on device\n"


@pytest.mark.parametrize(
    ("redirected", "code", "message"),
    [("queries >&-", 0, ""), ("sql <&-", 2, "release-audit: no SQL: give a statement")],
)
def test_a_stream_that_is_closed_is_no_accident(sample: str, redirected: str, code: int, message: str) -> None:
    ended = shell(f"{shlex.quote(sys.executable)} -m audit {redirected}", sample)
    assert ended.returncode == code
    assert ended.stderr.startswith(message)
    assert ended.stderr.count("\n") == bool(message)


@pytest.mark.parametrize("arguments", ["queries", "stats all --format markdown", "flags timeline --limit 0"])
def test_a_reader_that_goes_away_is_no_accident(sample: str, arguments: str) -> None:
    ended = shell(f"{shlex.quote(sys.executable)} -m audit {arguments} | true", sample)
    assert ended.stderr == ""


def shell(command: str, dataset: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"RELEASE_AUDIT_DATASET": dataset}
    return subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
