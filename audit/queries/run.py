"""Runs queries: makes a dataset's tables and the views known to an engine, then asks."""

import graphlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from audit.engine import Engine, identifier, literal
from audit.queries.catalog import Catalog, Query
from audit.queries.parameters import complete

# Where the tables stand as the dataset holds them, also those that a view of the same name stands before.
TABLES_SCHEMA = "dataset"


@dataclass(frozen=True, slots=True)
class Relation:
    """A table of the dataset: its Parquet files (none: an empty table) and its schema."""

    name: str
    files: Sequence[Path]
    schema: pa.Schema


def prepare(engine: Engine, relations: Iterable[Relation], catalog: Catalog) -> None:
    """Makes ``dataset.NAME`` of every relation, ``NAME`` of those that no view replaces, and all views.

    Raises:
        QueryError: DuckDB cannot read a file or refuses a view.
    """
    engine.run(f"create schema {TABLES_SCHEMA}")
    for relation in relations:
        table = f"{TABLES_SCHEMA}.{identifier(relation.name)}"
        engine.run(f"create view {table} as from {_rows(engine, relation)}")
        if relation.name not in catalog.views:
            engine.run(f"create view {identifier(relation.name)} as from {table}")
    for view in _in_order(catalog.views):
        engine.run(f"create view {identifier(view.name)} as {view.sql}")


def answer(engine: Engine, query: Query, given: Mapping[str, object]) -> pa.Table:
    """The rows of ``query`` with ``given`` parameters, defaults for the rest, in the order its header states.

    Raises:
        UsageError: a parameter does not fit.
        QueryError: DuckDB refuses the query.
    """
    return engine.select(query.sql, complete(query, given))


def _rows(engine: Engine, relation: Relation) -> str:
    if relation.files:
        return f"read_parquet([{', '.join(literal(str(path)) for path in relation.files)}])"
    empty = f"no_{relation.name}"
    engine.register(empty, relation.schema.empty_table())
    return identifier(empty)


def _in_order(views: Mapping[str, Query]) -> list[Query]:
    """Views after those that they read."""
    graph = {name: view.header.uses for name, view in views.items()}
    return [views[name] for name in graphlib.TopologicalSorter(graph).static_order()]
