"""The page of the dataset's schema, from the tables that own it."""

from collections.abc import Iterator

import pyarrow as pa

from audit.dataset.schema import HISTORY_TABLES, TABLES
from audit.dataset.table import SCHEMA_VERSION, TIME, Column, Table
from docs.generator.markdown import code, rows

_INTRODUCTION = f"""\
# The schema

A dataset is a folder of plain Parquet files. This page has their columns (schema version {SCHEMA_VERSION}); the
[glossary](glossary.md) explains the words. Any tool can read the files. In `release-audit sql`, `dataset.sql` and the
queries each table has its name: `files`, `releases`, `projects`, `set_aside`, `downloads`, `events`, `crawls`. There,
`releases` is the [view of that name](queries.md#releases): the columns below and counts of files. The
Parquet files hold what the index said. What is computed from it, such as the lag, is in views such as
[`file_lags`](queries.md#file-lags).

The unit of a column is the end of its name: `_at` is an instant in UTC with microseconds, `_bytes`, `_count` and `_ms`
(milliseconds) are whole numbers. A column that is marked *or null* says in its meaning what null means. Examples are
written as CSV writes them.

The history (`events`, `crawls`) has a file for each crawl, with the crawl's id as its name. The first crawl of a new
day, month or year joins the files of the one before into one file, with the name of its last crawl. So a history of
years is some dozens of files. Projects that had not changed, nearly all on most nights, have no row of their own in
`crawls`: one row counts them, and a project of the crawl without a row was unchanged.

The metadata of each file in `crawls/` says which version of the program committed its crawls, under
`release-audit.programs`. That is a JSON object: its keys are the ids of the first crawl and of each crawl whose version
differs from the one before, its values are those versions (empty: not recorded). DuckDB's `parquet_kv_metadata` shows
it, and so does `release-audit status`. A version such as `0.1.0` is that release. `0.1.0+g89151444b` is a commit after
it, with `.dirty` at the end if files were changed since.
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
