"""``release-audit sql`` as it is typed: at a real terminal, or with statements on standard input."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.cli.programs import run
from tests.dataset_builder import make_dataset
from tests.shell.test_dialogue import FILES
from tests.terminal import PATIENCE_SECONDS, terminal

pytestmark = pytest.mark.slow  # a process for each

COLOURS = re.compile(r"\x1b\[[0-9;]*[34][0-9][0-9;]*m")
ENDLESS = "select count(*) from range(10000000000) a, range(100) b where a.range * b.range % 7 = 1;"


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    return str(make_dataset(tmp_path / "data", FILES))


def test_a_person_at_a_terminal(dataset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with terminal(["sql", "--simple", "--dataset", dataset], tmp_path) as screen:
        assert ".quit ends" in screen.until("sql>")
        screen.type(".queri\t")
        screen.until("es")  # what was missing
        screen.type("\r")
        assert "late_files(" in screen.until("who(")
        screen.until("sql>")
        screen.type("select count(*) as n\r")
        screen.until("...>")
        screen.type("from files;\r")
        screen.until("2\r\n")
        screen.until("sql>")
        screen.type("from fils;\r")
        screen.until("did you mean 'files'?")
        screen.until("sql>")
        screen.type("from range(30);\r")
        assert "--" not in screen.until("10 more: .limit 0 shows all from now on."), "no option can be typed here"
        screen.until("sql>")
        screen.type(".output new.csv\r")
        screen.until("sql>")
        screen.type(".mode csv\r")
        screen.until("sql>")
        screen.type("select 6 * 7 as a;\r")
        screen.type("select 1 as wrong")
        screen.until(
            "sql> select 1 as wrong"
        )  # only a prompt that is running shows it so: before that, Ctrl-C would be a signal
        screen.type("\x03")
        screen.until("sql>")
        screen.type("\x04")
        assert screen.process.wait(PATIENCE_SECONDS) == 0
    assert Path("new.csv").read_text() == "a\n42\n"
    assert "+select count(*) as n" in (tmp_path / "state" / "release-audit" / "sql-history").read_text()


def test_a_person_sees_where_an_error_is_and_a_log_has_one_line(dataset: str, tmp_path: Path) -> None:
    sql = "select kind, nope\nfrom files"
    with terminal(["sql", "--dataset", dataset, sql], tmp_path) as screen:
        assert "LINE 1: select kind, nope" in screen.until("^")
        assert screen.process.wait(PATIENCE_SECONDS) == 2
    assert run("sql", "--dataset", dataset, sql).stderr.count("\n") == 1


def test_ctrl_c_stops_a_query_that_runs(dataset: str, tmp_path: Path) -> None:
    with terminal(["sql", "--simple", "--dataset", dataset], tmp_path) as screen:
        screen.until("sql>")
        screen.type(f"select 6 * 7 as a; {ENDLESS}\r")
        screen.until("42\r\n")  # the first answer: the second statement runs
        screen.process.send_signal(signal.SIGINT)
        screen.until("interrupted")
        screen.until("sql>")
        screen.type(".quit\r")
        assert screen.process.wait(PATIENCE_SECONDS) == 0


def test_what_is_typed_while_a_query_runs_is_kept_for_the_prompt(dataset: str, tmp_path: Path) -> None:
    with terminal(["sql", "--simple", "--dataset", dataset], tmp_path) as screen:
        screen.until("sql>")
        screen.type(f"select 6 * 7 as a; {ENDLESS}\r")
        screen.until("42\r\n")
        screen.type("select 7 * 7 as b;\r\x04")
        screen.process.send_signal(signal.SIGINT)
        screen.until("49\r\n")
        assert screen.process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(("environment", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_no_colours_where_none_are_wanted(
    dataset: str, tmp_path: Path, environment: dict[str, str], is_coloured: bool
) -> None:
    with terminal(["sql", "--simple", "--dataset", dataset], tmp_path, **environment) as screen:
        screen.until("sql>")
        screen.type("select 6 * 7 as a;\r")
        screen.until("42\r\n")
        assert (COLOURS.search(screen.seen) is not None) is is_coloured


def test_an_installed_harlequin_gets_a_database_of_views(dataset: str, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "harlequin"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys, duckdb\n"
        "print(sys.argv[1:-1])\n"
        "with duckdb.connect(sys.argv[-1], read_only=True) as connection:\n"
        "    print(connection.execute('select filename from late_files()').fetchall())\n"
        "    print(connection.execute('select count(*) from environments').fetchone()[0] > 0)\n"
        "sys.exit(7)\n"
    )
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    with terminal(["sql", "--dataset", dataset], tmp_path, PATH=path) as screen:
        shown = screen.until("True")
        assert screen.process.wait(PATIENCE_SECONDS) == 7
    assert "'--read-only'" in shown
    assert "spam-\\x1b[31m" in shown


def test_statements_on_standard_input(dataset: str) -> None:
    ended = run("sql", "--dataset", dataset, "--format", "csv", given="select 1 as a;\nselect count(*) as n from files")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "a\n1\nn\n2\n", "")
    ended = run("sql", "--dataset", dataset, given="select 1 as a; select 2 as b")
    assert (ended.returncode, ended.stdout.splitlines()) == (0, ["a", "──", "1", "", "b", "──", "2"])


@pytest.mark.parametrize(
    ("given", "out", "message"),
    [
        ("", "", "no SQL: give a statement, or write some to standard input"),
        ("select 1 as a; drop table files; select 2", "a\n1\n", "a DROP statement is refused"),
        ("selec", "", "syntax error"),
    ],
)
def test_what_is_wrong_on_standard_input_is_one_line(dataset: str, given: str, out: str, message: str) -> None:
    ended = run("sql", "--dataset", dataset, "--format", "csv", given=given)
    assert (ended.returncode, ended.stdout) == (2, out)
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1
