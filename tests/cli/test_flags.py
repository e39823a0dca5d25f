"""The commands that read a dataset: arguments in, text and exit code out."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.cli import main
from audit.cli.app import app
from audit.errors import UsageError
from tests.dataset_builder import make_dataset

FIRST = {"filename": "first", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)}
LATE = {"filename": "late", "uploaded_at": datetime(2024, 1, 11, 0, 0, 0, 1, tzinfo=UTC)}
CSV = """\
project,version,filename,kind,uploaded_at,lag_us,reason,batch,is_superseded,has_build_tag_without_base,is_out_of_order,\
lost_provenance,lag_days
spam,1.0,late,sdist,2024-01-11T00:00:00.000001Z,864000000001,sdist,1,false,false,false,,10.000000000011575
"""
AS_CSV = ["--format", "csv"]
HEAD = CSV.splitlines(keepends=True)[0]


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    return str(make_dataset(tmp_path, [FIRST, LATE]))


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def test_flags_as_csv(dataset: str) -> None:
    assert run("flags", "late-files", "--dataset", dataset, "--window-days", "10", *AS_CSV) == CSV
    assert run("flags", "late-files", "--dataset", dataset, *AS_CSV) == HEAD


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--reason", "sdist"], 1),
        (["--reason", "overlap"], 0),
        (["--since", "2024-01-11"], 1),
        (["--since", "2024-01-12"], 0),
        (["--min-lag-days", "10"], 1),
        (["--min-lag-days", "10.1"], 0),
    ],
)
def test_late_files_are_filtered(dataset: str, filters: list[str], count: int) -> None:
    answer = run("flags", "late-files", "--dataset", dataset, "--window-days", "1", *filters, "--format", "json")
    assert len(json.loads(answer)) == count


def test_the_table_of_late_files_stands_side_by_side_and_says_what_it_leaves_out(dataset: str) -> None:
    found = ["flags", "late-files", "--dataset", dataset, "--window-days", "1"]
    table = run(*found)
    assert table.split()[:7] == ["project", "version", "filename", "kind", "uploaded", "at", "lag"]
    assert max(map(len, table.splitlines())) <= 80
    text = " ".join(table.split())
    assert "Columns not shown: reason, batch, is_superseded, " in text
    assert "Columns not shown" not in run(*found, "--columns", "filename,batch")


def test_a_project_is_written_as_people_write_it(dataset: str) -> None:
    arguments = ["--dataset", dataset, "--project", "SPAM", "--window-days", "10", "--format", "json"]
    assert [row["late_file_count"] for row in json.loads(run("flags", "late-releases", *arguments))] == [1]


def test_exit_code_only_where_it_is_asked_for(dataset: str) -> None:
    found = ["flags", "late-files", "--dataset", dataset, "--window-days", "1"]
    run(*found)
    run(*found, "--exit-code", code=1)
    run("flags", "late-files", "--dataset", dataset, "--exit-code")


def test_the_table_says_what_it_is_a_part_of(tmp_path: Path) -> None:
    many = [FIRST, *({**LATE, "filename": f"late-{number:02}"} for number in range(25))]
    text = run("flags", "late-files", "--dataset", str(make_dataset(tmp_path, many)), "--window-days", "1")
    assert "late-19" in text
    assert "late-20" not in text
    for part in ("5 more", "25 found", "26 files (0 without an upload time)", "(0 not reached)", "still"):
        assert part in text
    everything = run("flags", "late-files", "--dataset", str(tmp_path), "--window-days", "1", "--limit", "0")
    assert "late-24" in everything


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["late-file"], "did you mean 'late-files'"),
        (["file-lags"], "among the flags"),
        (["late-files", "--columns", "project,zzz"], "no column 'zzz': there are project, "),
        (["late-files", "--project", "eggs"], "no project 'eggs'"),
    ],
)
def test_what_does_not_fit_is_refused(dataset: str, arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run("flags", *arguments, "--dataset", dataset)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["flags", "late-files", "--dataset", "no\x1bthing"], 3, "no dataset at no\\x1bthing"),
        (["flags", "nope"], 2, "no query 'nope'"),
    ],
)
def test_errors_are_one_inert_line_and_an_exit_code(
    arguments: list[str],
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["release-audit", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    error = capsys.readouterr().err
    assert ended.value.code == code
    assert error.startswith("release-audit: ")
    assert message in error
    assert error.count("\n") == 1


def test_sql_in_any_format(dataset: str) -> None:
    query = "select filename, lag_us from file_lags order by lag_us"
    assert run("sql", query, "--dataset", dataset, "--format", "csv") == "filename,lag_us\nfirst,0\nlate,864000000001\n"
    assert "10.0 d" in run("sql", query, "--dataset", dataset)


def test_queries_lists_questions_and_shows_definitions() -> None:
    listed = run("queries")
    assert "late-files" in listed
    assert "Which files were uploaded more than the window" in listed
    shown = run("queries", "late-files")
    assert "parameter window_days (INTEGER, days, default 14)" in shown
    assert "select" not in shown
    assert "lag_us > days($window_days)" in run("queries", "late_files", "--sql")
    assert "all of the table files" in run("queries", "file-lags")


def test_check_ends_with_findings_only_where_there_are(tmp_path: Path, dataset: str) -> None:
    assert run("check", "--dataset", dataset) == ""
    bad = make_dataset(tmp_path / "bad", [{"kind": "deb"}])
    assert "deb" in run("check", "--dataset", str(bad), code=1)


def test_check_says_of_whom_it_speaks(tmp_path: Path) -> None:
    files = [{"project": f"p{number:02d}", "filename": f"{number}", "kind": "deb"} for number in range(30)]
    folder = str(make_dataset(tmp_path, files, crawls=[{"project": "other"}]))
    assert run("check", "--dataset", folder) == ""
    assert run("check", "--dataset", folder, "--all", code=1).count("deb") == 20  # a line says how many more there are


@pytest.mark.parametrize(("kind", "code", "count"), [("sdist", 0, 0), ("deb", 1, 1)])
def test_for_a_machine_check_counts_for_every_assertion(tmp_path: Path, kind: str, code: int, count: int) -> None:
    folder = str(make_dataset(tmp_path, [{"kind": kind}]))
    row_counts = {
        row["assertion"]: row["row_count"]
        for row in json.loads(run("check", "--dataset", folder, "-f", "json", code=code))
    }
    assert row_counts.pop("kind-is-known") == count
    assert len(row_counts) > 15
    assert not any(row_counts.values())
    assert run("check", "--dataset", folder, "-f", "csv", code=code).startswith("assertion,row_count\n")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from audit.cli.app import app; app(['flags', '--help'], standalone_mode=False);"
        "print([m for m in ('duckdb', 'pyarrow', 'pandas', 'audit.dataset.dataset') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
