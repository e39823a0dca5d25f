"""The last resort: an unexpected error is one line, and a traceback only with --verbose."""

import subprocess
import sys
from pathlib import Path
from typing import NoReturn, Protocol

import pytest
import typer

import audit
from audit.cli import COULD_NOT_RUN
from audit.dataset.dataset import Dataset
from audit.errors import InputError
from tests.cli.programs import run_here


class Failing(Protocol):
    """The command line with a fault in it: SQL raises an unexpected error."""

    def __call__(self, error: BaseException, *options: str) -> "subprocess.CompletedProcess[str]": ...


@pytest.fixture
def failing(sample: str, monkeypatch: pytest.MonkeyPatch) -> Failing:
    def run(error: BaseException, *options: str) -> "subprocess.CompletedProcess[str]":
        def broken(*_: object, **__: object) -> NoReturn:
            raise error

        monkeypatch.setattr(Dataset, "sql", broken)
        try:
            return run_here("sql", "select 1", "--dataset", sample, *options)
        finally:
            error.__traceback__ = None  # which would keep the dataset open

    return run


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyError("x\x1b\ny"), r"KeyError: 'x\x1b\ny'"),
        (ValueError("one\x1b\ntwo"), r"ValueError: one\x1b"),
        (MemoryError(), "MemoryError"),
        (RecursionError("deep"), "RecursionError: deep"),
        (ExceptionGroup("some", [KeyError(1)]), "ExceptionGroup: some (1 sub-exception)"),
        (AssertionError("https://me:s3cret@host.example/"), "AssertionError: https://"),
    ],
)
def test_what_nobody_expects_is_one_line(failing: Failing, error: Exception, message: str) -> None:
    ended = failing(error)
    assert ended.returncode == COULD_NOT_RUN
    assert ended.stderr.startswith(f"release-audit: unexpected error: {message}"), ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "report this line and the command in the project's issue tracker" in ended.stderr
    assert "\x1b" not in ended.stderr
    assert "s3cret" not in ended.stderr
    assert f"release-audit {audit.__version__}, " in ended.stderr


def test_verbose_tells_where_it_came_from(failing: Failing) -> None:
    lines = failing(KeyError("https://me:s3cret@host.example/"), "--verbose").stderr.splitlines()
    assert "release-audit: Traceback (most recent call last):" in lines
    assert any("in broken" in line for line in lines)
    assert lines[-1].startswith("release-audit: unexpected error: KeyError")
    assert all(line.startswith("release-audit: ") for line in lines)
    assert not [line for line in lines if "s3cret" in line]


def test_an_ordinary_end_is_no_fault(failing: Failing) -> None:
    ended = failing(typer.Exit(1), "-v")
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)


def test_an_input_that_does_not_read_could_not_run(failing: Failing) -> None:
    ended = failing(InputError("a.txt", 3, "a requirement is expected"))
    assert (ended.returncode, ended.stderr) == (
        COULD_NOT_RUN,
        "release-audit: a.txt, line 3: a requirement is expected\n",
    )


def test_no_standard_error_is_no_accident(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m audit status --dataset nowhere 2>&-"
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False).returncode == COULD_NOT_RUN
