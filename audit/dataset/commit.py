"""The commit: what a crawl staged and what was there before become the dataset's next generation."""

import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.merge import Merge
from audit.dataset.schema import (
    CRAWLS,
    EVENTS,
    FILES,
    PROJECTS,
    RELEASES,
    SNAPSHOT_TABLES,
    TEXT,
    Table,
)
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.dataset.sync import sync_file, sync_folder
from audit.engine import Engine, Parameters, literal, memory_for
from audit.errors import DatasetError, QueryError
from audit.model import ANSWERED, started_at

# A row group is in memory while it is written, and the next one while it is gathered: a small crawl stays small. Many
# rows are read a third faster in groups of four times that size.
ROW_GROUP_ROWS: Final = 30_720
MANY_ROWS: Final = 2_000_000
_LARGER_THAN_A_COLUMN: Final = 1 << 28
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
# Numbers that hardly differ from row to row: as differences they weigh next to nothing.
_ASCENDING: Final = {"release_number", "file_number"}


def commit(store: Store, staging: Staging, plan: Plan) -> Path:
    """Makes what is staged the dataset's current state, and drops the staging; gives the new generation's folder.

    Until the very last step the dataset is as it was, and that step is one for every reader. What does not fit into
    memory is spilled beside the staging.

    Raises:
        DatasetError: the disk is full or not writable; the dataset is as it was and the staging is kept.
    """
    target = store.generation(plan.crawl_id)
    try:
        _fill(store, staging, plan, target)
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


def _fill(store: Store, staging: Staging, plan: Plan, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    before = store.current
    _keep_history(before, target)
    results = staging.read("results").read_all().combine_chunks()
    parameters = {"crawl_id": plan.crawl_id, "crawl_at": started_at(plan.crawl_id), "api": plan.api}
    events, crawls = (target / name / f"{plan.crawl_id}.parquet" for name in ("events", "crawls"))
    _release_memory()
    with ThreadPoolExecutor(1) as pool:
        listing = pool.submit(_write_listings, before, staging, results, plan, target)
        with _opened(before, staging, results) as engine:
            listing.result()
            _release_memory()
            _write_query(engine, CRAWLS, "new_crawls", parameters | {"index_url": plan.index_url}, crawls)
            for table in (FILES, RELEASES):
                _register(engine, f"new_{table.name}", target / f"{table.name}.parquet")
            _write_query(engine, EVENTS, "new_events", parameters, events)
            _register(engine, "new_events", events)
            _write_query(engine, PROJECTS, "new_projects", parameters, target / "projects.parquet")
    _release_memory()
    for folder in (target / "events", target / "crawls", target, target.parent):
        sync_folder(folder)


def _release_memory() -> None:
    """Gives what the step before has freed back to the system: the next step's memory comes on top of it."""
    pa.default_memory_pool().release_unused()


def _write_listings(before: Path | None, staging: Staging, results: pa.Table, plan: Plan, target: Path) -> None:
    """Files and releases: those of projects that were answered for anew, and the old ones of all others."""
    is_answered = pc.is_in(results["outcome"], value_set=pa.array(sorted(ANSWERED), TEXT))
    replaced = results["project"].filter(is_answered).combine_chunks()
    if before is not None and not len(replaced):
        for table in (RELEASES, FILES):
            _keep(before / f"{table.name}.parquet", target / f"{table.name}.parquet")
        return
    crawl_at = started_at(plan.crawl_id)
    releases = Merge(RELEASES, before, staging, replaced, crawl_at)
    files = Merge(FILES, before, staging, replaced, crawl_at, releases=releases)
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(_write_merged, releases, target)
        _write_merged(files, target)
        beside.result()


def _write_merged(merge: Merge, target: Path) -> None:
    rows = ROW_GROUP_ROWS * (4 if merge.row_count >= MANY_ROWS else 1)
    _write(merge.table, _ahead(merge.parts(rows)), target / f"{merge.table.name}.parquet")


def _ahead(parts: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The parts; each is gathered while the one before it is written."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, parts, None)
            yield part


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
def _opened(before: Path | None, staging: Staging, results: pa.Table) -> Iterator[Engine]:
    """An engine that knows the old tables, the staged results, and which projects are replaced."""
    rows = pc.sum(results["file_count"]).as_py() or 0
    rows += pq.read_metadata(before / "files.parquet").num_rows if before else 0
    with Engine([staging.folder.parent], spill=staging.folder / "spill", memory=memory_for(rows)) as engine:
        for table in SNAPSHOT_TABLES:
            if before is None:
                engine.register(f"old_{table.name}", table.schema.empty_table())
            else:
                _register(engine, f"old_{table.name}", before / f"{table.name}.parquet")
        engine.register("staged_results", results)
        engine.run(_sql("replaced"))
        yield engine


def _register(engine: Engine, name: str, file: Path) -> None:
    engine.run(f"create view {name} as from read_parquet({literal(str(file))})")


def _write_query(engine: Engine, table: Table, query: str, parameters: Parameters, path: Path) -> None:
    """Writes a table that a query gives; the query takes those of the parameters that it names."""
    sql = _sql(query)
    taken = engine.parameters_of(sql)
    with engine.stream(sql, {name: parameters[name] for name in taken}, ROW_GROUP_ROWS) as reader:
        _write(table, (pa.Table.from_batches([batch]) for batch in reader), path)


def _write(table: Table, parts: Iterable[pa.Table], path: Path) -> None:
    """Writes one table's Parquet, each part as a row group. Same rows, same bytes: however they came in pieces."""
    schema = table.schema
    layout = {
        "compression": "zstd",
        "write_batch_size": 16_384,  # values encoded at once: many calls for few values each take longer
        # One page, and one dictionary, for each column of a row group: smaller ones would end where a piece ends.
        "data_page_size": _LARGER_THAN_A_COLUMN,
        "dictionary_pagesize_limit": _LARGER_THAN_A_COLUMN,
        "use_dictionary": [name for name in schema.names if name not in _WITHOUT_DICTIONARY | _ASCENDING],
        "column_encoding": {name: "DELTA_BINARY_PACKED" for name in schema.names if name in _ASCENDING},
        # Only the order of projects makes a range of texts tell which row groups to pass over.
        "write_statistics": [field.name for field in schema if field.name == "project" or field.type != TEXT],
    }
    with pq.ParquetWriter(path, schema, **layout) as writer:
        for part in parts:
            writer.write_table(part.select(schema.names).cast(schema), max(1, part.num_rows))
    sync_file(path)


def _sql(name: str) -> str:
    return (files("audit.dataset") / "sql" / f"{name}.sql").read_text("utf-8")
