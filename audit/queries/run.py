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
from audit.queries.header import Parameter
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
    engine: Engine,
    relations: Iterable[Relation],
    catalog: Catalog,
    environments: Sequence[Environment] = (),
    *,
    is_copy: bool = False,
) -> None:
    """Makes ``dataset.NAME`` of every relation, ``NAME`` of those that no view replaces, and all views.

    The environments stand beside them, as ``environments``, ``interpreter_ranks`` and ``platform_ranks``.
    ``is_copy`` makes tables that hold the rows, not views that read them from the Parquet files.

    Raises:
        QueryError: DuckDB cannot read a file or refuses a view.
    """
    engine.run(f"create schema {TABLES_SCHEMA}")
    for relation in relations:
        if relation.files:
            _make(engine, relation.name, _parquet(relation.files), catalog, kind="table" if is_copy else "view")
        else:
            _make(engine, relation.name, _registered(engine, relation.name, relation.schema.empty_table()), catalog)
    for name, rows in environment_relations(environments).items():
        _make(engine, name, _registered(engine, name, rows), catalog)
    for view in _in_order(catalog.views):
        _define(engine, view)


def offer(engine: Engine, query: Query) -> None:
    """Makes a query a relation: ``from late_files()``, with its parameters as `signature` names them.

    Raises:
        QueryError: DuckDB refuses it.
    """
    _define_macro(engine, query)


def signature(query: Query) -> str:
    """How SQL calls a query or view with parameters: ``late_files(window_days := 14, project_ := null)``.

    A parameter whose name is a word of the query's SQL too, such as that of a column, has an underscore behind it:
    in a macro it would stand for both.
    """
    given = ", ".join(f"{name} := {_default(parameter)}" for name, parameter in parameters_in_sql(query).items())
    return f"{query.name}({given})"


def parameters_in_sql(query: Query) -> dict[str, Parameter]:
    """The parameters of a query by the names that they have in SQL, see `signature`."""
    return {_spelled(query, name): parameter for name, parameter in query.header.parameters.items()}


def share(engine: Engine, query: Query, catalog: Catalog) -> None:
    """Computes the shared views that ``query`` needs, once for as long as the engine is open.

    Raises:
        QueryError: DuckDB refuses one.
    """
    # Only Python knows the last column of a view that has a function: such a one is computed to be asked itself, too.
    own = [query] if query.header.function else []
    for view in [*_needed(query, catalog), *own]:
        if view.header.is_shared and not is_table(engine, view.name):
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


def _make(engine: Engine, name: str, rows: str, catalog: Catalog, kind: str = "table") -> None:
    table = f"{TABLES_SCHEMA}.{identifier(name)}"
    engine.run(f"create {kind} {table} as from {rows}")
    if name not in catalog.views:
        engine.run(f"create view {identifier(name)} as from {table}")


def _parquet(files: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(path)) for path in files)}])"


def _registered(engine: Engine, name: str, rows: pa.Table) -> str:
    """SQL for rows of this program's: known to this connection alone, while what is made of them may outlive it."""
    engine.register(f"given_{name}", rows)
    return identifier(f"given_{name}")


def _computed(engine: Engine, view: Query) -> str:
    """SQL for the rows of a shared view; where a function fills its last column, it has done so."""
    if view.header.function is None:
        return _with_defaults(view)
    rows = engine.select(view.sql)
    *given, filled = rows.column_names
    values = map(FUNCTIONS[view.header.function], *(rows[name].to_pylist() for name in given))
    at = rows.column_names.index(filled)
    engine.register(f"filled_{view.name}", rows.set_column(at, filled, pa.array(values, rows.schema.types[at])))
    return f"from {identifier(f'filled_{view.name}')}"


def is_table(engine: Engine, name: str) -> bool:
    """Whether ``dataset.NAME`` holds rows: a copied table, or a shared view that has been computed."""
    found = "from duckdb_tables() where schema_name = $schema and table_name = $name"
    return bool(engine.select(found, {"schema": TABLES_SCHEMA, "name": name}).num_rows)


def _define(engine: Engine, view: Query) -> None:
    """A view; one with parameters is a table macro, and a view too if it is shared."""
    if view.header.parameters:
        _define_macro(engine, view)
    if view.header.is_shared or not view.header.parameters:
        engine.run(f"create view {identifier(view.name)} as {_with_defaults(view)}")


def _with_defaults(view: Query) -> str:
    """SQL for the rows of a view; of one with parameters, for those that their defaults give."""
    return f"from {identifier(view.name)}()" if view.header.parameters else view.sql


def _define_macro(engine: Engine, query: Query) -> None:
    parameters = query.header.parameters
    typed = {name: _default(p) if p.default is not None else f"null::{p.type}" for name, p in parameters.items()}
    given = ", ".join(f"{_spelled(query, name)} := {default}" for name, default in typed.items())
    body = re.sub(r"\$(\w+)", lambda found: _spelled(query, found[1]), query.sql)
    engine.define_macro(query.name, given, body)


def _spelled(query: Query, name: str) -> str:
    _, _, sql = query.sql.partition("*/")
    return f"{name}_" if re.search(rf"(?<![$\w]){name}\b", sql) else name


def _default(parameter: Parameter) -> str:
    if parameter.default is None:
        return "null"
    return literal(parameter.default) if isinstance(parameter.default, str) else str(parameter.default).lower()


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
