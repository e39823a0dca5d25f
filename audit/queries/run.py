"""Runs queries: makes a dataset's tables and the views known to an engine, then asks."""

import graphlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from audit.engine import Engine, identifier, literal
from audit.environments import Environment
from audit.environments.relations import relations as environment_relations
from audit.queries.catalog import Catalog, Query
from audit.queries.functions import FUNCTIONS
from audit.queries.parameters import complete

# Where the tables stand as the dataset holds them, also those that a view of the same name stands before.
TABLES_SCHEMA = "dataset"


@dataclass(frozen=True, slots=True)
class Relation:
    """A table of the dataset: its Parquet files (none: an empty table) and its schema."""

    name: str
    files: Sequence[Path]
    schema: pa.Schema


def prepare(
    engine: Engine, relations: Iterable[Relation], catalog: Catalog, environments: Sequence[Environment] = ()
) -> None:
    """Makes ``dataset.NAME`` of every relation, ``NAME`` of those that no view replaces, and all views.

    The environments stand beside them, as ``environments``, ``interpreter_ranks`` and ``platform_ranks``.

    Raises:
        QueryError: DuckDB cannot read a file or refuses a view.
    """
    engine.run(f"create schema {TABLES_SCHEMA}")
    for relation in relations:
        table = f"{TABLES_SCHEMA}.{identifier(relation.name)}"
        engine.run(f"create view {table} as from {_rows(engine, relation)}")
        if relation.name not in catalog.views:
            engine.run(f"create view {identifier(relation.name)} as from {table}")
    for name, rows in environment_relations(environments).items():
        engine.register(name, rows)
    for view in _in_order(catalog.views):
        _define(engine, view)


def share(engine: Engine, query: Query, catalog: Catalog) -> None:
    """Computes the shared views that ``query`` needs, once for as long as the engine is open.

    Raises:
        QueryError: DuckDB refuses one.
    """
    # Only Python knows the last column of a view that has a function: such a one is computed to be asked itself, too.
    own = [query] if query.header.function else []
    for view in [*_needed(query, catalog), *own]:
        if view.header.is_shared and not _is_computed(engine, view.name):
            name = identifier(view.name)
            engine.run(f"create table {TABLES_SCHEMA}.{name} as {_computed(engine, view)}")
            engine.run(f"create or replace view {name} as from {TABLES_SCHEMA}.{name}")


def answer(engine: Engine, query: Query, given: Mapping[str, object]) -> pa.Table:
    """The rows of ``query`` with ``given`` parameters, defaults for the rest, in the order its header states.

    What the query needs has been shared before.

    Raises:
        UsageError: a parameter does not fit.
        QueryError: DuckDB refuses the query.
    """
    sql = f"from {identifier(query.name)}" if query.header.function else query.sql
    return engine.select(sql, complete(query, given))


def _rows(engine: Engine, relation: Relation) -> str:
    if relation.files:
        return f"read_parquet([{', '.join(literal(str(path)) for path in relation.files)}])"
    empty = f"no_{relation.name}"
    engine.register(empty, relation.schema.empty_table())
    return identifier(empty)


def _computed(engine: Engine, view: Query) -> str:
    """SQL for the rows of a shared view; where a function fills its last column, it has done so."""
    if view.header.function is None:
        return view.sql
    rows = engine.select(view.sql)
    *given, filled = rows.column_names
    values = map(FUNCTIONS[view.header.function], *(rows[name].to_pylist() for name in given))
    at = rows.column_names.index(filled)
    engine.register(f"filled_{view.name}", rows.set_column(at, filled, pa.array(values, rows.schema.types[at])))
    return f"from {identifier(f'filled_{view.name}')}"


def _is_computed(engine: Engine, name: str) -> bool:
    found = "from duckdb_tables() where schema_name = $schema and table_name = $name"
    return bool(engine.select(found, {"schema": TABLES_SCHEMA, "name": name}).num_rows)


def _define(engine: Engine, view: Query) -> None:
    """A view; one with parameters is a table macro, to be called with all of them in the header's order."""
    name, parameters = identifier(view.name), view.header.parameters
    if not parameters:
        engine.run(f"create view {name} as {view.sql}")
        return
    body = re.sub(r"\$(\w+)", r"\1", view.sql)
    engine.run(f"create macro {name}({', '.join(parameters)}) as table {body}")


def _needed(query: Query, catalog: Catalog) -> list[Query]:
    """The views that a query reads, also those that these read, each after those that it reads."""
    names, waiting = set[str](), list(query.header.uses)
    while waiting:
        name = waiting.pop()
        names.add(name)
        waiting += catalog.views[name].header.uses
    return [view for view in _in_order(catalog.views) if view.name in names]


def _in_order(views: Mapping[str, Query]) -> list[Query]:
    """Views after those that they read."""
    graph = {name: view.header.uses for name, view in views.items()}
    return [views[name] for name in graphlib.TopologicalSorter(graph).static_order()]
