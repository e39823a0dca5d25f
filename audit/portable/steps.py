"""Splits a statement into several: what it reads more than once becomes a temporary table, made once.

ClickHouse inserts a common table expression in each place that names it, and runs it again in each. Views that build on
each other are then planned and read hundreds of times. Its ``MATERIALIZED`` does not help: if one such expression reads
another, ClickHouse 26.9 ends with "before its materialization completed".
https://clickhouse.com/docs/reference/statements/select/with
"""

from collections import Counter
from typing import Final

from sqlglot import exp

from audit.errors import UsageError
from audit.portable.dialects import Dialect, spoken

# A temporary table hides another table of the same name during the session, so its name has this unusual beginning.
_PREFIX: Final = "release_audit_"


def steps(tree: exp.Query, dialect: Dialect) -> list[str]:
    """The statements, to be run in one session in their order; the last is the answer.

    Raises:
        UsageError: the dialect does not need them.
    """
    if dialect is not Dialect.CLICKHOUSE:
        raise UsageError(
            f"{dialect} needs no temporary tables: they are for clickhouse, which reads a view at each name"
        )
    with_ = tree.args.get("with_")
    known: list[exp.CTE] = list(with_.expressions) if with_ else []
    reads = Counter(table.name for table in tree.find_all(exp.Table))
    made = {cte.alias for cte in known if reads[cte.alias] > 1}
    _rename(tree, made)
    tree.set("with_", None)
    kept: list[exp.CTE] = []
    statements = []
    for cte in known:
        if cte.alias in made:
            head = f"create or replace temporary table {_PREFIX}{cte.alias} engine = Memory as"
            statements.append(f"{head}\n{spoken(_with_what_it_reads(cte.this, kept), dialect)}")
        else:
            kept.append(cte)
    return [*statements, spoken(_with_what_it_reads(tree, kept), dialect)]


def _rename(tree: exp.Query, made: set[str]) -> None:
    """Uses the temporary tables' names where they are read; columns still find them by the old name."""
    for table in list(tree.find_all(exp.Table)):
        if table.name in made and not table.db:
            meant = exp.to_table(f"{_PREFIX}{table.name}")
            table.replace(exp.alias_(meant, table.alias or table.name, table=True))


def _with_what_it_reads(tree: exp.Query, kept: list[exp.CTE]) -> exp.Query:
    """A copy of the query after those of ``kept`` that it reads, directly or through another one."""
    query = tree.copy()
    by_name = {cte.alias: cte for cte in kept}
    needed = set[str]()
    unseen = [query]
    while unseen:
        found = {table.name for table in unseen.pop().find_all(exp.Table)} & (by_name.keys() - needed)
        needed |= found
        unseen += [by_name[name].this for name in found]
    if needed:
        query.set("with_", exp.With(expressions=[cte.copy() for cte in kept if cte.alias in needed]))
    return query
