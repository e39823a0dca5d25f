"""A dataset as one DuckDB file, for any client: tables, views, and each query as a table macro."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from audit.access import relations
from audit.dataset.schema import TABLES
from audit.dataset.snapshot import check_schema, find_snapshot
from audit.disk.scratch import scratch
from audit.disk.whole import check_output, output
from audit.engine import Engine, identifier, literal
from audit.environments import all_environments
from audit.errors import OutputError, QueryError, UsageError
from audit.queries import run
from audit.queries.catalog import Group, Query, load

# A DuckDB file has these bytes behind eight of checksum.
_MAGIC, _MAGIC_AT = b"DUCK", 8
_MOST_MEMORY: Final = "2GB"


def export_duckdb(dataset: Path, target: Path, *, is_forced: bool = False) -> None:
    """Writes the dataset's last commit to the DuckDB file ``target``: there whole or not at all.

    ``is_forced`` replaces a DuckDB file that is there.

    Raises:
        UsageError: ``target`` is not a path to write to: says why.
        DatasetError: there is no dataset, or it is damaged.
        OutputError: the file cannot be written; what was there is as it was.
    """
    check_output(target, outside=dataset)
    _check_target(target, is_forced=is_forced)
    snapshot = find_snapshot(dataset)
    check_schema(snapshot)
    try:
        with output(target, outside=dataset, is_new=not is_forced) as fresh:
            write_database(snapshot, fresh, is_copy=True)
    except QueryError as error:  # DuckDB says in its own way that it cannot write
        raise OutputError(f"{target} cannot be written ({error}): choose another file") from error


@contextmanager
def temporary_database(dataset: Path) -> Iterator[Path]:
    """A DuckDB file whose views read the dataset's last commit where it is; it goes with the block.

    Raises:
        DatasetError: there is no dataset, or it is damaged.
    """
    snapshot = find_snapshot(dataset)
    check_schema(snapshot)
    with scratch(Path(tempfile.gettempdir())) as folder:
        file = folder / "release-audit.duckdb"
        write_database(snapshot, file, is_copy=False)
        yield file


def write_database(snapshot: Path, file: Path, *, is_copy: bool) -> None:
    """Makes a DuckDB file of a snapshot's tables, all views, and the flags and statistics as table macros.

    ``is_copy`` holds the rows, and of shared views what they compute; else it reads the Parquet files where they are.

    Raises:
        QueryError: DuckDB cannot write it.
    """
    catalog = load()
    with Engine([snapshot], database=file, spill=file.parent, memory=_MOST_MEMORY) as engine:
        known = run.Relations(engine, relations(snapshot), catalog, all_environments, is_copy=is_copy)
        known.define_all()
        for query in catalog.group(Group.VIEWS, Group.FLAGS, Group.STATISTICS):
            if is_copy or query.header.function:  # which no client could call
                known.share(query)
            if query.group is not Group.VIEWS:
                known.offer(query)
        _comment(engine, known)
        engine.run("checkpoint")  # closing would say nothing of a disk too full for it


def _comment(engine: Engine, known: run.Relations) -> None:
    """Leaves in the file what each table, column and query means."""
    for table in TABLES:
        name = f"{run.TABLES_SCHEMA}.{identifier(table.name)}"
        kind = "table" if known.holds(table.name) else "view"
        engine.run(f"comment on {kind} {name} is {literal(table.grain)}")
        for column in table.columns:
            engine.run(f"comment on column {name}.{identifier(column.name)} is {literal(column.meaning)}")
        if table.name not in load().views:
            engine.run(f"comment on view {identifier(table.name)} is {literal(table.grain)}")
    for query in load().group(Group.VIEWS, Group.FLAGS, Group.STATISTICS):
        for kind in _kinds(query):
            engine.run(f"comment on {kind} {identifier(query.name)} is {literal(query.header.question)}")


def _kinds(query: Query) -> list[str]:
    """What a query is in the file; a shared view with parameters is a view too, of what their defaults give."""
    if query.group is not Group.VIEWS:
        return ["macro table"]
    if not query.header.parameters:
        return ["view"]
    return ["macro table", "view"] if query.header.is_shared else ["macro table"]


def _check_target(target: Path, *, is_forced: bool) -> None:
    """Holds that a DuckDB file can be made there, and that none is lost which nobody meant."""
    if target.stem == run.TABLES_SCHEMA:
        raise UsageError(f"{target}: DuckDB would take its name for that of the schema in it: choose another name")
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is no plain file: choose another name")
    log = target.with_name(f"{target.name}.wal")
    if log.exists():
        raise UsageError(f"{log} is there: another program has the database open, or left changes in it")
    if target.exists():
        if not is_forced:
            raise UsageError(f"{target} is there already: --force replaces it")
        if not _is_database(target):
            raise UsageError(f"{target} is no DuckDB file, and is not replaced: choose another name")


def _is_database(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC
