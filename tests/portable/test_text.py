"""A portable query as text for another engine: whole, parsed by sqlglot, with literals that are inert."""

from collections import Counter

import pytest
from sqlglot import exp, parse

from audit.errors import QueryError, UsageError
from audit.portable.dialects import Dialect, named_dialect
from audit.portable.inlined import typed
from audit.portable.sources import TableSource, named_source
from audit.portable.text import pasted, statement
from audit.queries.catalog import Group, Query, load
from audit.queries.header import Parameter
from tests.portable import engines

PORTABLE = [query for query in load().group(Group.FLAGS, Group.STATISTICS) if query.header.portable]
HOSTILE = [
    "it's",
    'a "b"',
    "back\\slash",
    "\\' or 1=1 --",
    "'; drop table files; --",
    "line\nbreak",
    "naïve ☃",
    "$x {y} %s",
    "",
]


@pytest.mark.slow
@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("query", PORTABLE, ids=lambda query: query.title)
def test_the_text_is_one_statement_that_reads_only_tables(query: Query, dialect: Dialect) -> None:
    trees = parse(pasted(query, {}, dialect), read=dialect.value)
    assert len(trees) == 1
    tree = trees[0]
    assert isinstance(tree, exp.Query)
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    read = {table.name for table in tree.find_all(exp.Table) if table.name} - own
    assert read <= {"files", "releases", "projects", "set_aside", "crawls", "downloads", "values"}
    assert not list(tree.find_all(exp.Placeholder))
    assert [column.alias_or_name for column in tree.selects] == list(query.header.columns)


@pytest.mark.slow
@pytest.mark.parametrize("source", TableSource)
@pytest.mark.parametrize("query", PORTABLE, ids=lambda query: query.title)
def test_in_steps_each_table_is_made_before_it_is_read(query: Query, source: TableSource) -> None:
    try:
        script = pasted(query, {}, Dialect.CLICKHOUSE, source, in_steps=True)
    except UsageError:
        assert source is not TableSource.DATASET  # a public table has nothing about it
        return
    *made, answer = (tree for tree in parse(script, read="clickhouse") if tree is not None)
    known: set[str] = set()
    for tree in [*made, answer]:
        target = tree.this.name if isinstance(tree, exp.Create) else ""
        own = {cte.alias for cte in tree.find_all(exp.CTE)}
        read = [table.name for table in tree.find_all(exp.Table) if table.name not in own | {target}]
        assert {name for name in read if name.startswith("release_audit_")} <= known
        assert (
            max(Counter(table.name for table in tree.find_all(exp.Table) if table.name in own).values(), default=1) == 1
        )
        known.add(target)
    assert isinstance(answer, exp.Query)
    assert [column.alias_or_name for column in answer.selects] == list(query.header.columns)


def test_only_clickhouse_needs_steps() -> None:
    with pytest.raises(UsageError, match="spark needs no temporary tables"):
        pasted(load().find("late-files"), {}, Dialect.SPARK, in_steps=True)


def test_text_that_no_engine_has_run_says_so() -> None:
    query = load().find("late-files")
    assert "no engine of this kind has run it" in pasted(query, {}, Dialect.BIGQUERY)
    assert "tested on spark: the same rows as from DuckDB" in pasted(query, {}, Dialect.SPARK)


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("dialect", [Dialect.CLICKHOUSE, Dialect.SPARK])
def test_a_hostile_text_is_inert(text: str, dialect: Dialect) -> None:
    literal = typed(Parameter("VARCHAR", "any"), text).sql(dialect=dialect.value)
    answer = engines.asked(dialect, f"select {literal} as answer").to_pylist()[0]["answer"]
    assert (answer.decode() if isinstance(answer, bytes) else answer) == text


def test_a_parameter_is_checked_before_it_is_written() -> None:
    with pytest.raises(UsageError, match="window_days = 0 does not fit"):
        statement(load().find("late-releases"), {"window_days": 0}, Dialect.SPARK)
    assert "CAST(30 AS BIGINT)" in statement(load().find("late-releases"), {"window_days": 30}, Dialect.SPARK)


def test_another_dialect_or_source_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="no dialect 'mysql': there are clickhouse, spark, bigquery"):
        named_dialect("mysql")
    with pytest.raises(UsageError, match="no source 'project': did you mean 'projects'"):
        named_source("project")
    assert named_source(None) is TableSource.DATASET


def test_a_query_only_for_duckdb_is_refused() -> None:
    with pytest.raises(QueryError, match="who is not portable: only DuckDB answers it"):
        statement(load().find("who"), {}, Dialect.SPARK)
