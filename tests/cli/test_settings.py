"""Settings: from a file, the environment and flags, later ones override earlier ones; what does not fit is named."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

from audit.cli import WRONG_USAGE
from audit.cli.options import PREFIX, variable
from audit.cli.settings import TYPES, check_environment, read_settings
from audit.errors import UsageError
from tests.cli.programs import every_command, invoke, run_here

INDEX = "https://127.0.0.1/simple/"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a folder with a settings file above it."""
    for name in TYPES:
        monkeypatch.delenv(variable(name), raising=False)
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.release-audit]\nindex-url = "{INDEX}"\nworkers = 3\ndataset = "here"\nown-index = true\n'
    )
    folder = tmp_path / "some" / "where"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def configured(*arguments: str, env: Mapping[str, str] | None = None) -> dict[str, tuple[str | None, str]]:
    rows = json.loads(invoke("config", *arguments, "--format", "json", env=env))
    return {row["setting"]: (row["value"], row["source"]) for row in rows}


def test_each_source_outdoes_the_one_before(place: Path) -> None:
    assert configured()["workers"] == ("3", "settings file")
    environment = {"RELEASE_AUDIT_WORKERS": "5"}
    assert configured(env=environment)["workers"] == ("5", "RELEASE_AUDIT_WORKERS")
    assert configured("--workers", "7", env=environment)["workers"] == ("7", "--workers")
    assert configured("--no-own-index")["own-index"] == ("false", "--own-index")
    (place / "release-audit.toml").touch()
    assert configured("--index-url", INDEX)["workers"] == ("4", "default")


def test_config_shows_every_setting() -> None:
    assert list(configured()) == list(TYPES)


def test_a_number_of_none_is_shown_as_it_is() -> None:
    assert configured("--window-days", "0")["window-days"] == ("0", "--window-days")


def test_a_path_in_a_file_is_relative_to_the_file(place: Path) -> None:
    assert configured()["dataset"] == (str(place.parent.parent / "here"), "settings file")
    assert configured("--dataset", "x")["dataset"] == ("x", "--dataset")


def test_the_nearest_file_holds_and_nothing_is_merged(place: Path) -> None:
    (place.parent / "pyproject.toml").write_text('[project]\nname = "spam"\n')
    assert read_settings(place).path == place.parent.parent / "pyproject.toml"
    (place.parent / "release-audit.toml").write_text('contact = "me"\n')
    found = read_settings(place)
    assert (found.path, dict(found.values)) == (place.parent / "release-audit.toml", {"contact": "me"})
    (place.parent / "pyproject.toml").write_text('[tool.release-audit]\ncontact = "you"\n')
    assert read_settings(place).values == {"contact": "me"}, "the file of its own comes first"


def test_no_screen_ever_shows_a_password(place: Path) -> None:
    secret = "https://me:s3cret@127.0.0.1/simple/?token=s3cret"
    masked = "https://****@127.0.0.1/simple/"
    assert configured("--index-url", secret)["index-url"] == (masked, "--index-url")
    assert configured(env={"RELEASE_AUDIT_INDEX_URL": secret})["index-url"] == (masked, "RELEASE_AUDIT_INDEX_URL")
    (place / "release-audit.toml").write_text(f'index-url = "{secret}"\n')
    assert "s3cret" not in invoke("config") + invoke("crawl", "--help")
    (place / "release-audit.toml").write_text(f'index-url = ["{secret}"]\n')
    with pytest.raises(UsageError) as caught:
        read_settings(place)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('workers = "3"', "release-audit.toml: workers does not fit: Expected `int`, got `str`"),
        ("workers = 0", "workers does not fit"),
        ("worker = 3", "'worker' is not a setting: did you mean 'workers'?"),
        ("zzz = 3", "'zzz' is not a setting: there are dataset, "),
        ('api = "jsn"', "api does not fit"),
        ("[tool.release-audit]", "'tool' is not a setting"),
        ("workers", "release-audit.toml cannot be read: "),
        ("\udcff", "release-audit.toml cannot be read: "),
        ("x = " + "[" * 100_000, "release-audit.toml cannot be read: it is nested too deeply"),
        ("#" * 300_000, "release-audit.toml cannot be read: it is larger than 262,144 bytes"),
        ("'" + "a" * 200_000 + "' = 3", "is not a setting: there are"),
        ('dataset = ""', "dataset does not fit"),
        ('dataset = "../victim"', "dataset = '../victim' leads out of the file's folder: say --dataset, or RELEASE_"),
        ('dataset = "a/../../victim"', "leads out of the file's folder"),
        ('dataset = "/etc"', "leads out of the file's folder"),
        ('dataset = "link/victim"', "leads out of the file's folder"),
        ('dataset = "a\\u0000b"', "leads out of the file's folder"),
    ],
)
def test_what_does_not_fit_in_a_file_is_one_line_with_file_and_key(place: Path, line: str, message: str) -> None:
    (place / "release-audit.toml").write_bytes(line.encode("utf-8", "surrogateescape"))
    (place / "link").symlink_to("../..")
    with pytest.raises(UsageError) as caught:
        invoke("status")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_shared_file_must_hold_a_table(place: Path) -> None:
    (place / "pyproject.toml").write_text("[tool]\nrelease-audit = 3\n")
    with pytest.raises(UsageError, match=r"write \[tool.release-audit\]"):
        read_settings(place)
    (place / "pyproject.toml").write_text("tool = 3\n")
    assert read_settings(place).values["workers"] == 3, "no table of ours: the next folder is asked"


