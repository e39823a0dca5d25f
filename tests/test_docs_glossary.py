"""The glossary says what the program says: its order, its links, and the values and columns that it names."""

import re
from pathlib import Path

import pytest

from audit.dataset.dataset import Dataset
from audit.dataset.schema import TABLES
from audit.model import Event, Kind, Outcome, Source
from audit.queries import catalog
from tests.dataset_builder import make_dataset
from tests.test_docs import TOP, anchors

DOCS = TOP / "docs"
TEXT = (DOCS / "glossary.md").read_text("utf-8")
ENTRIES = {head: body for head, _, body in (part.partition("\n") for part in TEXT.split("\n## ")[1:])}


def code(word: str) -> list[str]:
    """The text between backticks in a word's entry, without links and what is typed at a prompt."""
    return [text for text in re.findall(r"(?<!\[)`([^`]+)`", ENTRIES[word]) if re.fullmatch(r"[\w-]*[a-z]", text)]


def names() -> set[str]:
    """The columns and the parameters of the dataset's tables and of the queries."""
    headers = [query.header for query in catalog.load().group()]
    asked = {name.rstrip("_") for header in headers for name in (*header.parameters, *header.columns)}
    return asked | {column.name for table in TABLES for column in table.columns}


def test_the_words_are_in_order_and_each_is_there_once() -> None:
    assert list(ENTRIES) == sorted(set(ENTRIES), key=str.casefold)
    assert len(ENTRIES) == len(re.findall("^## ", TEXT, re.MULTILINE))


@pytest.mark.parametrize("word", ENTRIES)
def test_a_word_links_to_where_it_is_defined(word: str) -> None:
    targets = re.findall(r"\]\(([^)]+)\)", ENTRIES[word])
    assert targets
    for target in targets:
        file, _, anchor = target.partition("#")
        page = DOCS / (file or "glossary.md")
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), target


VALUES = {"Kind": Kind, "Outcome": Outcome, "Event": Event, "Source": Source}


@pytest.mark.parametrize("word", VALUES)
def test_the_values_of_a_word_are_the_programs(word: str) -> None:
    assert set(code(word)) == set(VALUES[word])


def test_reasons_effects_and_signs_are_those_of_the_queries(tmp_path: Path) -> None:
    with Dataset(make_dataset(tmp_path)) as dataset:
        assert code("Reason") == [row["reason"] for row in dataset.sql("from known_reasons order by place").rows()]
    effects = catalog.load().find("effect_of").header.columns["effect"].meaning
    assert set(code("Effect")) == set(re.findall(r"([\w-]+) \(", effects))
    signs = (DOCS / "signs.md").read_text("utf-8")
    assert code("Sign") == re.findall(r"^\| `(\w+)` \|", signs, re.MULTILINE)


def test_a_name_with_an_underscore_is_a_column_or_a_parameter() -> None:
    named = {text for word in ENTRIES for text in code(word) if "_" in text}
    assert {"lag_us", "window_days", "is_superseded"} <= named <= names()


@pytest.mark.parametrize("page", ["../README.md", "index.md", "tutorial.md", "lag.md", "queries.md", "schema.md"])
def test_the_main_pages_lead_to_the_glossary(page: str) -> None:
    assert re.search(r"\]\((?:docs/)?glossary\.md", (DOCS / page).read_text("utf-8"))
