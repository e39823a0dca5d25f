"""The pages are up to date: generated ones are generated again, commands and SQL are run."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from audit.answers.values import exact
from audit.dataset.schema import FILES, TABLES
from audit.dataset.table import Column, Table
from audit.model import crawl_id_of, started_at
from docs.generator import pages
from docs.generator.blocks import blocks, refreshed
from docs.generator.console import FIRST_CRAWL, Console, clone
from tests.recorded import SAMPLE, index_page

LEAST_QUESTIONS = 20
# What a page would fetch when it is opened; a link that a reader clicks is not part of this.
FETCHED = re.compile(r"""<(?:link|script|img|iframe|source)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//""")


@pytest.mark.parametrize("name", sorted(pages.GENERATED))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (pages.FOLDER / name).read_text("utf-8") == pages.current(name), "`make pages` writes it again"


@pytest.mark.slow
@pytest.mark.parametrize("name", pages.executed())
def test_a_page_shows_what_its_commands_answer(name: str) -> None:
    assert (pages.FOLDER / name).read_text("utf-8") == pages.current(name), "`make pages` runs them again"


def test_every_page_of_learn_and_do_has_commands() -> None:
    index = (pages.FOLDER / "index.md").read_text("utf-8")
    learn_and_do = index.partition("**Learn.**")[2].partition("**Look up.**")[0]
    by_their_own_test = {"watch.md"}  # tests/test_docs_watch.py, which listens to its webhook
    listed = {*re.findall(r"\(([\w-]+\.md)\)", learn_and_do), "cookbook.md", "../README.md"}
    assert listed - by_their_own_test <= set(pages.executed())


def test_the_cookbook_has_its_questions() -> None:
    text = (pages.FOLDER / "cookbook.md").read_text("utf-8")
    questions = re.findall(r"^### .*\?$", text, re.MULTILINE)
    answers = [block for block in blocks(text) if block.language == "sql"]
    assert len(set(questions)) == len(answers) >= LEAST_QUESTIONS


def test_cited_numbers_are_in_an_answer_of_the_tutorial() -> None:
    text = (pages.FOLDER / "tutorial.md").read_text("utf-8")
    cited = numbers(" ".join(re.findall(r"^> (.*)", text, re.MULTILINE)))
    answered = numbers("".join(block.text for block in blocks(text)))
    assert len(cited) > 5
    assert cited <= answered | numbers((SAMPLE / "SOURCES.md").read_text("utf-8"))


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")))


EXAMPLES = [
    pytest.param(table, column, id=f"{table.name}.{column.name}") for table in TABLES for column in table.columns
]


@pytest.mark.parametrize(("table", "column"), EXAMPLES)
def test_an_example_in_the_schema_is_of_the_columns_type(table: Table, column: Column) -> None:
    [value] = pa.array([column.example]).cast(column.type).to_pylist()
    assert column.example
    assert exact(value) == column.example


def test_the_example_of_a_file_is_a_file_of_the_sample() -> None:
    examples = {column.name: column.example for column in FILES.columns}
    [file] = [
        file
        for file in json.loads(index_page(examples["project"]))["files"]
        if file["filename"] == examples["filename"]
    ]
    assert examples["uploaded_at"] == file["upload-time"]
    assert examples["size_bytes"] == str(file["size"])
    assert examples["sha256"] == file["hashes"]["sha256"]
    assert examples["requires_python"] == file["requires-python"]


def test_what_says_the_same_stays_and_what_does_not_is_replaced() -> None:
    days = "answers of 2026-11-23 to 2026-11-23"
    head = f"# A page\n\n```console\n$ one\ncrawl 20261123T101500Z: ... reached, {days}\n"
    page = head + "$ two \\\n  more\n2 rows\n```\nend\n"
    answers = {
        "one\n": f"crawl 20270101T000000Z: 96 reached, {days.replace('2026', '2027')}\n",
        "two \\\n  more\n": "3 rows\n",
    }
    assert refreshed(page, answers.__getitem__, str) == page.replace("2 rows", "3 rows")


def test_an_answer_to_sql_is_in_the_text_block_after_it() -> None:
    page = "```sql\nselect 1\n```\n```text\n```\n"
    assert refreshed(page, str, lambda sql: f"{sql}1\n") == page.replace("```text\n", "```text\nselect 1\n1\n")
    with pytest.raises(ValueError, match="line 1: the sql block has no text block"):
        refreshed(page.partition("```text")[0], str, str)


def test_a_command_that_fails_is_not_an_answer(tmp_path: Path) -> None:
    with clone(tmp_path) as console, pytest.raises(ValueError, match=r"ended with 2:\nrelease-audit: no query 'nope'"):
        console.run("release-audit queries nope")


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_opens_without_a_network(tmp_path: Path) -> None:
    site = tmp_path / "site"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(tmp_path / "trees")]
    built = subprocess.run([*command, str(pages.FOLDER), str(site)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    opened = {path: path.read_text("utf-8") for path in site.rglob("*.html")}
    assert {"tutorial.html", "cookbook.html", "commands.html", "rules.html"} <= {path.name for path in opened}
    assert not [(path.name, found) for path, text in opened.items() for found in FETCHED.findall(text)]
    assert not [path for path in site.rglob("*.css") if re.search(r"url\(['\"]?(https?:)?//", path.read_text("utf-8"))]


def test_a_pages_crawls_are_the_same_in_every_run(tmp_path: Path) -> None:
    console = Console(tmp_path, "http://127.0.0.1:1/simple/")
    first, second = (crawl_id_of(datetime.now(UTC) + timedelta(seconds=later)) for later in (1, 3))
    old = "20200101T000000Z"
    start = started_at(first).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    assert console.with_example_crawls(f"{second} {first} {old}") == f"20261124T101500Z 20261123T101500Z {old}"
    replaced = console.with_example_crawls(f"{first},{start},2020-01-01T00:00:00.000000Z")
    assert replaced == "20261123T101500Z,2026-11-23T10:15:00.000000Z,2020-01-01T00:00:00.000000Z"


# What is imported says when it was made: the same in every run.
@pytest.mark.parametrize("name", [name for name in pages.executed() if name not in {"import.md", "downloads.md"}])
def test_a_page_names_each_of_its_crawls_by_one_id(name: str) -> None:
    found = set(re.findall(r"\d{8}T\d{6}Z", (pages.FOLDER / name).read_text("utf-8")))
    assert found == {crawl_id_of(FIRST_CRAWL + timedelta(days=number)) for number in range(len(found))}
