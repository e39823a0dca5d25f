"""The program's commands as its own parser has them, and the program as it is run."""

import io
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

from audit import cli
from audit.cli.app import CommandOnDemand, app


def every_command() -> Iterator[tuple[str, TyperCommand]]:
    """The words that call each command (``dataset export``), and the command; groups are walked."""
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    yield from _below(root, "")


def _below(group: TyperGroup, words: str) -> Iterator[tuple[str, TyperCommand]]:
    for name, listed in group.commands.items():
        command = listed.loaded if isinstance(listed, CommandOnDemand) else listed
        called = f"{words} {name}".strip()
        if isinstance(command, TyperGroup):
            yield from _below(command, called)
        else:
            assert isinstance(command, TyperCommand)
            yield called, command


def invoke(*arguments: str, code: int = 0, env: Mapping[str, str] | None = None, given: str | None = None) -> str:
    """What the program writes to standard output, in this process; holds its exit code."""
    result = CliRunner().invoke(app, list(arguments), env=env, input=given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def run(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, given: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """The program in a process of its own, with its output as text."""
    command = [sys.executable, "-m", "audit", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, input=given, capture_output=True, text=True, check=False)


def run_here(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, given: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """The program as `run` has it, without the second that a process of its own takes; ``env`` is added to this one's.

    All that it changes of its process is as before: the streams, the working directory, what can be imported.
    """
    printed, complained = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed), redirect_stderr(complained):
        patch.setattr(sys, "argv", ["release-audit", *arguments])
        patch.setattr(sys, "stdin", io.StringIO(given or ""))
        patch.setattr(sys, "meta_path", sys.meta_path[:])
        patch.setattr(cli, "raise_on_signals", lambda: None)
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        patch.chdir(cwd or Path.cwd())
        with pytest.raises(SystemExit) as ended:
            cli.main()
    code = int(ended.value.code or 0)
    return subprocess.CompletedProcess(
        arguments, code, *(each.buffer.getvalue().decode() for each in (printed, complained))
    )
