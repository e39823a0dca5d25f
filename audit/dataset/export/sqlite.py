"""A dataset as one SQLite file, as Datasette and many others open it: times are ISO 8601 text in UTC."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pyarrow as pa

from audit.dataset.engine import Engine, identifier
from audit.dataset.export.tables import ExportedTable, exported_tables, reading, rows
from audit.errors import QueryError

# The columns by which people search. A table without such a column has no such index.
_INDICES: Final = (
    ("project", "version"),
    ("filename",),
    ("uploaded_at",),
    ("first_uploaded_at",),
    ("lag_us",),
    ("seen_at",),
    ("crawl_id",),
)
_MEANINGS: Final = "columns"


def write(snapshot: Path, file: Path) -> Sequence[str]:
    """Makes a SQLite file of a snapshot's tables, each with its indices, and of what their columns mean.

    Booleans are 0 and 1. Nothing is left out.

    Raises:
        QueryError: it cannot be written, or DuckDB cannot read a file of the dataset.
    """
    try:
        with reading(snapshot, file.parent) as engine, closing(sqlite3.connect(file, isolation_level=None)) as made:
            # Nothing reads the file before it is complete, and then it is synced.
            made.executescript("pragma journal_mode = off; pragma synchronous = off; begin")
            for table in exported_tables():
                _copy(engine, made, table)
            _explain(made)
            made.execute("commit")
    except sqlite3.Error as error:
        raise QueryError(str(error)) from error
    return ()


def _copy(engine: Engine, made: sqlite3.Connection, table: ExportedTable) -> None:
    with rows(engine, table, as_text=True) as reader:
        types = [f"{identifier(field.name)} {_type(field.type)}" for field in reader.schema]
        made.execute(f"create table {identifier(table.name)} ({', '.join(types)})")
        places = ", ".join("?" for _ in types)
        for batch in reader:
            made.executemany(f"insert into {identifier(table.name)} values ({places})", _values(batch))  # noqa: S608 - a name of the schema
    for names in _INDICES:
        if set(names) <= table.columns.keys():
            index = identifier(f"{table.name}_by_{'_'.join(names)}")
            columns = ", ".join(map(identifier, names))
            made.execute(f"create index {index} on {identifier(table.name)} ({columns})")


def _explain(made: sqlite3.Connection) -> None:
    """Makes a table that says what each column of the other tables means."""
    made.execute(f'create table {_MEANINGS} ("table" text, "column" text, meaning text)')
    meanings = [(table.name, name, meaning) for table in exported_tables() for name, meaning in table.columns.items()]
    made.executemany(f"insert into {_MEANINGS} values (?, ?, ?)", meanings)  # noqa: S608 - the program's own name


def _values(batch: pa.RecordBatch) -> Iterator[tuple[object, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _type(type_: pa.DataType) -> str:
    return "text" if pa.types.is_string(type_) else "integer"
