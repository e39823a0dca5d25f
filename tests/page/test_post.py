"""The report as markdown: what a forum shows of it, with numbers that are the statistics' own."""

import re
import shlex
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from audit.answers.format import ReportFormat
from audit.cli.app import app
from audit.dataset.dataset import Dataset
from audit.page.gathering import report
from tests.hostile import hostile_dataset
from tests.test_docs import parse


@pytest.fixture(scope="module")
def post(crawled_sample: Path) -> str:
    with Dataset(crawled_sample) as opened:
        return report(opened, ReportFormat.MARKDOWN)


def test_the_headline_is_whole_sentences_with_denominators(post: str) -> None:
    sentences = [line.replace("*", "").replace("\\", "").strip() for line in post.split("\n\n")[1].splitlines()]
    assert sentences == [
        "357 of 35,996 files (1.0%) came more than 14 days after the first file of their release.",
        "A first file cannot be late: of the files that came after the first of their release they are 357 of 30,707 "
        "(1.2%).",
        "They are in 78 of 5,288 releases (1.5%) and in 20 of 96 projects (20.8%).",
        "The most frequent reason is new-python (a wheel for an interpreter that the release had no wheel for): "
        "143 of 357 late files (40.1%).",
        "18 of 357 late files (5.0%), in 6 of 78 releases (7.7%) and 4 of 20 projects (20.0%) with late files, are "
        "picked in at least one of 223 environments of today where an installer picked another wheel before: only a "
        "hash pin protects from that. 87 of 357 (24.4%) save somebody a build, 5 of 357 (1.4%) are the first that "
        "somebody can install.",
        "Most came in 2016: 119 of the 1,549 files of that year (7.7%); in 2025 it was 0 of 4,769 (0.0%).",
        "The project with most is numpy: 136 of 357 late files (38.1%); ten projects have 345 of 357 (96.6%).",
        "Freezing each release 14 days after its first file would have refused 357 of 35,996 files (1.0%); "
        "72 hours after its last file, 487 of 35,996 (1.4%); as soon as a newer stable release was out, "
        "183 of 35,996 (0.51%).",
        "12 of 5,288 releases (0.23%) are not 14 days old yet: no such rule can have refused a file of theirs.",
        "A cooldown takes nothing younger than so many days. One of 14 days that goes by a release's earliest file "
        "lets 357 of 357 late files (100.0%) pass at once, in 78 releases of 20 projects; one that goes by the "
        "release's last file by filename, 341 of 357 (95.5%). If it goes by the newest file, 88 of 357 (24.6%) hide a "
        "release that could be installed before, 77 releases in all. If it goes by each file's own age, no late file "
        "passes at once, and none hides a release.",
        "In the whole months since PyPI's rule against files for releases older than 14 days was merged (2026-08 to "
        "2026-10), 0 of 1,409 files (0.0%) were such files.",
        "In 2026-11 so far, to 2026-11-23, it is 0 of 158 (0.0%).",
    ]


def test_the_rules_stand_in_one_table(post: str, crawled_sample: Path) -> None:
    [line] = [line for line in post.replace("\\", "").splitlines() if line.startswith("| after-first |")]
    with Dataset(crawled_sample) as opened:
        rows = [row for row in opened.query("policies").rows() if row["policy"] == "after-first"]
    assert [int(cell.split()[0].replace(",", "")) for cell in line.split("|")[2:-2]] == [
        r["refused_files"] for r in rows
    ]


def test_it_says_where_its_numbers_are_from_and_how_to_repeat_them(post: str) -> None:
    text = post.replace("\\", "")
    assert "* Index: PyPI, pages replayed from a recording, through the JSON API\n" in text
    assert (
        "* Projects: 96 asked for, chosen by --whole-index, all of the recording\n* Pages: recorded 2026-11-23\n"
        in text
    )
    assert re.search(r"^\* Dataset: sha256:[0-9a-f]{64}$", text, re.M)
    cite, once = post.split("```")[1].strip().splitlines()
    assert cite.startswith("“Files that came late”, release-audit ")
    parse(shlex.split(once)[1:])
    commands = re.findall(r"^release-audit (.+)$", post.split("```")[3], re.M)
    assert len(commands) > 5
    for command in commands:
        parse(command.split())


def test_strangers_text_is_text(tmp_path: Path) -> None:
    out = tmp_path / "post.md"
    dataset = str(hostile_dataset(tmp_path / "data"))
    arguments = ["report", "--dataset", dataset, "--format", "markdown", "--out", str(out)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    text = out.read_text("utf-8")
    assert text.replace("\n", "").isprintable()
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert set(re.findall(r"<(\w+)", html)) <= {
        *("h1", "h2", "p", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td", "pre", "code"),
        *("details", "summary"),
    }
