"""Shared rows are held as long as a question to come needs them, and no longer."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from audit.dataset.dataset import Dataset, relations
from audit.dataset.engine import Engine
from audit.errors import UsageError
from audit.queries import catalog
from audit.queries.catalog import Catalog, Group
from audit.queries.run import Relations
from tests.dataset_builder import make_dataset
from tests.queries.catalogs import catalog_of


@pytest.fixture
def few(tmp_path: Path) -> Catalog:
    """Two shared views, one made of the other, a plain one between, and a flag of each; each computing differs."""
    queries = {
        "views/drawn": ("is_shared = true", "select project, random() as number from projects"),
        "views/passed_on": ('uses = ["drawn"]', "from drawn"),
        "views/doubled": (
            'is_shared = true\nuses = ["passed_on"]',
            "select project, number + 1 as number from passed_on",
        ),
        "flags/of_drawn": ('uses = ["passed_on"]', "from passed_on"),
        "flags/of_doubled": ('uses = ["doubled"]', "from doubled"),
    }
    return catalog_of(tmp_path / "queries", queries)


def test_what_a_later_question_needs_is_kept_and_else_computed_again(few: Catalog, tmp_path: Path) -> None:
    folder = make_dataset(tmp_path / "data", [{"project": "spam"}])
    of_drawn, of_doubled = few.find("of_drawn"), few.find("of_doubled")
    with Engine([folder]) as engine:
        known = Relations(engine, relations(folder), few)

        def number(query: catalog.Query) -> float:
            return float(known.answer(query, {})["number"][0].as_py())

        doubled, drawn = number(of_doubled), number(of_drawn)
        assert doubled == drawn + 1
        known.keep_for([of_drawn, of_doubled])
        assert known.computed == ["drawn", "doubled"], "both are asked for again"
        known.keep_for([of_doubled])
        assert known.computed == ["doubled"], "its rows are there: what they were made of is not needed"
        assert known.is_ready(of_doubled)
        assert not known.is_ready(of_drawn)
        assert number(of_doubled) == doubled
        assert number(of_drawn) != drawn, "computed anew, as it was dropped"
        known.keep_for([])
        assert known.computed == []
        known.define_all()
        assert engine.table("from doubled").num_rows == 1
        assert number(of_doubled) == number(of_drawn) + 1, "all is computed anew, from the same rows"


def test_lent_rows_are_kept(few: Catalog, tmp_path: Path) -> None:
    folder = make_dataset(tmp_path / "data", [{"project": "spam"}])
    with Engine([folder]) as engine:
        known = Relations(engine, relations(folder), few)
        known.lend("drawn", pa.table({"project": ["eggs"], "number": [2.0]}))
        known.keep_for([])
        assert known.answer(few.find("of_doubled"), {}).to_pylist() == [{"project": "eggs", "number": 3.0}]


def test_answers_one_by_one_are_those_of_questions_asked_alone(crawled_sample: Path) -> None:
    queries = catalog.load().group(Group.STATISTICS, Group.FLAGS)
    # Every third one, which takes a second; `timeline` is about one project.
    names = [query.title for query in queries if query.name != "timeline"][1::3]
    asked: dict[str, list[dict[str, Any]]] = {}
    with Dataset(crawled_sample) as all_held, Dataset(crawled_sample) as few_held:
        for name in few_held.one_by_one(names[::-1], then=["late-files"]):
            asked[name] = few_held.query(name).rows()
        assert list(asked) == names[::-1]
        assert {"grown_files", "grown_tags"} <= set(few_held._relations.computed) < set(all_held._catalog.views)
        assert "grown_picks" not in few_held._relations.computed
        for name in names:
            assert str(asked[name]) == str(all_held.query(name).rows()), name


def test_a_name_that_no_query_has_is_reported_before_another_is_asked(tmp_path: Path) -> None:
    with Dataset(make_dataset(tmp_path)) as opened, pytest.raises(UsageError, match="late-files"):
        next(opened.one_by_one(["late-file"]))
