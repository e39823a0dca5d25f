"""Standard output: exact for a file, inert on a terminal, and in every coding that a terminal may have."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.hostile import TEXTS, hostile_dataset

CODINGS: list[Mapping[str, str]] = [
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]
ACTIVE = {"\x1b", "\x9b", "\u202e", "\x7f", "\x07"}
SQL = "select 'a\x1b[31m\x9b\u202eb\x7f\x07\u00dbc' as name, '\nx' as \"\x1bhead\""

pytestmark = pytest.mark.slow  # a process for each


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(hostile_dataset(tmp_path_factory.mktemp("hostile") / "data"))


def on_a_terminal(*arguments: str, **variables: str) -> bytes:
    """What the program writes to a terminal."""
    ours, theirs = pty.openpty()
    try:
        command = [sys.executable, "-m", "audit", *arguments]
        environment = os.environ | {"TERM": "dumb", "COLUMNS": "200"} | variables
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment) as run:
            os.close(theirs)
            output = b""
            while piece := _read(ours):
                output += piece
            assert run.wait() == 0, output
    finally:
        os.close(ours)
    return output


def _read(file: int) -> bytes:
    try:
        return os.read(file, 65536)
    except OSError:  # Linux reports so that the other end is closed
        return b""


@pytest.mark.parametrize("form", ["table", "csv", "json", "markdown"])
@pytest.mark.parametrize("coding", ["utf-8", "latin-1", "ascii"])
def test_nothing_acts_on_a_terminal_in_any_format(hostile: str, form: str, coding: str) -> None:
    output = on_a_terminal("sql", SQL, "--dataset", hostile, "--format", form, PYTHONIOENCODING=coding)
    shown = output.decode(coding)
    assert not ACTIVE & set(shown)
    assert "31m" in shown
    if coding == "latin-1":
        assert not set(output) & set(range(0x80, 0xA0)), "bytes of UTF-8 are controls there"


def test_a_row_of_csv_is_a_line_on_a_terminal(hostile: str) -> None:
    output = on_a_terminal("sql", SQL, "--dataset", hostile, "--format", "csv")
    assert output.count(b"\n") == 2


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_report_does_nothing_on_a_terminal(hostile: str, form: str) -> None:
    shown = on_a_terminal("report", "--dataset", hostile, "--format", form).decode()
    assert "spam-05" in shown
    assert not ACTIVE & set(shown)


def test_a_file_gets_every_character(hostile: str) -> None:
    query = "select distinct version from files order by all"
    command = [sys.executable, "-m", "audit", "sql", query, "--dataset", hostile, "--format"]
    outputs = {
        form: subprocess.run([*command, form], capture_output=True, check=True).stdout for form in ("csv", "json")
    }
    cells = [row[0] for row in csv.reader(io.StringIO(outputs["csv"].decode(), newline=""))][1:]
    assert cells == [row["version"] for row in json.loads(outputs["json"])] == sorted(TEXTS)


@pytest.mark.parametrize("coding", CODINGS, ids=str)
@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "spam-06"],
        ["show", "spam-06==\u202egpj.exe"],
        ["stats", "kinds"],
        ["sql", "select 'ä€\u202e' as \"ö\""],
        ["config", "--contact", "Jörg €"],
    ],
    ids=" ".join,
)
def test_a_coding_without_the_character_is_no_accident(
    hostile: str, coding: Mapping[str, str], arguments: list[str]
) -> None:
    command = [sys.executable, "-m", "audit", *arguments, "--dataset", hostile]
    ended = subprocess.run(command, env=os.environ | coding, capture_output=True, check=False)
    assert ended.returncode in {0, 1, 2}, ended.stderr
    assert b"Traceback" not in ended.stderr
    assert b"UnicodeEncodeError" not in ended.stderr