BRACKETS = "x = " + "[" * 100_000


@pytest.mark.parametrize("text", [BRACKETS, "x = [", "\udcff", "#" * 300_000 + "\n[tool.release-audit]\nworkers = 9"])
@pytest.mark.parametrize("mention", ["", "# release-audit\n"])
def test_a_shared_file_that_is_broken_and_not_ours_costs_a_line_at_most(place: Path, text: str, mention: str) -> None:
    for folder in (place, place.parent):
        (folder / "pyproject.toml").write_bytes((mention + text).encode("utf-8", "surrogateescape"))
    found = read_settings(place)
    assert found.values["workers"] == 3, "the next one that reads holds"
    passed_over = [note for note in found.notes if "settings in it are not used" in note]
    assert len(passed_over) == (1 if mention or "#" in text else 0)
    assert all(str(place) in note for note in passed_over), "the nearest"


@pytest.mark.parametrize("head", ["[tool.release-audit]", " [ tool . 'release-audit' ] ", '[tool."release-audit".x]'])
def test_a_shared_file_that_is_broken_and_ours_is_an_error(place: Path, head: str) -> None:
    (place / "pyproject.toml").write_text(f"[project]\n{head}\n{BRACKETS}")
    with pytest.raises(UsageError, match=r"pyproject.toml cannot be read: it is nested too deeply"):
        read_settings(place)


def test_a_shared_file_that_nobody_may_read_is_passed_over(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: str) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    [note] = read_settings(place).notes
    assert "Permission denied" in note


def test_a_file_outside_the_project_is_named_with_what_it_sets(place: Path) -> None:
    top = place.parent.parent / "pyproject.toml"
    top.write_text('[tool.release-audit]\nindex-url = "https://me:s3cret@h/"\ncontact = "me@h\\u001b"\ndataset = "x"\n')
    message = run_here("environments", cwd=place).stderr
    assert message == (
        f"release-audit: {top}, a settings file outside your project, "
        f"sets index-url = https://****@h/, contact = me@h\\x1b, dataset = {top.parent}/x\n"
    )
    assert run_here("environments", cwd=top.parent).stderr == "", "the folder's own"
    (top.parent / ".git").mkdir()
    assert run_here("environments", cwd=place).stderr == "", "the repository's own"
    (place / ".git").touch()
    assert run_here("environments", cwd=place).stderr == message, "a repository of its own below"


def test_a_file_of_somebody_else_is_named_wherever_it_is(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "release-audit.toml").write_text("workers = 2")
    assert read_settings(place).notes == []
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    [note] = read_settings(place).notes
    assert note.endswith("sets workers = 2")


def test_a_variable_that_is_no_setting_is_named() -> None:
    check_environment({PREFIX + "WINDOW_DAYS": "x", "HOME": "x"})
    with pytest.raises(UsageError, match="RELEASE_AUDIT_WINDOW_DAY is not a setting: did you mean 'RELEASE_AUDIT_WIN"):
        check_environment({PREFIX + "WINDOW_DAY": "30"})


