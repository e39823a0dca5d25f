"""What machines read: every column, exact, and a file that is there whole or not at all."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from audit.cli.app import app
from audit.dataset.dataset import Dataset
from audit.errors import OutputError, UsageError
from audit.queries import catalog
from audit.queries.catalog import Group

COMMANDS = {Group.FLAGS: "flags", Group.STATISTICS: "stats"}


def run(dataset: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--dataset", str(dataset)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize(
    "name",
    [
        "late-files",
        "policies",
        *(pytest.param(n, marks=pytest.mark.slow) for n in ("late-releases", "python-availability")),
    ],
)
def test_every_format_for_machines_has_every_column_by_its_name(crawled_sample: Path, name: str) -> None:
    query = catalog.load().find(name)
    columns, command = list(query.header.columns), COMMANDS[query.group]
    assert query.header.shown or query.header.in_table, "a terminal shows fewer"
    assert next(csv.reader(run(crawled_sample, command, name, "--format", "csv").splitlines())) == columns
    assert list(json.loads(run(crawled_sample, command, name, "--format", "json"))[0]) == columns
    heading = run(crawled_sample, command, name, "--format", "markdown").replace("\\", "").splitlines()[0]
    assert [cell.strip() for cell in heading.strip("|").split("|")] == columns
    assert run(crawled_sample, command, name, "--format", "csv", "--columns", columns[0]).splitlines()[0] == columns[0]


def test_parquet_is_the_answer_with_its_types(crawled_sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "late.parquet"
    assert run(crawled_sample, "flags", "late-files", "--format", "parquet", "--output", str(out)) == ""
    with Dataset(crawled_sample) as opened:
        answer = opened.query("late-files").arrow()
    assert pq.read_table(out).equals(answer)
    first = out.read_bytes()
    run(crawled_sample, "flags", "late-files", "--format", "parquet", "--output", str(out))
    assert out.read_bytes() == first, "the same bytes"
    run(crawled_sample, "flags", "late-files", "--format", "parquet", "--output", str(out), "--limit", "3")
    assert pq.read_table(out).equals(answer.slice(0, 3))


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        (["flags", "late-files", "--format", "csv"], "project,version,"),
        (["stats", "policies", "--format", "json"], '[\n  {"policy": "after-first"'),
        (["changes", "--format", "csv"], "crawl_id,"),
        (["sql", "select 1 as one", "--format", "csv"], "one\n1\n"),
    ],
)
def test_a_file_gets_what_the_terminal_would(
    crawled_sample: Path, tmp_path: Path, command: list[str], begins: str
) -> None:
    out = tmp_path / "answer"
    assert run(crawled_sample, *command, "--output", str(out)) == ""
    assert out.read_text("utf-8") == run(crawled_sample, *command)
    assert out.read_text("utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("sql --format parquet", "hold the answer to one statement"),
        ("sql --output x.csv", "hold the answer to one statement"),
        ("stats all --output x.csv", "--output x.csv is for one, so name one"),
        ("stats all --format parquet", "--format parquet holds one statistic, so name one"),
        ("status --format parquet", "--format parquet is the answer to one question"),
        ("flags late-files --output no/such/folder/x.csv", "there is no folder no/such/folder"),
    ],
)
def test_what_has_no_such_form_is_said(crawled_sample: Path, command: str, message: str) -> None:
    with pytest.raises((UsageError, OutputError), match=message):
        run(crawled_sample, *command.split())


def test_no_answer_is_written_into_the_dataset(crawled_sample: Path) -> None:
    before = (crawled_sample / "files.parquet").read_bytes()
    with pytest.raises(UsageError, match="lies in the dataset"):
        run(crawled_sample, "flags", "late-files", "--output", str(crawled_sample / "files.parquet"))
    assert (crawled_sample / "files.parquet").read_bytes() == before
