"""A portable query as text for another engine: one statement to paste, or to run."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import pyarrow as pa
from sqlglot import exp

from audit.errors import UsageError
from audit.portable.dialects import TESTED, Dialect, spoken
from audit.portable.inlined import inlined
from audit.portable.sources import MADE, TableSource, step, table_of
from audit.portable.steps import steps
from audit.queries.catalog import Query, load
from audit.queries.environments import Environment, all_environments
from audit.queries.environments.relations import NAMES, relations
from audit.queries.parameters import complete

# The places of a dataset's tables by name, in the engine's spelling.
Places = Callable[[str], exp.Query | exp.Table]
_NOT_TESTED: Final = "not tested: sqlglot wrote it and can read it, but no engine of this kind has run it"


def statement(
    query: Query,
    parameters: Mapping[str, object],
    dialect: Dialect,
    source: TableSource = TableSource.DATASET,
    places: Places = exp.to_table,
    environments: Sequence[Environment] | None = None,
) -> str:
    """``query`` in ``dialect``: with its views as CTEs, and its parameters as literals.

    ``places`` says where the tables of a dataset are, ``environments`` those for which picks are computed (None: all).

    Raises:
        UsageError: a parameter does not fit, or the source does not have a table that the query reads.
        QueryError: the query is not portable.
    """
    return spoken(_tree(query, parameters, dialect, source, places, environments), dialect)


def _tree(
    query: Query,
    parameters: Mapping[str, object],
    dialect: Dialect,
    source: TableSource,
    places: Places = exp.to_table,
    environments: Sequence[Environment] | None = None,
) -> exp.Query:
    known = relations(all_environments() if environments is None else environments)
    made = set[str]()

    def base(name: str) -> tuple[exp.Query | exp.Table, Collection[str]]:
        if name in NAMES:
            return _rows(known[name]), ()
        if source is TableSource.DATASET:
            return places(name), ()
        if name not in made and name not in MADE:
            reason = f"{table_of(source, dialect)} has nothing about it: ask a dataset"
            raise UsageError(f"{query.title} reads the table {name}, and {reason}")
        tree, reads = step(name, source, dialect)
        made.update(reads)
        return tree, reads

    return inlined(query, complete(query, parameters), load(), base)


def pasted(
    query: Query,
    parameters: Mapping[str, object],
    dialect: Dialect,
    source: TableSource = TableSource.DATASET,
    *,
    in_steps: bool = False,
) -> str:
    """`statement` with a comment above it: the question, what it runs on, and whether it is tested.

    ``in_steps`` makes several statements: what the last one reads more than once is a temporary table.

    Raises:
        UsageError, QueryError: as `statement`; or the dialect has no temporary tables.
    """
    tree = _tree(query, parameters, dialect, source)
    sql = ";\n\n".join(steps(tree, dialect)) + ";" if in_steps else spoken(tree, dialect)
    tables = "the tables of a dataset, by their names" if source is TableSource.DATASET else table_of(source, dialect)
    proof = f"tested on {dialect}: the same rows as from DuckDB" if dialect in TESTED else _NOT_TESTED
    lines = [f"{query.title}: {query.header.question}", f"Runs on {tables}; {proof}.", query.header.caveat]
    return "".join(f"-- {line}\n" for line in lines) + sql + "\n"


def _rows(table: pa.Table) -> exp.Query:
    """One of the program's own relations as rows in the statement."""
    names = [exp.to_identifier(name) for name in table.column_names]
    rows = [exp.Tuple(expressions=[exp.convert(value) for value in row.values()]) for row in table.to_pylist()]
    values = exp.Values(expressions=rows, alias=exp.TableAlias(this=exp.to_identifier("known"), columns=names))
    return exp.select("*").from_(values)
