"""``release-audit stats``: a statistic in every format, and the report of all."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.cli.app import app
from audit.errors import UsageError
from audit.queries.catalog import Group, load
from tests.dataset_builder import make_dataset

FIRST = {"filename": "first", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)}
LATE = {"filename": "late", "uploaded_at": datetime(2024, 1, 11, tzinfo=UTC)}


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    return str(make_dataset(tmp_path, [FIRST, LATE]))


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["stats", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_one_statistic_says_what_it_stands_on(dataset: str) -> None:
    table = run("reasons", "--dataset", dataset, "--window-days", "9")
    assert "sdist" in table
    assert "Stands on 1 projects asked for: 1 found" in table


@pytest.mark.parametrize("window", [["--window-days", "9"], ["--set", "window-days=9"]])
def test_parameters_reach_the_query(dataset: str, window: list[str]) -> None:
    rows = json.loads(run("late-by-year", "--dataset", dataset, *window, "--format", "json"))
    assert [row["late_files"] for row in rows] == [1]
    rows = json.loads(run("late-by-year", "--dataset", dataset, "--format", "json"))
    assert [row["late_files"] for row in rows] == [0]


def test_ranks_come_from_a_list(dataset: str, tmp_path: Path) -> None:
    ranks = tmp_path / "ranks.txt"
    ranks.write_text("eggs\nspam\n")
    rows = json.loads(run("who", "--dataset", dataset, "--window-days", "9", "--ranks", str(ranks), "--format", "json"))
    assert [(row["project"], row["rank"]) for row in rows] == [("spam", 2)]


def test_the_report_holds_every_statistic_with_the_meaning_of_every_column(dataset: str) -> None:
    report = run("all", "--dataset", dataset, "--format", "markdown", "--window-days", "9")
    for query in load().group(Group.STATISTICS):
        assert f"## {query.title}\n" in report
        assert all(f"- `{name}`: " in report for name in query.header.columns)
    assert report.startswith("# Files that came late\n\nStands on 1 projects")
    assert all(query.title in run("all", "--dataset", dataset) for query in load().group(Group.STATISTICS))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["policie"], "did you mean 'policies'"),
        (["late-files"], "among the statistics"),
        (["all", "--format", "csv"], "name one"),
        (["all", "--set", "zzz=1"], "no statistic takes zzz"),
        (["who", "--ranks", "nothing-there"], "does not read"),
    ],
)
def test_what_does_not_fit_is_told(dataset: str, arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run(*arguments, "--dataset", dataset)
