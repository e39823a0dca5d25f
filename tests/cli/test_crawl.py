"""``release-audit crawl`` as it is typed."""

import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
from typer.testing import CliRunner

from audit.cli import COULD_NOT_RUN, INCOMPLETE, main
from audit.cli.app import app
from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.errors import DatasetError, QueryError, UsageError
from audit.replay.server import serving
from tests.cli.programs import run
from tests.pages import file, record, spam


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    spam(tmp_path / "pages", "spam-1.0.tar.gz")
    record(tmp_path / "pages", "eggs", [file("eggs-1.0.tar.gz")], ["1.0"], name="ham")
    with serving(tmp_path / "pages") as address:
        yield address


def crawl(index: str, tmp_path: Path, *options: str, code: int = 0) -> str:
    arguments = ["crawl", "--index-url", index, "--dataset", str(tmp_path / "data"), *options]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def test_projects_by_name_and_by_file(index: str, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("spam\nno-such\n")
    summary = crawl(
        index, tmp_path, "--projects", str(listed), "--project", "Spam", "--workers", "2", "--contact", "me"
    )
    assert "2 projects asked for, 2 reached, 0 not reached" in summary
    assert "1 found, 0 unchanged, 1 missing" in summary
    assert "1 project asked for" in crawl(index, tmp_path, "--projects", str(listed), "--top", "1")
    with Dataset(tmp_path / "data") as opened:
        choices = [row["chosen_by"] for row in opened.query("crawl-choices").rows()]
    assert choices == ["--projects list.txt --top 1", "--project spam --projects list.txt"]


def test_a_name_that_the_index_does_not_know_is_one_clear_line(index: str, tmp_path: Path) -> None:
    arguments = ["crawl", "--index-url", index, "--dataset", str(tmp_path / "data"), "--project", "no-such"]
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (3, "")
    *_, line = ended.stderr.splitlines()
    assert line.startswith(f"release-audit: the Index API at {index} lists none of the 1 project asked for (no-such): ")
    assert line.endswith("check the names and --index-url. Nothing is committed")
    assert not (tmp_path / "data" / "files.parquet").exists()


def test_incomplete_data_ends_with_4_and_is_still_committed(index: str, tmp_path: Path) -> None:
    summary = crawl(index, tmp_path, "--whole-index", "--api", "simple", code=INCOMPLETE)
    assert "1 found, 0 unchanged, 0 missing, 0 quarantined, 0 stale, 1 failed" in summary
    assert "not reached: 1 x other-project" in summary
    assert "  failed: eggs\n" in summary
    [command] = re.findall(r"all of them: release-audit (.+)", summary)
    listed = CliRunner().invoke(app, [*shlex.split(command), "--format", "csv"], catch_exceptions=False).stdout
    assert listed.splitlines()[1].startswith("eggs,failed,other-project,")
    record(tmp_path / "pages", "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    assert "1 project asked for, 1 reached" in crawl(index, tmp_path, "--retry-failed", "--api", "simple")


def test_nothing_can_be_retried_where_nothing_was_crawled(index: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=f"no dataset at {tmp_path / 'data'}: write one with `release-audit crawl"):
        crawl(index, tmp_path, "--retry-failed")
    assert not (tmp_path / "data").exists()


def test_a_log_for_machines_is_json_from_first_to_last(index: str, tmp_path: Path) -> None:
    arguments = ["crawl", "--index-url", index, "--dataset", str(tmp_path / "data"), "--log-format", "json"]
    ended = CliRunner().invoke(app, [*arguments, "--whole-index", "--api", "simple"], catch_exceptions=False)
    assert ended.exit_code == INCOMPLETE
    *steps, last = map(json.loads, ended.stderr.splitlines())
    assert {step["event"] for step in steps} == {"progress"}
    assert (last["event"], last["outcomes"]) == ("summary", {"found": 1, "failed": 1})
    assert (last["failures"], last["file_count"], last["dataset"]) == ({"other-project": 1}, 1, str(tmp_path / "data"))
    assert "2 projects asked for, 1 reached" in ended.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "say which projects"),
        (["--project", "a", "--whole-index"], "say which projects"),
        (["--project", "a", "--top", "3"], "--top 3"),
        (["--projects", "no-such-file"], "no-such-file"),
        (["--project", "a/b"], "'a/b' is not a project name"),
        (["--project", "a", "--workers", "11"], "--own-index"),
        (["--project", "a", "--index-url", "nonsense"], "'nonsense' is not absolute"),
    ],
)
def test_what_does_not_fit_is_one_line(tmp_path: Path, options: list[str], message: str) -> None:
    arguments = ["crawl", "--index-url", "http://127.0.0.1:9/simple/", "--dataset", str(tmp_path), *options]
    with pytest.raises(UsageError, match=message) as caught:
        CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_is_not_there_is_reported_and_nothing_is_lost(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    crawl(index, tmp_path, "--project", "spam")
    nowhere = "http://127.0.0.1:9/simple/"
    command = ["release-audit", "crawl", "--index-url", nowhere, "--moved-index", "--whole-index"]
    command += ["--dataset", str(tmp_path / "data")]
    monkeypatch.setattr(sys, "argv", command)
    with stamina.set_testing(True, attempts=2), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == COULD_NOT_RUN
    message = capsys.readouterr().err
    assert message.startswith(f"release-audit: the index's root {nowhere} cannot be fetched (connect")
    assert message.count("\n") == 1
    assert (tmp_path / "data" / "files.parquet").exists()


def test_an_index_that_answers_no_project_is_reported_with_the_first_reason(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["release-audit", "crawl", "--index-url", index, "--project", "eggs", "--api", "simple"]
    monkeypatch.setattr(sys, "argv", [*command, "--dataset", str(tmp_path / "data")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == COULD_NOT_RUN
    message = capsys.readouterr().err
    assert message.startswith("release-audit: none of the 1 project asked for had a usable answer (1 x other-project; ")
    assert message.count("\n") == 1
    assert not (tmp_path / "data" / "files.parquet").exists()


def test_a_broken_assertion_is_loud_and_ends_with_4(index: str, tmp_path: Path) -> None:
    spam(tmp_path / "pages", "spam-1.0.tar.gz", uploaded_at="2999-01-01T00:00:00Z")
    arguments = ["crawl", "--index-url", index, "--dataset", str(tmp_path / "data"), "--project", "spam"]
    result = CliRunner().invoke(app, [*arguments, "--api", "json"], catch_exceptions=False)
    assert result.exit_code == INCOMPLETE
    assert result.stderr == (
        "release-audit: upload-time-is-plausible FAILED: 1 row that should not exist: "
        f"release-audit check --dataset {tmp_path / 'data'} shows more\n"
    )
    assert "1 project asked for, 1 reached" in result.stdout


def test_assertions_that_could_not_be_checked_do_not_hold(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Dataset) -> list[Answer]:
        raise QueryError("no space left")

    monkeypatch.setattr(Dataset, "check", full)
    arguments = ["crawl", "--index-url", index, "--dataset", str(tmp_path / "data"), "--project", "spam"]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == INCOMPLETE
    assert "the assertions could not be checked (no space left)" in result.stderr


def test_an_interrupted_crawl_says_how_to_go_on(index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    arguments = ["crawl", "--index-url", index, "--dataset", str(tmp_path / "data"), "--project", "spam"]
    with monkeypatch.context() as patch:
        patch.setattr("audit.crawl.conclusion.commit", interrupted)
        ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 130
    assert "the same command resumes" in ended.stderr
    assert "1 found" in crawl(index, tmp_path, "--project", "spam")
