"""The command ``scan``: what it is given, where its facts come from, how it ends."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audit.cli.app import app
from audit.errors import InputError, UsageError
from audit.replay.server import serving
from tests.recorded import SAMPLE

LINUX = "cp38-manylinux_2_28_x86_64"
DISPLACER = "MarkupSafe-1.1.1-cp38-cp38-manylinux2010_x86_64.whl"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "requirements.txt").write_text("# pins\nmarkupsafe==1.1.1\n")


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, ["scan", *arguments], input=text, catch_exceptions=False)


def found(result: Result, rule: str) -> list[dict[str, str]]:
    return [row for row in csv.DictReader(result.stdout.splitlines()) if row["rule"] == rule]


def test_a_dataset_tells_which_late_file_would_be_installed(crawled_sample: Path) -> None:
    result = run("--dataset", str(crawled_sample), "--environment", LINUX)
    assert result.exit_code == 1
    assert "requirements.txt:2: error RA001: markupsafe 1.1.1" in result.stdout
    assert DISPLACER in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_an_index_is_asked_for_these_projects_alone_and_once(tmp_path: Path) -> None:
    with serving(SAMPLE) as address:
        first = run("--index-url", address, "--environment", LINUX, "--format", "csv")
        again = run("--index-url", address, "--environment", LINUX, "--format", "csv")
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert [row["filename"] for row in found(first, "RA001")] == [DISPLACER]
    assert found(again, "RA001") == found(first, "RA001")
    [cache] = (tmp_path / "cache" / "release-audit" / "scan").iterdir()
    listed = CliRunner().invoke(app, ["sql", "select outcome from crawls order by crawl_id", "--dataset", str(cache)])
    assert [line.strip() for line in listed.stdout.splitlines() if "found" in line or "unchanged" in line] == [
        "found",
        "unchanged",
    ]


def test_standard_input_and_a_folder(crawled_sample: Path, tmp_path: Path) -> None:
    of_text = run("-", "--dataset", str(crawled_sample), "-f", "json", text="markupsafe==1.1.1\n")
    assert of_text.exit_code == 1
    assert {row["source"] for row in json.loads(of_text.stdout)["rows"]} == {"-"}
    of_folder = run(str(tmp_path), "--dataset", str(crawled_sample), "-f", "csv")
    assert {row["source"] for row in csv.DictReader(of_folder.stdout.splitlines())} == {
        str(tmp_path / "requirements.txt")
    }


def test_nothing_to_scan_is_reported(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").unlink()
    with pytest.raises(InputError, match="no file in this folder has the name of a lock file"):
        run("--offline")


def test_offline_goes_by_what_the_inputs_say() -> None:
    result = run("--offline", "--format", "csv")
    assert result.exit_code == 4
    [row] = found(result, "RA008")
    assert row["why"] == "cannot tell: nothing is known here of markupsafe"


def test_two_sources_of_facts_are_refused() -> None:
    with pytest.raises(UsageError, match="say one of --dataset, --index-url and --offline"):
        run("--offline", "--dataset", "x")


def test_a_source_that_is_typed_beats_one_that_is_set(crawled_sample: Path, tmp_path: Path) -> None:
    (tmp_path / "release-audit.toml").write_text('index-url = "http://127.0.0.1:9/simple/"\n')
    assert run("--dataset", str(crawled_sample), "--environment", LINUX).exit_code == 1


def test_settings_ignore_a_finding_with_a_reason(crawled_sample: Path, tmp_path: Path) -> None:
    (tmp_path / "release-audit.toml").write_text(
        '[[ignore]]\nrule = "RA001"\nproject = "MarkupSafe"\nreason = "built by us"\n'
    )
    result = run("--dataset", str(crawled_sample), "--environment", LINUX)
    assert result.exit_code == 0
    assert "built by us" in result.stdout


def test_a_baseline_knows_what_an_earlier_scan_found(crawled_sample: Path, tmp_path: Path) -> None:
    arguments = ["--dataset", str(crawled_sample), "--environment", LINUX]
    assert run(*arguments, "--format", "json", "--output", "before.json").exit_code == 1
    assert run(*arguments, "--baseline", "before.json").exit_code == 0
    (tmp_path / "requirements.txt").write_text("markupsafe==1.1.1\npillow==9.4.0\n")
    macos = ["--dataset", str(crawled_sample), "--environment", "cp311-macosx_13_0_x86_64"]
    assert run(*macos, "--baseline", "before.json").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail-on", "none"], 0),
        (["--fail-on", "RA003"], 1),
        (["--fail-on", "RA007"], 0),
        (["--no-exit-codes"], 0),
        (["--format", "sarif"], 0),
        (["--format", "github"], 0),
        (["--format", "sarif", "--exit-codes"], 1),
        (["--format", "junit"], 1),
    ],
)
def test_how_it_ends(crawled_sample: Path, arguments: list[str], code: int) -> None:
    options = ["--dataset", str(crawled_sample), "--environment", LINUX, "--locked-at", "2020-01-01"]
    assert run(*options, *arguments).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--locked-at", "soon"], "--locked-at 'soon' does not fit"),
        (["--window-days", "0"], "--window-days 0 does not fit"),
        (["--environment", "cp999"], "no environment 'cp999'"),
        (["--baseline", "nosuch.json"], "--baseline nosuch.json cannot be read"),
        (["--fail-on", "RA999"], "--fail-on 'RA999' is neither a rule"),
        (["--workers", "99"], "--workers 99 is impolite"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        run(*arguments)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_a_file_that_does_not_read_is_named() -> None:
    with pytest.raises(InputError, match=r"nosuch\.txt"):
        run("nosuch.txt", "--offline")
