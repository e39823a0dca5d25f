"""SQL as it is stored in files that other releases of DuckDB open."""

import re

import duckdb
import pytest

from audit.queries.catalog import Group, load
from audit.queries.lasting import as_it_is, plain_times, spelled, stored

QUOTES = "'); drop table files; --"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("from late_reasons($a) x", "from late_reasons(least_lag_us_ := $a) x"),
        ("from late_picks(f(1, ','), g[2, 3])", "from late_picks(least_lag_us_ := f(1, ','), environment_ := g[2, 3])"),
        ("from picks()", "from picks()"),
        ("list_filter([1, 2], lambda x: x > f(1))", "[x for x in [1, 2] if x > f(1)]"),
        (
            "list_filter(list_filter(a, lambda x: x > 1), lambda y: y < 2)",
            "[y for y in [x for x in a if x > 1] if y < 2]",
        ),
        ("list_filter(a, b)", "list_filter(a, b)"),
    ],
)
def test_calls_are_named_and_lambdas_are_comprehensions(sql: str, expected: str) -> None:
    given = spelled(sql, load())
    names = {"least_lag_us_": "least_lag_us"}  # whether a name is spelled with an underscore is the macros' matter
    for spelling, name in names.items():
        given, expected = given.replace(spelling, name), expected.replace(spelling, name)
    assert given == expected


def test_a_value_stays_one_literal_whatever_it_holds() -> None:
    query = load().find("late-files", Group.FLAGS)
    with duckdb.connect() as connection:
        connection.execute("create table files as select 1 as a")
        connection.execute(
            "create macro echo(project_ := null) as table "
            + stored(
                type(query)("echo", query.group, "/* */ select $project::varchar as project", query.header, "echo"),
                load(),
                {"files"},
                as_it_is,
            )
        )
        for value in (QUOTES, "''", "\\'", "$project", "a\nb", "", None):
            sql = "from echo(project_ := $value)"
            assert connection.execute(sql, {"value": value}).fetchall() == [(value,)]
        assert connection.execute("select count(*) from files").fetchall() == [(1,)]


def test_plain_times_know_no_zone() -> None:
    assert (
        plain_times("a::timestamptz at time zone 'UTC' > b::TIMESTAMP WITH TIME ZONE") == "a::timestamp > b::timestamp"
    )
    assert plain_times("query('x at time zone ''UTC'' ')") == "query('x ')"
    for query in load().group():
        assert not re.search(r"timestamptz|time zone '|with time zone", plain_times(query.body), re.IGNORECASE)
