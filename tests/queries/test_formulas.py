"""Formulas: what SQL calls like a function, in the engine as a macro and elsewhere as its expression."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from audit.dataset.engine import Engine
from audit.errors import QueryError
from audit.queries import run
from audit.queries.catalog import Query, load
from audit.queries.formulas import expanded, expression

VIEWS = load().views
FORMULAS = [view for view in VIEWS.values() if view.header.is_formula]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine([]) as opened:
        run.Relations(opened, [], load()).offer_named(" ".join(view.name for view in FORMULAS))
        yield opened


def test_the_engine_calls_it_with_columns(engine: Engine) -> None:
    [row] = engine.select("select days(n) + hours(2 * n) as span from (values (2)) as given (n)").to_pylist()
    assert row == {"span": (2 * 24 + 4) * 3_600_000_000}


@pytest.mark.parametrize(
    ("sql", "meant"),
    [
        ("select days(14)", "select (14::bigint * 86400000000)"),
        ("select a.days, days from days", "select a.days, days from days"),
        ("select days($window_days)", "select ($window_days::bigint * 86400000000)"),
        ("select days(a + 1)", "select ((a + 1)::bigint * 86400000000)"),
        ("select days(hours(b))", "select (((b::bigint * 3600000000))::bigint * 86400000000)"),
        ("select effect_of(a, b in (1, 2)) -- ),", "select (case when a) -- ),"),
        ("select ', days(1)'", "select ', days(1)'"),
    ],
)
def test_its_expression_takes_its_place(sql: str, meant: str) -> None:
    shortened = re.sub(r"\(case\s+when a is null.*?end\)", "(case when a)", expanded(sql, VIEWS), flags=re.DOTALL)
    assert shortened == meant


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.title)
def test_macro_and_expression_are_the_same(formula: Query, engine: Engine) -> None:
    nulls = [f"null::{parameter.type}" for parameter in formula.header.parameters.values()]
    called = f"select {formula.name}({', '.join(nulls)}) as value"
    assert engine.select(called) == engine.select(expanded(called, VIEWS))


def test_what_is_not_an_expression_is_refused() -> None:
    days = VIEWS["days"]
    with pytest.raises(QueryError, match=r"days is a formula: expected select ... as span_us"):
        expression(replace(days, sql=days.sql.replace("select", "from files select")))


@pytest.mark.parametrize("literal", ["86400000000", "3600000000", "make_timestamp", "'new-platform'", "'48h'"])
def test_a_rule_is_written_in_one_query(literal: str) -> None:
    assert len([query.name for query in load().group() if literal in query.body]) == 1


def test_the_reasons_that_can_be_asked_for_are_those_there_are(engine: Engine) -> None:
    rows = engine.select(f"{VIEWS['known_reasons'].body} order by place").to_pylist()
    asked = load().find("late-files").header.parameters["reason"].choices
    assert tuple(row["reason"] for row in rows) == asked
    assert [query.name for query in load().group() if '"rebuild"' in query.sql] == ["reason_of"]
