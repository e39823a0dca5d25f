"""``release-audit environments``: the list, and the tags of one."""

import csv
import io

import pytest
from typer.testing import CliRunner

from audit.cli.app import app
from audit.errors import UsageError
from audit.queries.environments import all_environments, find


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["environments", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_all_are_listed() -> None:
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv"))))
    assert [row["environment"] for row in rows] == [each.name for each in all_environments()]
    assert {row["era"] for row in rows if row["environment"].startswith("cp27")} == {"past"}


@pytest.mark.parametrize(("arguments", "name"), [(["--environment", "cp36-win32"], "cp36-win32"), (["--this"], "this")])
def test_one_shows_its_tags_best_first(arguments: list[str], name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv"))))
    assert [row["tag"] for row in rows] == [str(tag) for tag in find(name).tags]


def test_an_era_is_listed_alone() -> None:
    rows = list(csv.DictReader(io.StringIO(run("--environment", "past", "--format", "csv"))))
    assert [row["environment"] for row in rows] == [each.name for each in all_environments() if each.era == "past"]


def test_the_table_fits_and_says_what_past_means() -> None:
    table = run("--limit", "3")
    assert all(len(line) <= 80 for line in table.splitlines())
    assert "past: left out of reports" in table


def test_two_environments_at_once_are_refused() -> None:
    with pytest.raises(UsageError, match="--this and --environment cp36-win32"):
        run("--this", "--environment", "cp36-win32")
