"""A dataset as one DuckDB file, for any client: tables, views, and each query as a table macro."""

import tempfile
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from audit.dataset.dataset import relations
from audit.dataset.engine import Engine, identifier, literal
from audit.dataset.schema import TABLES
from audit.dataset.snapshot import check_schema, find_snapshot
from audit.disk.scratch import scratch
from audit.queries import run
from audit.queries.catalog import Catalog, Group, Query, load
from audit.queries.environments import all_environments
from audit.queries.lasting import as_it_is

MOST_MEMORY: Final = "2GB"
_OFFERED: Final = (Group.VIEWS, Group.FLAGS, Group.STATISTICS)


@contextmanager
def temporary_database(dataset: Path, *, including_deleted: bool = False) -> Iterator[Path]:
    """A DuckDB file whose views read the dataset's last commit where it is; it is deleted at the end of the block.

    ``including_deleted`` measures from the first known upload, as `Dataset` does.

    Raises:
        DatasetError: there is no dataset, or it is damaged.
    """
    snapshot = find_snapshot(dataset)
    check_schema(snapshot)
    with scratch(Path(tempfile.gettempdir())) as folder:
        file = folder / "release-audit.duckdb"
        catalog = load().including_deleted() if including_deleted else load()
        _write(snapshot, file, catalog, is_copy=False)
        yield file


def write(snapshot: Path, file: Path) -> Sequence[str]:
    """Makes a DuckDB file of a snapshot's rows, all views, and the flags and statistics as table macros.

    Shared views are stored as their computed rows. Nothing is left out.

    Raises:
        QueryError: DuckDB cannot write it.
    """
    _write(snapshot, file, load(), is_copy=True)
    return ()


def _write(snapshot: Path, file: Path, catalog: Catalog, *, is_copy: bool) -> None:
    """``is_copy``: the file has the rows itself; otherwise its views read the Parquet files where they are."""
    with Engine([snapshot], database=file, spill=file.parent, memory=MOST_MEMORY) as engine:
        tables = relations(snapshot)
        known = run.Relations(engine, tables, catalog, all_environments, is_copy=is_copy, spelling=as_it_is)
        known.define_all()
        for query in catalog.group(*_OFFERED):
            if is_copy or query.header.function:  # which no client could call
                known.share(query)
        finish(engine, known, catalog)


def finish(engine: Engine, known: run.Relations, catalog: Catalog, without: Set[str] = frozenset()) -> None:
    """Makes a macro of each flag and statistic, adds what everything means, and completes the file.

    ``without`` are columns that the file does not have.

    Raises:
        QueryError: DuckDB cannot write it.
    """
    for query in catalog.group(Group.FLAGS, Group.STATISTICS):
        known.offer(query)
    _comment_tables(engine, known, catalog, without)
    for query in catalog.group(*_OFFERED):
        for kind in _kinds(query):
            engine.run(f"comment on {kind} {identifier(query.name)} is {literal(query.header.question)}")
    engine.run("checkpoint")  # closing would not report a full disk


def _comment_tables(engine: Engine, known: run.Relations, catalog: Catalog, without: Set[str]) -> None:
    for table in TABLES:
        name = f"{run.TABLES_SCHEMA}.{identifier(table.name)}"
        kind = "table" if known.holds(table.name) else "view"
        engine.run(f"comment on {kind} {name} is {literal(table.grain)}")
        for column in (each for each in table.columns if each.name not in without):
            engine.run(f"comment on column {name}.{identifier(column.name)} is {literal(column.meaning)}")
        if table.name not in catalog.views:
            engine.run(f"comment on view {identifier(table.name)} is {literal(table.grain)}")


def _kinds(query: Query) -> list[str]:
    """What a query is in the file; a shared view with parameters is also a view, with the defaults."""
    if query.group is not Group.VIEWS:
        return ["macro table"]
    if not query.header.parameters:
        return ["view"]
    return ["macro table", "view"] if query.header.is_shared else ["macro table"]
