"""The commit: what a crawl staged and what was there before become the dataset's next generation."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.schema import (
    CRAWLS,
    EVENTS,
    FILES,
    PROJECTS,
    RELEASES,
    SNAPSHOT_TABLES,
    Table,
)
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store, sync_file, sync_folder
from audit.engine import Engine, Parameters, literal
from audit.errors import DatasetError, QueryError
from audit.model import started_at

ROW_GROUP_ROWS: Final = 122_880
DEFAULT_MEMORY: Final = "1GB"
# Text that never repeats gains nothing from a dictionary.
_WITHOUT_DICTIONARY: Final = {
    "filename",
    "sha256",
    "detail",
    "failure_detail",
    "etag",
    "uploaded_at",
    "first_seen_at",
}


def commit(store: Store, staging: Staging, plan: Plan, *, memory: str = DEFAULT_MEMORY) -> Path:
    """Makes what is staged the dataset's current state, and drops the staging; gives the new generation's folder.

    Until the very last step the dataset is as it was, and that step is one for every reader. ``memory`` bounds
    DuckDB's; what does not fit is spilled beside the staging.

    Raises:
        DatasetError: the disk is full or not writable; the dataset is as it was and the staging is kept.
    """
    target = store.generation(plan.crawl_id)
    try:
        _fill(store, staging, plan, target, memory)
        store.switch(plan.crawl_id)
    except (OSError, QueryError) as error:  # DuckDB says in its own way that it cannot spill
        if store.current != target.resolve():
            shutil.rmtree(target, ignore_errors=True)
        why = (isinstance(error, OSError) and error.strerror) or error
        raise DatasetError(f"{store.folder} cannot be written ({why}): mend that and run again to resume") from error
    staging.clear()
    return target


def recover(store: Store, staging: Staging) -> None:
    """Drops a staging whose commit took hold just before its crawl was killed."""
    plan, current = staging.plan, store.current
    if plan is not None and current is not None and current.name == plan.crawl_id:
        staging.clear()


def _fill(store: Store, staging: Staging, plan: Plan, target: Path, memory: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    before = store.current
    _keep_history(before, target)
    parameters = {"crawl_id": plan.crawl_id, "crawl_at": started_at(plan.crawl_id)}
    origin = {"api": plan.api, "index_url": plan.index_url}
    with _opened(before, staging, memory) as engine:
        is_same = before is not None and _count(engine, "replaced") == 0
        if before is not None and is_same:
            for table in (FILES, RELEASES):
                _keep(before / f"{table.name}.parquet", target / f"{table.name}.parquet")
        else:
            at = {"crawl_at": parameters["crawl_at"]}
            releases = target / "releases.parquet"
            _write(engine, RELEASES, "new_releases", at, releases)
            engine.run(
                f"create view new_releases as from read_parquet({literal(str(releases))}, file_row_number = true)"
            )
            _write(engine, FILES, "new_files", at, target / "files.parquet")
        engine.run(f"create view new_files as from read_parquet({literal(str(target / 'files.parquet'))})")
        events = target / "events" / f"{plan.crawl_id}.parquet"
        _write(engine, EVENTS, "new_events", parameters, events)
        engine.run(f"create view new_events as from read_parquet({literal(str(events))})")
        _write(
            engine,
            CRAWLS,
            "new_crawls",
            {"crawl_id": plan.crawl_id, **origin},
            target / f"crawls/{plan.crawl_id}.parquet",
        )
        at_api = {"crawl_at": parameters["crawl_at"], "api": plan.api}
        _write(engine, PROJECTS, "new_projects", at_api, target / "projects.parquet")
    for folder in (target / "events", target / "crawls", target, target.parent):
        sync_folder(folder)


def _keep_history(before: Path | None, target: Path) -> None:
    """The events and crawls of all commits before: the same bytes under one more name."""
    for name in ("events", "crawls"):
        (target / name).mkdir()
        for old in (before / name).iterdir() if before else ():
            _keep(old, target / name / old.name)


def _keep(old: Path, new: Path) -> None:
    """The same bytes under one more name; a copy where the file system has no hard links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        sync_file(new)


@contextmanager
def _opened(before: Path | None, staging: Staging, memory: str) -> Iterator[Engine]:
    """An engine that knows the old tables, the staged ones, and which projects are replaced."""
    spill = staging.folder / "spill"
    readable = [staging.folder.parent]
    with Engine(readable, spill=spill, memory=memory) as engine:
        for table in SNAPSHOT_TABLES:
            _register_old(engine, before, table)
        for stream in ("results", "releases"):
            engine.register("staged", staging.read(stream))
            engine.run(f"create temp table staged_{stream} as from staged")
        engine.register("staged_files", staging.read("files"))  # the largest by far: read once, straight into its table
        engine.run(_sql("replaced"))
        yield engine


def _register_old(engine: Engine, before: Path | None, table: Table) -> None:
    name = f"old_{table.name}"
    if before is None:
        engine.register(name, table.schema.empty_table())
    else:
        path = literal(str(before / f"{table.name}.parquet"))
        engine.run(f"create view {name} as from read_parquet({path})")


def _write(engine: Engine, table: Table, query: str, parameters: Parameters, path: Path) -> None:
    """Writes one table's Parquet, in the table's order and in row groups of one size: same rows, same bytes."""
    schema = table.schema
    dictionary = [name for name in schema.names if name not in _WITHOUT_DICTIONARY]
    with (
        pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=dictionary) as writer,
        engine.stream(_sql(query), parameters, ROW_GROUP_ROWS) as reader,
    ):
        for batch in reader:
            writer.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))
    sync_file(path)


def _count(engine: Engine, relation: str) -> int:
    return int(engine.select(f"select count(*) as n from {relation}")["n"][0].as_py())  # noqa: S608 - our own name


def _sql(name: str) -> str:
    return (files("audit.dataset") / "sql" / f"{name}.sql").read_text("utf-8")
