"""What people read fits 80 columns, unless their terminal says otherwise."""

import os
import pty
import subprocess
import sys

import pytest
from rich.cells import cell_len

from tests.cli.programs import invoke

TABLES = [
    ["status"],
    ["changes"],
    ["check"],
    ["config"],
    ["show", "spam"],
    ["show", "spam==1.0"],
    ["flags", "late-files", "--columns", "all"],
    ["flags", "late-releases"],
    ["stats", "policies"],
    ["doctor", "installation", "dataset"],
    ["sql", "select * from files"],
    ["sql", ".tables"],
    ["sql", ".queries"],
]


@pytest.mark.parametrize("arguments", TABLES, ids=" ".join)
def test_tables_fit(sample: str, arguments: list[str]) -> None:
    output = invoke(*arguments, "--dataset", sample, env={"COLUMNS": "80"})
    # How long the path of the test's folder is says nothing.
    assert [line for line in output.splitlines() if cell_len(line) > 80 and sample not in line] == []


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["queries"], ["queries", "late-files"]], ids=" ".join)
def test_the_list_of_queries_fits_a_terminal_and_is_whole_elsewhere(arguments: list[str]) -> None:
    whole = invoke(*arguments)
    assert max(map(len, whole.splitlines())) > 80
    shown = at_a_terminal(*arguments)
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.split() == whole.split()


@pytest.mark.slow
def test_sql_is_shown_as_it_is_written() -> None:
    shown = at_a_terminal("queries", "policies", "--sql")
    assert invoke("queries", "policies", "--sql").partition("/*")[2] == shown.partition("/*")[2]


def at_a_terminal(*arguments: str) -> str:
    """What the program shows at a terminal of 80 columns."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "audit", *arguments]
    environment = os.environ | {"COLUMNS": "80"}
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    shown = b""
    with process, open(master, "rb", buffering=0) as screen:
        try:
            while piece := screen.read(65536):
                shown += piece
        except OSError:  # how Linux says that the program has gone
            pass
    assert process.returncode == 0
    return shown.decode().replace("\r\n", "\n")
