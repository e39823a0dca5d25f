"""The page of the dataset's schema, from the tables that own it."""

from collections.abc import Iterator

import pyarrow as pa

from audit.dataset.schema import HISTORY_TABLES, TABLES
from audit.dataset.table import SCHEMA_VERSION, TIME, Column, Table
from docs.generator.markdown import code, rows

_INTRODUCTION = f"""\
# The schema

A dataset is a folder of plain Parquet, and this is what its files hold (schema version {SCHEMA_VERSION}). Any tool
reads them. Inside `release-audit sql`, `dataset.sql` and the queries each has its name: `files`, `releases`,
`projects`, `set_aside`, `downloads`, `events`, `crawls`. There, `releases` is the
[view of that name](queries.md#releases): the columns below and counts of files. More views, such as
[`file_lags`](queries.md#file-lags), hold what is computed; the lag is among them, for the Parquet files hold what the
index told.

The unit of a column is the end of its name: `_at` is an instant in UTC with microseconds, `_bytes`, `_count` and `_ms`
(milliseconds) are whole numbers. A column that is marked *or null* says in its meaning what null means. Examples are
written as CSV writes them.

The history (`events`, `crawls`) has a file for each crawl, named by the crawl's id. The first crawl of a new day, month
or year puts the files of the one that is over together, under the name of its last crawl, so that a history of years
is some dozens of files. A project that had not changed has no row of its own in `crawls`: on most nights that is nearly
every project, and who was unchanged follows from who was not.

The metadata of each file in `crawls/` names the program that committed its crawls, under `release-audit.programs`: a
JSON object with the id of the first crawl, and of each that another version committed than the one before, and that
version (empty: not on record). DuckDB's `parquet_kv_metadata` shows it, and `release-audit status` tells it.
A version such as `0.1.0` is that release, `0.1.0+g89151444b` a commit after it, with `.dirty` behind it if files were
changed since.
"""
_TYPES = {pa.string(): "text", pa.int64(): "int64", pa.bool_(): "boolean", TIME: "timestamp"}


def schema_page() -> str:
    """Every table of a dataset with its columns: type, unit, meaning and example."""
    return "\n".join([_INTRODUCTION, *(line for table in TABLES for line in _table(table))])


def _table(table: Table) -> Iterator[str]:
    folder = f"{table.name}/CRAWL.parquet" if table in HISTORY_TABLES else f"{table.name}.parquet"
    yield f"## {table.name}\n"
    yield f"`{folder}`: {table.grain}. Sorted by {', '.join(map(code, table.order))}.\n"
    yield rows(["column", "type", "unit", "meaning", "example"], map(_cells, table.columns))


def _cells(column: Column) -> list[str]:
    type_ = _TYPES[column.type] + (" or null" if column.is_nullable else "")
    return [code(column.name), type_, column.unit or "", column.meaning, code(column.example)]
