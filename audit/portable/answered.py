"""An engine's answer in the types of the query's header: those that DuckDB gives."""

from typing import Final

import pyarrow as pa

from audit.dataset.schema import TABLES
from audit.errors import QueryError
from audit.queries.catalog import Query

TYPES: Final = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", "UTC"),
}


def fitted(rows: pa.Table, query: Query) -> pa.Table:
    """The rows in the columns and types of the query's answer; nothing is rounded or cut.

    Raises:
        QueryError: a column is missing, or a value does not fit its type.
    """
    schema = schema_of(query)
    if missing := [name for name in schema.names if name not in rows.column_names]:
        raise QueryError(f"{query.title}: the engine's answer has no column {missing[0]!r}")
    return pa.table([_column(rows[field.name], field, query) for field in schema], schema)


def schema_of(query: Query) -> pa.Schema:
    """The columns of a query's answer, as its header names them."""
    extended = [table.schema for table in TABLES if table.name == query.header.extends]
    before = [pa.field(field.name, field.type) for schema in extended for field in schema]
    own = [pa.field(name, TYPES[column.type]) for name, column in query.header.columns.items()]
    return pa.schema([*(field for field in before if field.name not in query.header.columns), *own])


def _column(values: pa.ChunkedArray, field: pa.Field, query: Query) -> pa.ChunkedArray:
    try:
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        return values.cast(field.type)
    except pa.ArrowException as error:
        why = str(error).partition("\n")[0]
        raise QueryError(
            f"{query.title}: the engine's column {field.name!r} cannot be read as {field.type}: {why}"
        ) from error
