"""``release-audit stats``: a statistic in every format, and the report of all."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.cli.app import app
from audit.errors import UsageError
from audit.queries.catalog import Group, Query, load
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
    assert "Based on 1 project asked for: 1 found" in table


def test_parameters_reach_the_query(dataset: str) -> None:
    rows = json.loads(run("late-by-year", "--dataset", dataset, "--window-days", "9", "--format", "json"))
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
        is_answered = not query.header.needs  # without an import there is no answer
        assert (f"## {query.title}\n" in report) is is_answered
        assert not is_answered or all(f"- `{name}`: " in report for name in query.header.columns)
    assert report.startswith("# Files that came late\n\nBased on 1 project")
    assert "- `window_days` = 9: the allowed lag" in report
    assert "- `median_us`: " in report
    assert "half of the releases took no longer (microseconds)" in report.replace("\\", "")


def test_the_report_for_a_terminal_fits_it(dataset: str) -> None:
    report = run("all", "--dataset", dataset)
    assert max(map(len, report.splitlines())) <= 80
    for query in load().group(Group.STATISTICS):
        assert (f"\n{query.title}: " in report) is (not query.header.needs), query.title
    assert "Shares: refused_share = refused_files / files." in report
    assert "window_days = 14: the allowed lag" in report


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(query, id=query.title, marks=[] if query.title in {"coverage", "policies"} else pytest.mark.slow)
        for query in load().group(Group.STATISTICS)
    ],
)
def test_a_statistic_stands_side_by_side_in_a_terminal(query: Query, dataset: str) -> None:
    table = run(query.title, "--dataset", dataset)
    assert max(map(len, table.splitlines())) <= 80
    assert ("\u2500" in table) == (query.name != "coverage")  # one row of many counts reads better as a block


def test_the_rest_of_the_columns_is_named_and_can_be_had(dataset: str) -> None:
    text = " ".join(run("policies", "--dataset", dataset).split())
    assert "Columns not shown: files, releases, projects, affected_release_share, " in text
    [heading] = run("policies", "--dataset", dataset, "--columns", "policy,files", "--format", "csv").splitlines()[:1]
    assert heading == "policy,files"
    assert "affected_project_share" in run("policies", "--dataset", dataset, "--format", "csv")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["policie"], "did you mean 'policies'"),
        (["late-files"], "among the statistics"),
        (["all", "--format", "csv"], "name one"),
        (["all", "--columns", "files"], "--columns files is for one, so name one"),
        (["all", "--engine", "spark"], "--engine spark is for one, so name one"),
        (["policies", "--columns", "zzz"], "no column 'zzz'"),
        (["who", "--ranks", "nothing-there"], "cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused(dataset: str, arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run(*arguments, "--dataset", dataset)
