"""A command for each query: its help is what the header promises, its example runs, its name is found anywhere."""

import json
import re
import shlex
import subprocess
import sys
from typing import Final

import pytest

from audit.cli import WRONG_USAGE
from audit.cli.app import CommandOnDemand
from audit.cli.flags import flags
from audit.cli.options import option_name
from audit.cli.queries import queries
from audit.cli.query_commands import QueryCommand, QueryCommands
from audit.cli.stats import stats
from audit.queries.catalog import Group, Query, load
from audit.queries.header import Header, parse
from tests.cli.programs import invoke, run_here

COMMANDS: Final = {Group.FLAGS: "flags", Group.STATISTICS: "stats"}
ASKED = [
    pytest.param(COMMANDS[query.group], query, id=f"{COMMANDS[query.group]} {query.title}")
    for query in load().group(*COMMANDS)
]
HEAVY: Final = ("duckdb", "pyarrow", "pandas", "pydantic", "rich", "audit.dataset.dataset")


def words(text: str) -> str:
    """A text as one line, joined where help broke it, also after a hyphen."""
    return "".join(text.split())


@pytest.mark.parametrize(("command", "query"), ASKED)
def test_help_is_what_the_header_promises(command: str, query: Query) -> None:
    help_text = invoke(command, query.title, "--help")
    header = query.header
    for text in (header.question, header.grain[1:], header.order, header.source, header.caveat):
        assert words(text) in words(help_text), text
    _, options, columns = help_text.replace("\nColumns:\n", "\nOptions:\n").split("\nOptions:\n")
    for name, parameter in header.parameters.items():
        assert f"\n  {option_name(name)}" in f"\n{options}"
        assert words(parameter.bounds) in words(options)
    for column, promised in header.columns.items():
        assert re.search(rf"^  {column}\s", columns, re.MULTILINE)
        assert words(promised.meaning) in words(columns)
    assert not header.extends or f"\n  {header.extends} " in f"\n{columns}"


@pytest.mark.slow
@pytest.mark.parametrize(("command", "query"), ASKED)
def test_the_example_in_the_help_of_a_query_runs(command: str, query: Query, sample: str) -> None:
    [example] = [line for line in invoke(command, query.title, "--help").splitlines() if "Example: " in line]
    program, *arguments = shlex.split(example.partition(": ")[2])
    assert program == "release-audit"
    assert arguments[:2] == [command, query.title]
    assert invoke(*arguments, "--dataset", sample)


@pytest.mark.parametrize("group", [flags, stats, queries], ids=lambda group: group.name)
def test_no_two_options_of_a_command_have_one_name(group: QueryCommands) -> None:
    for listed in group.commands.values():
        assert isinstance(listed, CommandOnDemand)
        assert isinstance(listed.loaded, QueryCommand)
        names = [name for option in listed.loaded.params for name in (*option.opts, *option.secondary_opts)]
        assert len(names) == len(set(names)), listed.name


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0)])
def test_the_name_stands_before_or_behind_options(sample: str, order: tuple[int, ...]) -> None:
    parts = [["late-files"], ["--dataset", sample, "--project", "spam"], ["--format", "json", "--exit-code"]]
    arguments = [argument for place in order for argument in parts[place]]
    found = json.loads(invoke("flags", *arguments, code=1))
    assert [row["filename"] for row in found] == ["spam-1.0-1.zip"]


def test_a_value_that_is_a_querys_name_is_a_value(sample: str) -> None:
    ended = run_here("flags", "--project", "late-files", "late-files", "--dataset", sample)
    assert ended.returncode == WRONG_USAGE
    assert "has no project 'late-files'" in ended.stderr


@pytest.mark.parametrize(
    ("command", "name", "asked"),
    [
        ("flags", "late_files", "late-files"),
        ("stats", "cooldown-gaps", "cooldown-gaps-counts"),
        ("stats", "stray_uploads", "stray-uploads-counts"),
        ("queries", "cooldown-gaps", "cooldown-gaps"),
        ("queries", "reason_of", "reason-of"),
    ],
)
def test_a_query_has_all_its_names(command: str, name: str, asked: str) -> None:
    assert invoke(command, name, "--help").startswith(f"Usage: release-audit {command} {asked} [OPTIONS]\n")


def test_no_query_is_named_as_the_report_of_all() -> None:
    assert "all" not in {query.title for query in load().group()}
    assert "Show all statistics as one report." in invoke("stats", "--help")


def test_help_of_a_query_reads_its_header_and_the_view_of_its_choices_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def parse_and_remember(sql: str, name: str) -> Header:
        read.append(name)
        return parse(sql, name)

    monkeypatch.setattr("audit.queries.catalog.parse", parse_and_remember)
    group = QueryCommands("flags", "", lambda _query, _given: None, Group.FLAGS)
    command = group.commands["late-files"]
    assert isinstance(command, CommandOnDemand)
    assert command.loaded.name == "late-files"
    assert read == ["late_files", "reason_of"]


def test_help_of_a_query_loads_nothing_heavy() -> None:
    code = f"import sys, audit.cli\ntry: audit.cli.main()\nfinally: print([m for m in {HEAVY} if m in sys.modules])"
    arguments = ["flags", "late-files", "--help"]
    ended = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
