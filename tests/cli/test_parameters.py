"""A query's parameters as options: whatever a header can say, said on a command line."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.cli import WRONG_USAGE
from audit.cli.parameters import promise
from audit.cli.query_commands import command
from audit.queries.catalog import Group, load
from audit.queries.header import Parameter
from tests.cli.programs import run_here

ASKED = load().group(Group.FLAGS, Group.STATISTICS)
EVERY_TYPE = {
    "window_days": Parameter("INTEGER", "the allowed lag", unit="days", default=14, minimum=1, maximum=36500),
    "least_share": Parameter("DOUBLE", "the least share; null: any"),
    "is_fresh": Parameter("BOOLEAN", "whether it is fresh", default=False),
    "kind_": Parameter("VARCHAR", "only this kind; null: all", choices=("sdist", "wheel")),
    "since_at": Parameter("TIMESTAMP WITH TIME ZONE", "only since then; null: all", unit="UTC"),
    "ranks": Parameter("VARCHAR", "projects by rank; null: no ranks", lists_projects=True),
    "environment": Parameter("VARCHAR", "where", default="today"),
}


def said(*arguments: str) -> Mapping[str, object]:
    """What reaches the query of a command line."""
    found: dict[str, object] = {}

    def ask(given: Mapping[str, object]) -> None:
        found.update(given)

    command("NAME", "", ask, EVERY_TYPE).main(list(arguments), prog_name="program", standalone_mode=False)
    return found


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {}),
        (["--window-days", "3"], {"window_days": 3}),
        (["--least-share", "0.5"], {"least_share": 0.5}),
        (["--is-fresh"], {"is_fresh": True}),
        (["--no-is-fresh"], {"is_fresh": False}),
        (["--kind", "sdist"], {"kind_": "sdist"}),
        (["--since", "2026-11-23"], {"since_at": datetime(2026, 11, 23, tzinfo=UTC)}),
        (["--since-at", "2026-11-23T01:00:00+01:00"], {"since_at": datetime(2026, 11, 23, tzinfo=UTC)}),
        (["--environment", "past"], {"environment": "past"}),
        (["--this"], {"environment": "this"}),
    ],
)
def test_each_type_has_its_option(arguments: list[str], expected: dict[str, object]) -> None:
    assert said(*arguments) == expected


def test_names_of_projects_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "ranks.txt"
    file.write_text("Spam.Eggs\nham\n", "utf-8")
    assert said("--ranks", str(file)) == {"ranks": "spam-eggs\nham"}


def test_help_states_the_meaning_the_bounds_and_the_default() -> None:
    promises = [promise(parameter) for parameter in EVERY_TYPE.values()]
    assert promises == [
        "The allowed lag; from 1 to 36500 days (default: 14).",
        "The least share (default: any).",
        "Whether it is fresh (default: False).",
        "Only this kind; one of sdist, wheel (default: all).",
        "Only since then; UTC (default: all).",
        "Projects by rank (default: no ranks).",
        "Where (default: today).",
    ]


def test_every_parameter_of_a_flag_and_of_a_statistic_has_a_default_that_help_can_state() -> None:
    silent = [
        (query.title, name)
        for query in ASKED
        for name, parameter in query.header.parameters.items()
        if "(default: " not in promise(parameter)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("flags displacing-files --this --environment past", "--this and --environment past are two environments"),
        ("flags late-files --window-days 0", "--window-days 0 does not fit: expected INTEGER from 1 to 36500 (days)"),
        ("stats last-crawls --count 0", "--count 0 does not fit: expected INTEGER from 1 to 1000000"),
        ("queries late-by-year --window-days 3", "--window-days works only with --dialect: say which"),
        ("queries late-by-year --source projects", "--source works only with --dialect: say which"),
        ("queries late-by-year --dialect spark --window-days 0", "--window-days 0 does not fit: expected INTEGER"),
    ],
)
def test_what_does_not_fit_is_reported_with_the_options_name(sample: str, arguments: str, message: str) -> None:
    ended = run_here(*arguments.split(), env={"RELEASE_AUDIT_DATASET": sample})
    assert (ended.returncode, ended.stdout) == (WRONG_USAGE, "")
    assert ended.stderr.startswith(f"release-audit: {message}")
    assert ended.stderr.count("\n") == 1
