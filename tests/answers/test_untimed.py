"""A dataset without upload times never says that nothing was late."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.answers.crawl import crawl_text
from audit.answers.format import ReportFormat
from audit.answers.untimed import no_times_note
from audit.cli.app import app
from audit.dataset.dataset import Dataset
from audit.page.gathering import report
from audit.queries.catalog import Group, load
from tests.answers.test_crawl import summary
from tests.dataset_builder import make_dataset

NOTHING = "nothing can be said about lags"
ZERO = re.compile(r"\b0 of 0\b|\b0 found\b")
TIMED = {"project": "eggs", "filename": "eggs-1.0.zip", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)}
JUDGED = [query.title for query in load().group(Group.FLAGS) if query.header.reads_times]
# Every flag for people, and every format of one; the rest of the pairs is slow.
ASKED = [
    pytest.param(name, form, marks=[] if form == "table" or name == "late-files" else pytest.mark.slow)
    for name in JUDGED
    if name not in {"timeline", "pick-history"}
    for form in ("table", "markdown", "csv", "json")
]


@pytest.fixture(scope="module")
def untimed(tmp_path_factory: pytest.TempPathFactory) -> str:
    files = [{"filename": "spam-1.0.tar.gz"}, {"filename": "spam-1.0.zip"}]
    return str(make_dataset(tmp_path_factory.mktemp("untimed"), files))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_dataset(tmp_path_factory.mktemp("mixed"), [{"filename": "spam-1.0.tar.gz"}, TIMED]))


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_all_flags_of_times_are_asked() -> None:
    assert {"late-files", "late-releases", "suspicious-releases", "displacing-files", "pick-history"} <= {*JUDGED}
    assert "changes" not in JUDGED


@pytest.mark.parametrize(("name", "form"), ASKED)
def test_a_flag_that_judged_nothing_is_no_clean_one(untimed: str, name: str, form: str) -> None:
    output = run("flags", name, "--dataset", untimed, "--exit-code", "--format", form, code=4)
    assert NOTHING in " ".join(output.split())
    assert not ZERO.search(output)
    assert NOTHING in " ".join(run("flags", name, "--dataset", untimed, "--format", form).split())


def test_a_flag_of_events_is_judged_without_times(untimed: str) -> None:
    assert NOTHING not in run("flags", "recreated-releases", "--dataset", untimed, "--exit-code")


def test_a_project_without_times_is_not_judged(mixed: str) -> None:
    assert "0 found." in run("flags", "late-files", "--dataset", mixed, "--exit-code")
    output = run("flags", "late-files", "--dataset", mixed, "--project", "spam", "--exit-code", code=4)
    assert "The only file of spam has no upload time" in output
    assert "0 found." in run("flags", "late-files", "--dataset", mixed, "--project", "eggs", "--exit-code")


def test_a_dataset_without_files_was_not_judged_either(tmp_path: Path) -> None:
    output = run("flags", "late-files", "--dataset", str(make_dataset(tmp_path)), "--exit-code", code=4)
    assert "No file is listed: nothing can be said about lags" in output


@pytest.mark.parametrize(
    "arguments", [["stats", "reasons"], ["stats", "all"], ["show", "spam"], ["show", "spam==1.0"], ["status"]]
)
def test_every_command_says_so(untimed: str, arguments: list[str]) -> None:
    output = run(*arguments, "--dataset", untimed)
    assert NOTHING in " ".join(output.split())
    assert not ZERO.search(output)


@pytest.mark.parametrize("form", ReportFormat)
def test_a_report_says_so_and_counts_nothing_late(untimed: str, form: ReportFormat) -> None:
    with Dataset(Path(untimed)) as dataset:
        text = report(dataset, form)
    assert NOTHING in text
    assert not ZERO.search(text.partition("<script>")[0])
    for heading in ("The proposed rules", "Flagged releases", "would have refused"):
        assert heading not in text.partition("<script>")[0].partition('id="definitions"')[0]


def test_a_crawl_says_so() -> None:
    assert NOTHING in crawl_text(summary(file_count=7, untimed_file_count=7))
    assert NOTHING not in crawl_text(summary(file_count=7, untimed_file_count=6))
    assert NOTHING not in crawl_text(summary(file_count=0, untimed_file_count=0))


@pytest.mark.parametrize(
    ("files", "untimed", "message"),
    [(2, 1, None), (2, 0, None), (2, 2, "None of the 2 files"), (1, 1, "The only file"), (0, 0, "No file is")],
)
def test_what_the_note_says(files: int, untimed: int, message: str | None) -> None:
    found = no_times_note(files, untimed)
    assert found is None if message is None else str(found).startswith(message)
