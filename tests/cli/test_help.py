"""Every command's --help: an example, a summary, 80 columns, nothing heavy loaded, no colours."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.core import TyperCommand

from audit.cli.app import COMMANDS
from tests.cli.programs import every_command, invoke, run_here

EVERY = [pytest.param(words, command, id=words) for words, command in every_command()]
HEAVY = (
    *("duckdb", "pyarrow", "pandas", "msgspec", "httpx", "rich", "packaging", "altair", "vl_convert", "jinja2"),
    *("audit.dataset.dataset", "audit.cli.crawl"),
)


@pytest.mark.parametrize(("words", "command"), EVERY)
def test_help_has_an_example_in_one_line_to_copy(words: str, command: TyperCommand) -> None:
    [example] = [line for line in (command.help or "").splitlines() if line.startswith("Example: ")]
    assert example.startswith(f"Example: release-audit {words}")
    assert example in [line.strip() for line in invoke(*words.split(), "--help").splitlines()]


@pytest.mark.parametrize(("words", "command"), EVERY)
def test_help_fits_80_columns(words: str, command: TyperCommand) -> None:
    assert command.help
    assert [line for line in invoke(*words.split(), "--help").splitlines() if len(line) > 80] == []


def test_the_programs_help_tells_every_command_in_a_line_of_its_own() -> None:
    lines = invoke("--help").splitlines()
    for name, summary in COMMANDS.items():
        assert any(line.split() == [name, *summary.split()] for line in lines), name
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("group", ["import", "dataset"])
def test_the_help_of_a_group_cuts_no_summary(group: str) -> None:
    said = invoke(group, "--help")
    named = {words.split()[1] for words, _ in every_command() if words.startswith(f"{group} ")}
    assert {line.split()[0] for line in said.partition("Commands:\n")[2].splitlines()} == named
    assert "..." not in said.partition("Commands:\n")[2]


def test_the_readme_shows_the_programs_own_help() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert f"```console\n$ release-audit --help\n{invoke('--help')}```" in readme


def test_the_programs_help_loads_nothing_heavy() -> None:
    code = f"import sys, audit.cli\ntry: audit.cli.main()\nfinally: print([m for m in {HEAVY} if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("arguments", [["--help"], ["crawl", "--help"], ["crwal"], ["crawl", "--wrokers", "3"]])
def test_nothing_is_coloured_or_boxed_where_no_terminal_is(arguments: list[str]) -> None:
    ended = run_here(*arguments)
    assert (ended.stdout + ended.stderr).isascii()
    assert "\x1b" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["crwal"], "Did you mean 'crawl'?"),
        (["crawl", "--wrokers", "3"], "--workers"),
        (["flags", "late-file"], "did you mean 'late-files'?"),
        (["stats", "polices"], "did you mean 'policies'?"),
        (["queries", "late-fles"], "did you mean 'late-files'?"),
        (["crawl", "--api", "jsn"], "'json'"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(arguments: list[str], hint: str) -> None:
    ended = run_here(*arguments)
    assert ended.returncode == 2
    assert hint in ended.stderr
    assert ended.stdout == ""
