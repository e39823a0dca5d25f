"""What a filter cannot find, and a name that is another's: one line that says what was meant."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.answers.words import REASONS
from audit.cli import WRONG_USAGE
from audit.cli.app import app
from audit.dataset.dataset import Dataset
from audit.errors import ParameterError, UsageError
from audit.model import Event
from audit.queries.catalog import Group, load
from tests.cli.programs import invoke, run_here


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("flags late-files --reason sdst", "--reason 'sdst' does not fit: did you mean 'sdist'?"),
        ("flags late-files --reason SDIST", "--reason 'SDIST' does not fit: did you mean 'sdist'?"),
        ("flags late-files --reason new-py", "did you mean 'new-python'?"),
        ("flags late-files --reason zzz", "--reason 'zzz' does not fit: there are legacy-format, sdist, first-wheel, "),
        ("flags late-files --since yesterday", "--since 'yesterday' does not fit: expected a day or a time in UTC"),
        ("flags late-files --since 2026-02-30", "--since '2026-02-30' does not fit: expected a day or a time in UTC"),
        ("flags late-files --window-days -3", "--window-days -3 does not fit: expected INTEGER from 1 to 36500"),
        ("flags late-files --min-lag-days -1", "--min-lag-days -1.0 does not fit"),
        ("flags late-files --project a/b", "--project 'a/b' does not fit: expected a project name"),
        ("flags late-files --project spamm", "has no project 'spamm': did you mean 'spam'?"),
        ("flags late-files --project eggs", "has no project 'eggs': crawl it first"),
        ("flags late-files --columns filenam", "no column 'filenam': did you mean 'filename'?"),
        ("flags changes --event apeared", "--event 'apeared' does not fit: did you mean 'appeared'?"),
        (
            "flags changes --since yesterday",
            "--since 'yesterday' does not fit: expected a day or a time in UTC, such as",
        ),
        ("flags timeline --project spam --version 1.1", "no version '1.1' of spam: did you mean '1.0'?"),
        ("flags displacing-files --environment toda", "no environment 'toda': did you mean 'today'?"),
        ("flags displacing-files --environment cp312", "no environment 'cp312': did you mean 'cp312-"),
        (
            "flags displacing-files --environment nonsense",
            "no environment 'nonsense': say today, past, all, this or",
        ),
        (
            "stats displacement --environment nonsense",
            "no environment 'nonsense': say today, past, all, this or",
        ),
        ("stats reasons --window-days 0", "--window-days 0 does not fit: expected INTEGER from 1"),
        ("changes --project spamm", "has no project 'spamm': did you mean 'spam'?"),
        ("show spamm", "has no project 'spamm': did you mean 'spam'?"),
        ("show spam==1.1", "has no version '1.1' of spam: did you mean '1.0'?"),
        ("show spam --window-days -3", "--window-days -3 does not fit"),
        ("show spam==1.0 --environment cp312-musl", "no environment 'cp312-musl': did you mean 'cp312-musllinux_"),
        ("show spam==", "'spam==' does not fit: expected PROJECT or PROJECT==VERSION, such as "),
        ("show spam=1.0", "'spam=1.0' does not fit: expected PROJECT or PROJECT==VERSION"),
        ("report --window-days 0", "--window-days 0 does not fit: expected INTEGER from 1"),
        ("flags late-files --columns ,", "no column '', '': there are project, version, "),
        ("stats who --ranks nothing-there", "--ranks nothing-there cannot be read: No such file or directory"),
        ("crawl --projects nothing-there", "--projects nothing-there cannot be read: No such file or directory"),
        ("flags reasons", "among the flags: it is one of the statistics, ask it with: release-audit stats reasons"),
        ("stats late-files", "it is one of the flags, ask it with: release-audit flags late-files"),
        ("stats file-lags", "it is one of the views, ask it with: release-audit sql 'from file_lags'"),
        ("stats late-reasons", "it is one of the views, ask it with: release-audit sql 'from late_reasons()'"),
        ("flags kind-is-known", "it is one of the assertions, ask it with: release-audit check"),
        ("flags --exit-code", "--exit-code belongs to a query: name one, release-audit flags lists them"),
    ],
)
def test_what_cannot_be_found_is_one_line_that_says_what_was_meant(sample: str, arguments: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)) as caught:
        invoke(*arguments.split(), "--dataset", sample)
    assert "\n" not in str(caught.value)
    assert "timeline: " not in str(caught.value), "a query that nobody asked for"


def test_it_is_wrong_usage(sample: str) -> None:
    ended = run_here("flags", "late-files", "--reason", "sdst", "--dataset", sample)
    assert (ended.returncode, ended.stdout) == (WRONG_USAGE, "")
    assert ended.stderr == "release-audit: --reason 'sdst' does not fit: did you mean 'sdist'?\n"


def test_a_wrong_choice_of_a_command_of_a_group_is_refused_in_the_same_words(sample: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["dataset", "export", "--to", "duckb", str(tmp_path / "x"), "--dataset", sample])
    assert result.exit_code == WRONG_USAGE
    assert result.stderr.splitlines()[-1].endswith(
        "'duckdb', 'browser', 'sqlite', 'csv', 'parquet-partitioned': did you mean 'duckdb'?"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "changes --event apeared",
            "'apeared' is not one of 'appeared', 'vanished', 'yanked', 'unyanked', 'changed': did",
        ),
        (
            "status --format jsno",
            "'jsno' is not one of 'table', 'csv', 'json', 'markdown', 'parquet': did you mean 'json'?",
        ),
        ("status --format zzz", "'--format' / '-f': 'zzz' is not one of 'table', 'csv', 'json', 'markdown',"),
        ("doctor instalation", "did you mean 'installation'?"),
        ("flags late-files --limit x", "Invalid value for '--limit': Input should be a valid integer"),
    ],
)
def test_a_wrong_choice_says_which_was_meant(sample: str, arguments: str, message: str) -> None:
    result = CliRunner().invoke(app, [*arguments.split(), "--dataset", sample])
    assert result.exit_code == WRONG_USAGE
    assert message in result.stderr.splitlines()[-1]


def test_an_error_of_a_parameter_carries_the_facts(sample: str) -> None:
    with Dataset(Path(sample)) as dataset, pytest.raises(ParameterError) as caught:
        dataset.query("late-files", reason="sdst")
    error = caught.value
    assert (error.query, error.name, error.value) == ("late-files", "reason", "sdst")
    assert error.expected == "did you mean 'sdist'?"


def test_choices_are_all_that_there_can_be() -> None:
    assert load().find("late-files").header.parameters["reason"].choices == tuple(REASONS)
    assert load().find("changes").header.parameters["event"].choices == tuple(Event)


@pytest.mark.parametrize("since", ["2024-02-01", "2024-02-01T00:00", "2024-02-01 00:00:00+00:00", "20240201"])
def test_uploads_since_an_instant_count_it(sample: str, since: str) -> None:
    found = ["flags", "late-files", "--dataset", sample, "--format", "csv", "--since"]
    assert "spam-1.0-1.zip" in invoke(*found, since)
    assert "spam-1.0-1.zip" not in invoke(*found, "2024-02-01T01:00+00:30")


@pytest.mark.parametrize(("command", "group"), [("flags", Group.FLAGS), ("stats", Group.STATISTICS)])
def test_without_a_name_there_is_a_list(command: str, group: Group) -> None:
    listed = invoke(command)
    for query in load().group(group):
        assert re.search(rf"^  {query.title} +{re.escape(query.header.question)}$", listed, re.MULTILINE)
    assert len(listed.splitlines()) == 1 + len(load().group(group))