def test_every_setting_is_an_option_of_that_name_and_no_other_reads_the_environment() -> None:
    named = {
        parameter.envvar: (parameter.opts, words)
        for words, command in every_command()
        for parameter in command.params
        if parameter.envvar
    }
    assert {variable(name): [f"--{name}"] for name in TYPES} == {key: opts for key, (opts, _) in named.items()}


def test_a_window_in_the_settings_concerns_only_what_takes_one(sample: str) -> None:
    environment = {"RELEASE_AUDIT_WINDOW_DAYS": "36500"}
    found = ["flags", "late-releases", "--dataset", sample, "--format", "json"]
    assert json.loads(invoke(*found)) != []
    assert json.loads(invoke(*found, env=environment)) == []
    invoke("flags", "changes", "--dataset", sample, env=environment)
    invoke("stats", "totals", "--dataset", sample, env=environment)
    invoke("flags", "changes", "--dataset", sample, "--window-days", "3", code=WRONG_USAGE)


def test_a_window_in_a_settings_file_is_the_default_of_every_query_that_takes_one(sample: str, place: Path) -> None:
    (place / "release-audit.toml").write_text("window-days = 36500\n")
    found = ["late-releases", "--dataset", sample, "--format", "json"]
    assert json.loads(invoke("flags", *found)) == []
    assert json.loads(invoke("flags", *found[1:], "late_releases")) == []
    assert json.loads(invoke("flags", *found, "--window-days", "14")) != []
    assert "window_days = 36500: " in invoke("stats", "all", "--dataset", sample)


SCAN = """
[[ignore]]
rule = "RA002"
project = "Mark_Up"
reason = "we looked at it"
until = 2027-01-31

[levels]
RA003 = "error"
"""


def test_ignores_and_levels_of_a_scan_are_settings_and_no_options(place: Path) -> None:
    (place / "release-audit.toml").write_text(SCAN)
    own = read_settings(place)
    assert [str(ignore) for ignore in own.ignores] == ["RA002 mark-up"]
    assert (own.levels, own.values) == ({"RA003": "error"}, {})
    assert invoke("config")
    (place / "release-audit.toml").unlink()
    shared = SCAN.replace("[ignore", "[tool.release-audit.ignore").replace("[levels", "[tool.release-audit.levels")
    (place / "pyproject.toml").write_text(shared)
    found = read_settings(place)
    assert (found.ignores, found.levels) == (own.ignores, own.levels)


def test_ignores_and_levels_of_a_file_outside_the_project_are_shown(place: Path) -> None:
    (place.parent.parent / "release-audit.toml").write_text(SCAN)
    [note] = read_settings(place).notes
    assert note.endswith("sets ignore = RA002 mark-up, levels.RA003 = error")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ignore = 3", "ignore is not a list of tables: write [[ignore]]"),
        ("[ignore]\nrule = 'RA001'", "ignore is not a list of tables: write [[ignore]]"),
        ("ignore = [3]", "ignore number 1: it is not a table"),
        ("[[ignore]]\nrule = 'RA09'\nreason = 'x'", "ignore number 1: no rule 'RA09'"),
        ("ignore = [{rule = 'RA001', reason = 'x'}, {reason = 'x'}]", "ignore number 2: it does not fit"),
        ("[[ignore]]\nrule = 'RA001'\nreason = 'x'\nprojects = 'y'", "did you mean 'project'?"),
        ("[[ignores]]\nrule = 'RA001'", "'ignores' is not a setting: did you mean 'ignore'?"),
        ("levels = 3", "levels is not a table: write [levels]"),
        ("[levels]\nRA01 = 'note'", "levels: no rule 'RA01': did you mean 'RA001'?"),
        ("[levels]\nRA001 = 'warn'", "levels: RA001 = 'warn' is not a level: did you mean 'warning'?"),
        ("[levels]\nRA001 = 3", "levels: RA001 = '3' is not a level: there are error, warning, note"),
        ("[levels]\nRA001 = {}", "is not a level"),
    ],
)
def test_what_does_not_fit_in_a_scans_settings_is_named(place: Path, text: str, message: str) -> None:
    (place / "release-audit.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_settings(place)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(place / "release-audit.toml"))
