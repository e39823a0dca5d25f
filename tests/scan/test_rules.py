"""Each rule is explained: in the program, on a page of the documentation, with a real example that is correct."""

import json
import re
from pathlib import Path

import pytest

from audit.errors import UsageError
from audit.findings.finding import Rule
from audit.findings.level import Level
from audit.scan.rules import find, load
from docs.generator.blocks import blocks
from docs.generator.pages import FOLDER as PAGES
from docs.generator.rules import answered
from tests.cli.programs import invoke
from tests.recorded import index_page

HEADINGS = ["What it says", "Why it matters", "How to fix it", "A real example"]
RULES = list(load().values())


def test_a_number_is_never_left_out_or_given_again() -> None:
    assert list(load()) == [f"RA{number:03}" for number in range(1, len(RULES) + 1)]
    assert len(RULES) >= 8


@pytest.mark.parametrize("name", load())
def test_each_text_has_its_four_parts_and_fits_a_terminal(name: str) -> None:
    rule = find(name)
    assert re.findall(r"^## (.*)$", rule.text, re.MULTILINE) == HEADINGS
    assert list(rule.levels) == sorted(rule.levels, key=list(Level).index), "the worst first"
    assert "\n" not in rule.title + rule.summary
    assert rule.summary.endswith(".")
    assert not rule.title.endswith(".")
    assert max(map(len, rule.text.splitlines())) <= 100


@pytest.mark.parametrize("name", load())
def test_the_text_has_a_fix_for_pip_uv_and_poetry(name: str) -> None:
    fix = find(name).text.partition("## How to fix it")[2]
    assert {"**pip**", "**uv**", "**Poetry**"} <= set(re.findall(r"\*\*\w+\*\*", fix))


@pytest.mark.parametrize("name", load())
def test_the_page_of_the_documentation_is_the_same_text(name: str) -> None:
    assert (PAGES / "rules" / f"{name}.md").read_text("utf-8") == find(name).page == invoke("rules", name)


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    assert {path.stem for path in (PAGES / "rules").iterdir()} == set(load())


@pytest.mark.slow
def test_the_examples_hold() -> None:
    for path, text in answered().items():
        assert path.read_text("utf-8") == text, "`make pages` runs them again"


def test_most_rules_have_an_example_that_is_run() -> None:
    run = {rule.id for rule in RULES if any(block.language == "console" for block in blocks(rule.text))}
    assert set(load()) - run == {"RA004", "RA008"}, (
        "a lock that lies is shown as it is; of what is not known there is none"
    )


def test_what_the_examples_say_beside_their_commands_is_recorded() -> None:
    files = {
        file["filename"]: file
        for project in ("markupsafe", "pillow", "numpy", "cffi")
        for file in json.loads(index_page(project))["files"]
    }
    for rule in RULES:
        for name in re.findall(r"`([\w.-]+\.whl)`", rule.text):
            assert name in files
    first = files["MarkupSafe-1.1.1-cp27-cp27m-macosx_10_6_intel.whl"]["hashes"]["sha256"]
    [digest] = re.findall(r"sha256 = \"([0-9a-f]{64})\"", find("RA004").text)
    assert sum(ours != theirs for ours, theirs in zip(digest, first, strict=True)) == 1, "one digit differs"
    built_again = [name for name in files if re.match(r"cffi-1\.14\.3-2-.*macosx", name)]
    assert len(built_again) == 6


def test_the_lock_that_ra004_shows_is_found(crawled_sample: Path, tmp_path: Path) -> None:
    [lock] = [block.text for block in blocks(find("RA004").text) if block.language == "toml"]
    (tmp_path / "pylock.toml").write_text(lock)
    asked = ["scan", str(tmp_path / "pylock.toml"), "--verify", "--dataset", str(crawled_sample), "--format", "json"]
    found = [row for row in json.loads(invoke(*asked, code=1))["rows"] if row["rule"] == "RA004"]
    assert [(row["filename"], row["level"]) for row in found] == [
        ("MarkupSafe-1.1.1-cp27-cp27m-macosx_10_6_intel.whl", "error")
    ]
    assert lock.partition('sha256 = "')[2][:64] in found[0]["why"]


def test_each_rule_has_its_sql_and_its_cases() -> None:
    top = PAGES.parent
    for folder, ending in (("queries/rules", "sql"), ("tests/queries/rules", "toml")):
        assert {path.name for path in (top / folder).iterdir()} == {f"{name.lower()}.{ending}" for name in load()}


@pytest.mark.parametrize("rule", load().values(), ids=lambda rule: str(rule.id))
def test_the_levels_that_a_rule_names_are_those_that_its_sql_gives(rule: Rule) -> None:
    sql = (PAGES.parent / "queries" / "rules" / f"{rule.id.lower()}.sql").read_text("utf-8").partition("*/")[2]
    assert {level for level in Level if f"'{level}'" in sql} == set(rule.levels)


def test_the_command_lists_them_in_every_format() -> None:
    table = invoke("rules")
    assert all(rule.id in table for rule in RULES)
    rows = json.loads(invoke("rules", "--format", "json"))
    assert [row["rule"] for row in rows] == list(load())
    assert rows[0]["text"] == find("RA001").text
    assert json.loads(invoke("rules", "ra001", "--format", "json")) == rows[:1]
    assert invoke("rules", "--format", "markdown").count("\n") == len(RULES) + 2
    assert invoke("rules", "RA001", "--format", "markdown") == find("RA001").page


@pytest.mark.parametrize(("name", "says"), [("RA01", "did you mean 'RA001'"), ("spam", "there are RA001, RA002")])
def test_an_unknown_rule_is_one_line(name: str, says: str) -> None:
    with pytest.raises(UsageError, match=f"no rule '{name}': {says}"):
        invoke("rules", name)
