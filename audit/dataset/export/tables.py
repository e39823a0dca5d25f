"""What clients without our queries get: the tables, with the lag of each file, a batch of rows at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from audit.dataset.dataset import relations
from audit.dataset.engine import Engine, identifier
from audit.dataset.schema import HISTORY_TABLES, TABLES
from audit.queries import run
from audit.queries.catalog import load
from audit.queries.header import Column

BATCH_ROWS: Final = 20_000
_MEMORY: Final = "2GB"
# The views that replace a table: the same rows with columns that only a query can compute.
_VIEWS: Final = {"files": "file_lags", "releases": "releases"}


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table as it is exported: ``columns`` are its own and those of the view that replaces it, with their meaning."""

    name: str
    relation: str
    order: tuple[str, ...]
    columns: dict[str, str]


def exported_tables() -> Iterator[ExportedTable]:
    """The tables, in the schema's order."""
    for table in TABLES:
        relation = _VIEWS.get(table.name, f"{run.TABLES_SCHEMA}.{table.name}")
        added: dict[str, Column] = load().views[relation].header.columns if relation in load().views else {}
        columns = {column.name: column.meaning for column in table.columns}
        columns |= {name: column.meaning for name, column in added.items()}
        crawl = ("crawl_id",) if table in HISTORY_TABLES else ()
        yield ExportedTable(table.name, relation, (*crawl, *table.order), columns)


@contextmanager
def reading(snapshot: Path, spill: Path) -> Iterator[Engine]:
    """An engine that knows the tables, see `rows`."""
    with Engine([snapshot], spill=spill, memory=_MEMORY) as engine:
        known = run.Relations(engine, relations(snapshot), load())
        known.define_tables(table.name for table in TABLES)
        for view in _VIEWS.values():
            known.share(load().views[view])
        yield engine


def rows(engine: Engine, table: ExportedTable, *, as_text: bool = False) -> pa.RecordBatchReader:
    """Its rows in the order of its file, crawl by crawl; times are text if ``as_text``.

    The reader is a context manager; end it before asking for the next.

    Raises:
        QueryError: DuckDB cannot read a file.
    """
    chosen = ", ".join(_column(name, as_text=as_text and name.endswith("_at")) for name in table.columns)
    order = ", ".join(f"{identifier(name)} nulls last" for name in table.order)
    return engine.stream(f"from {table.relation} select {chosen} order by {order}", None, BATCH_ROWS)


def _column(name: str, *, as_text: bool) -> str:
    column = identifier(name)
    return f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%fZ') as {column}" if as_text else column
