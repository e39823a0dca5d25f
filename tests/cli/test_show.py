"""``release-audit show``: a project's and a release's timeline."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.cli.app import app
from audit.errors import UsageError
from audit.queries.environments import all_environments
from tests.dataset_builder import make_dataset

FILES = [
    {"version": "1.0", "version_key": "a1", "filename": "a", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
    {"version": "1.0", "version_key": "a1", "filename": "b", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
    {"version": "2.0", "version_key": "a2", "filename": "c\x1b", "is_yanked": True},
]


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    return str(make_dataset(tmp_path, FILES))


def run(*arguments: str) -> list[str]:
    result = CliRunner().invoke(app, ["show", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def test_a_project_has_a_line_for_each_release(dataset: str) -> None:
    one, two, blank, *_caveat = run("Spam", "--dataset", dataset)
    assert one == "! 1.0 2024-01-01 2 files; 1 late, up to 31.0 d: 1 sdist"
    assert two == "2.0 no time 1 file"
    assert blank == ""


def test_files_without_a_time_are_counted_beside_the_others(tmp_path: Path) -> None:
    files = [{**each, "version": "1.0", "version_key": "a1"} for each in FILES]
    lines = run("spam", "--dataset", str(make_dataset(tmp_path, files)))
    assert " ".join(lines[:2]) == "! 1.0 2024-01-01 3 files, 1 with no time; 1 late, up to 31.0 d: 1 sdist"


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        ({"last_outcome": "failed", "failure_reason": "http-500"}, "not reached when it was last asked for (http-500)"),
        ({"last_outcome": "missing", "status": "missing"}, "the index does not know the project"),
        ({"last_outcome": "quarantined", "status": "quarantined"}, "the index has quarantined the project"),
        ({}, "the index knows it, with no file"),
    ],
    ids=["failed", "missing", "quarantined", "found"],
)
def test_why_no_file_is_listed(tmp_path: Path, outcome: dict[str, str], why: str) -> None:
    dataset = make_dataset(tmp_path, FILES, projects=[{"project": "spam"}, {"project": "eggs", **outcome}])
    with pytest.raises(UsageError, match=f"eggs: the dataset at .* lists no file of it: .*{re.escape(why)}$"):
        run("eggs", "--dataset", str(dataset))


def test_what_a_timeline_does_not_show_is_said(tmp_path: Path) -> None:
    failed = {"project": "spam", "last_outcome": "failed", "failure_reason": "http-500"}
    releases = [{"version": "1.0"}, {"version": "2.0"}, {"version": "3.0"}]
    projects = [{**failed, "last_checked_at": None, "release_count": 3}]
    empty = make_dataset(tmp_path, FILES, projects=projects, releases=releases)
    lines = " ".join(run("spam", "--dataset", str(empty)))
    assert "spam was not reached when it was last asked for (http-500): this is what the index listed before." in lines
    assert "Not shown: 1 release with no file." in lines


def test_a_release_has_a_line_for_each_file(dataset: str) -> None:
    first, late, *_caveat = run("spam==1.0", "--dataset", dataset)
    assert first == "2024-01-01 00:00 +0 s a"
    assert late == "! 2024-02-01 00:00 +31.0 d b [sdist, batch 1]"
    assert run("spam==2.0", "--dataset", dataset)[0] == "no upload time c\\x1b [yanked]"


def test_long_names_fold_below_themselves_and_the_release_shows_its_signs(tmp_path: Path) -> None:
    wheel = {"kind": "wheel", "python_tag": "cp38", "abi_tag": "cp38", "platform_tag": "win32", "build": "1"}
    name = "spam-1.0-1-cp38-cp38-" + "manylinux_2_17_x86_64." * 4 + "whl"
    files = [
        {"version": "1.0", "filename": "a", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
        {"version": "1.0", "filename": name, "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC), **wheel},
    ]
    result = CliRunner().invoke(app, ["show", "spam==1.0", "--dataset", str(make_dataset(tmp_path, files))])
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "".join(line.strip() for line in lines[1:4]).replace(" ", "").count(name) == 1
    assert "Signs of 1.0: 1 with a build number but no file of the same tags without one." in " ".join(
        " ".join(lines).split()
    )


def test_a_project_without_files_is_reported(tmp_path: Path) -> None:
    missing = str(make_dataset(tmp_path, projects=[{"project": "ham", "status": "missing"}]))
    with pytest.raises(UsageError, match=r"ham: the dataset at .* lists no file of it"):
        run("ham", "--dataset", missing)


WHEEL = {"kind": "wheel", "python_tag": "py3", "abi_tag": "none", "platform_tag": "any"}
PICKED = [
    {"filename": "spam-1.0.tar.gz", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
    {"filename": "spam-1.0-py3-none-any.whl", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC), **WHEEL},
]


@pytest.fixture
def picked(tmp_path: Path) -> str:
    return str(make_dataset(tmp_path / "picked", [{"version_key": "a", **file} for file in PICKED]))


@pytest.mark.parametrize("environment", [["--environment", "cp312-win_amd64"], ["--this"]])
def test_an_environment_has_a_line_for_each_file_that_was_picked(picked: str, environment: list[str]) -> None:
    name, first, second, *_caveat = run("spam==1.0", "--dataset", picked, *environment)
    assert name in {"cp312-win_amd64", "this"}
    assert first == "until 2024-02-01 00:00 spam-1.0.tar.gz [sdist: built]"
    assert second == "since 2024-02-01 00:00 spam-1.0-py3-none-any.whl"


def test_an_era_shows_the_same_picks_once_and_counts_its_environments(picked: str) -> None:
    names = [each.name for each in all_environments() if each.era == "today"]
    lines = run("spam==1.0", "--dataset", picked, "--environment", "today")
    paragraph = " ".join(lines[: lines.index("")])
    assert paragraph.startswith(
        f"{len(names)} environments, such as {', '.join(names[:4])} until 2024-02-01 00:00 spam"
    )
    assert paragraph.count("spam-1.0.tar.gz") == 1
    assert "flags pick-history --format csv lists each environment on its own." in " ".join(lines)
    apart = ["flags", "pick-history", "--environment", "today", "--dataset", picked, "--format", "csv"]
    heading, *rows = CliRunner().invoke(app, apart).stdout.splitlines()
    assert heading.split(",")[:3] == ["environment", "project", "version"]
    assert {row.split(",")[0] for row in rows} == set(names)


def test_environments_with_other_picks_stand_apart(tmp_path: Path) -> None:
    wheel = {"kind": "wheel", "python_tag": "cp312", "abi_tag": "cp312", "platform_tag": "win_amd64"}
    name = "spam-1.0-cp312-cp312-win_amd64.whl"
    files = [{"version_key": "a", "filename": name, "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC), **wheel}]
    lines = run("spam==1.0", "--dataset", str(make_dataset(tmp_path, files)), "--environment", "today")
    at = lines.index(f"since 2024-01-01 00:00 {name}")
    assert lines[at - 1] == "cp312-win_amd64"
    others = len([each for each in all_environments() if each.era == "today"]) - 1
    assert any(line.startswith(f"{others} environments, such as ") for line in lines)
    assert "no file of it can be picked there" in lines


def test_picks_fit_a_narrow_terminal(picked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    arguments = ["show", "spam==1.0", "--dataset", picked, "--environment", "today"]
    assert max(map(len, CliRunner().invoke(app, arguments).stdout.splitlines())) <= 60


def test_where_nothing_can_be_picked_it_says_so(dataset: str) -> None:
    assert run("spam==1.0", "--dataset", dataset, "--this")[:2] == ["this", "no file of it can be picked there"]


@pytest.fixture
def grown(tmp_path: Path) -> str:
    """A project of two releases, of which one grew and the other has nothing to pick."""
    egg = {"version": "2.0", "version_key": "b", "filename": "spam-2.0-py2.7.egg", "kind": "egg"}
    first = [{"version": "1.0", "version_key": "a", **file} for file in PICKED]
    return str(make_dataset(tmp_path / "grown", [*first, egg]))


def test_a_project_has_what_was_picked_below_each_release(grown: str) -> None:
    result = CliRunner().invoke(app, ["show", "Spam", "--this", "--dataset", grown])
    assert result.stdout.splitlines()[:6] == [
        "! 1.0              2024-01-01    2 files; 1 late, up to 31.0 d: 1 first-wheel",
        "        until 2024-02-01 00:00  spam-1.0.tar.gz  [sdist: built]",
        "        since 2024-02-01 00:00  spam-1.0-py3-none-any.whl",
        "  2.0              no time        1 file",
        "        no file of it can be picked there",
        "",
    ]
    assert "Below each release: the files that this picked." in result.stdout


def test_a_projects_picks_are_those_of_the_flag(grown: str) -> None:
    flag = ["flags", "pick-history", "--this", "--project", "spam", "--dataset", grown, "--format", "csv"]
    rows = list(csv.DictReader(CliRunner().invoke(app, flag).stdout.splitlines()))
    lines = [line for line in run("spam", "--this", "--dataset", grown) if line.startswith(("until", "since"))]
    assert [row["filename"] for row in rows] == [line.split()[3] for line in lines]


def test_of_several_environments_each_release_names_them(grown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    result = CliRunner().invoke(app, ["show", "spam", "--environment", "today", "--dataset", grown])
    lines = result.stdout.splitlines()
    count = len([each for each in all_environments() if each.era == "today"])
    assert [line.split(",")[0] for line in lines if " environments" in line] == [f"      {count} environments"] * 2
    assert max(map(len, lines)) <= 60
