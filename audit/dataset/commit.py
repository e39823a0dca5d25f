"""The commit: what a crawl staged and what was there before become the dataset's next generation."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.engine import Engine, Parameters, literal, memory_for
from audit.dataset.history import keep_history, naming_programs
from audit.dataset.parquet import ROW_GROUP_ROWS, read_columns, write_table
from audit.dataset.schema import (
    CRAWLS,
    DOWNLOADS,
    EVENTS,
    FILES,
    FIRST_SEEN,
    HISTORY_TABLES,
    NUMBERS,
    PROJECTS,
    RELEASES,
    SET_ASIDE,
)
from audit.dataset.staging import Plan, Segment, Staging, segment_tables
from audit.dataset.table import COUNT, TEXT, TIME, Table
from audit.disk.sync import keep_file, sync_folder
from audit.errors import DatasetError, QueryError
from audit.model import ANSWERED, started_at
from audit.program import version

if TYPE_CHECKING:  # its lock loads much that tables in memory do not need
    from audit.dataset.store import Store

# Called with the folder of the other tables, and the crawl's id.
Count = Callable[[Path, str], pa.Table]
# Projects are joined and sorted, at worst with the texts of failures; files are only counted.
_ROWS_OF_A_PROJECT: Final = 4
# The column of the pairs of differing rows that names their project.
_NO_PAIRS: Final = pa.schema([("before_project", TEXT), ("after_project", TEXT)])


def commit(store: "Store", staging: Staging, plan: Plan, count: Count | None = None) -> Path:
    """Makes what is staged the dataset's current state, and drops the staging; returns the new generation's folder.

    ``count`` returns the rows of its numbers, from the folder of its other tables; None: it gets none.

    Until the last step the dataset is as it was, and for every reader that step happens at once. What does not fit into
    memory is spilled beside the staging.

    Raises:
        DatasetError: the disk is full or not writable; the dataset is as it was and the staging is kept.
    """
    target = store.generation(plan.crawl_id)
    try:
        _fill(store, staging, plan, target)
        if count is not None:
            _write_numbers(count(target, plan.crawl_id), plan.crawl_id, target)
        store.switch(plan.crawl_id)
    except (OSError, QueryError) as error:  # DuckDB has its own error when it cannot spill
        if store.current != target.resolve():
            shutil.rmtree(target, ignore_errors=True)
        why = (isinstance(error, OSError) and error.strerror) or error
        raise DatasetError(f"{store.folder} cannot be written ({why}): correct that and run again to resume") from error
    staging.clear()
    return target


def first_tables(segment: Segment, plan: Plan) -> Mapping[str, pa.Table]:
    """What a new dataset would hold if just this segment were committed to it: every table by its name, in memory.

    A segment's rows are in the order of their tables, so there is nothing to merge.
    """
    staged = segment_tables(segment)
    results, parameters = staged["results"], _parameters(plan)
    given = {name: _NO_PAIRS.empty_table() for name in ("differing_files", "differing_releases")}
    given |= {f"old_{table.name}": table.schema.empty_table() for table in (PROJECTS, SET_ASIDE)}
    given |= {"staged_results": results, "staged_set_aside": staged["set_aside"], "replaced": _replaced(None, results)}
    tables = {table.name: _seen_first(table, staged[table.name], parameters) for table in (RELEASES, FILES)}
    with Engine([]) as engine:
        for name, rows in given.items():
            engine.register(name, rows)
        for table in (CRAWLS, PROJECTS, SET_ASIDE):
            with _asked(engine, f"new_{table.name}", parameters) as reader:
                tables[table.name] = reader.read_all().cast(table.schema)
    nothing = {table.name: table.schema.empty_table() for table in (EVENTS, NUMBERS, DOWNLOADS)}
    return {**nothing, **tables}


def recover(store: "Store", staging: Staging) -> None:
    """Drops a staging whose commit took effect just before its crawl was killed."""
    plan, current = staging.plan, store.current
    if plan is not None and current is not None and current.name == plan.crawl_id:
        staging.clear()


def _fill(store: "Store", staging: Staging, plan: Plan, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    before = store.current
    keep_history(before, target, plan.crawl_id)
    _keep_downloads(before, target)
    results = staging.read("results").read_all().combine_chunks()
    replaced = _replaced(before, results if plan.is_listing else results.slice(0, 0))
    crawl_at, parameters = started_at(plan.crawl_id), _parameters(plan)
    events, crawls = (target / name / f"{plan.crawl_id}.parquet" for name in ("events", "crawls"))
    _release_memory()
    from audit.dataset.listings import written_beside  # noqa: PLC0415 - it uses NumPy, which tables do not need

    with ExitStack() as stack:
        with written_beside(before, staging, replaced, crawl_at, target) as differences:
            engine = stack.enter_context(_opened(before, staging, results, replaced))
            _write_query(engine, CRAWLS, "new_crawls", parameters, crawls, naming_programs({plan.crawl_id: version()}))
            _write_query(engine, SET_ASIDE, "new_set_aside", parameters, target / "set_aside.parquet")
            for table, differing in differences.items():
                _register(engine, f"differing_{table.name}", differing.wait())
            _write_query(engine, EVENTS, "new_events", parameters, events)
        _release_memory()
        _write_query(engine, PROJECTS, "new_projects", parameters, target / "projects.parquet")
    _release_memory()
    for differing in differences.values():
        differing.wait().unlink()
    for folder in (*(target / table.name for table in HISTORY_TABLES), target, target.parent):
        sync_folder(folder)


def _write_numbers(rows: pa.Table, crawl_id: str, target: Path) -> None:
    write_table(NUMBERS, [rows], target / NUMBERS.name / f"{crawl_id}.parquet")
    sync_folder(target / NUMBERS.name)


def _keep_downloads(before: Path | None, target: Path) -> None:
    """Keeps the downloads that were imported, if any: crawls do not bring any."""
    name = f"{DOWNLOADS.name}.parquet"
    if before is None:
        write_table(DOWNLOADS, [], target / name)
    else:
        keep_file(before / name, target / name)


def _replaced(before: Path | None, results: pa.Table) -> pa.Table:
    """The projects whose rows this crawl replaces, and whether each was found in an earlier crawl."""
    is_answered = pc.is_in(results["outcome"], value_set=pa.array(sorted(ANSWERED), TEXT))
    replaced = results.select(["project", "outcome"]).filter(is_answered).combine_chunks()
    known = pa.array([], TEXT)
    if before is not None:
        projects = read_columns(before / "projects.parquet", ["project", "first_found_at"])
        known = projects["project"].filter(projects["first_found_at"].is_valid())
    return replaced.append_column("is_known", pc.is_in(replaced["project"], value_set=known))


def _release_memory() -> None:
    """Gives the memory that the step before has freed back to the system, before the next step takes its own."""
    pa.default_memory_pool().release_unused()


@contextmanager
def _opened(before: Path | None, staging: Staging, results: pa.Table, replaced: pa.Table) -> Iterator[Engine]:
    """An engine with the projects as they were, all that is staged except the listings, and the replaced projects."""
    files, projects = pc.sum(results["file_count"]).as_py() or 0, results.num_rows
    if before:
        files += pq.read_metadata(before / "files.parquet").num_rows
        projects += pq.read_metadata(before / "projects.parquet").num_rows
    memory = memory_for(files + _ROWS_OF_A_PROJECT * projects)
    with Engine([staging.folder.parent], spill=staging.spill(), memory=memory) as engine:
        for table in (PROJECTS, SET_ASIDE):
            if before is None:
                engine.register(f"old_{table.name}", table.schema.empty_table())
            else:
                _register(engine, f"old_{table.name}", before / f"{table.name}.parquet")
        engine.register("staged_results", results)
        engine.register("staged_set_aside", staging.read("set_aside").read_all())
        engine.register("replaced", replaced)
        engine.register("reported_events", staging.reported_events())
        yield engine


def _register(engine: Engine, name: str, file: Path) -> None:
    engine.run(f"create view {name} as from read_parquet({literal(str(file))})")


def _write_query(
    engine: Engine,
    table: Table,
    query: str,
    parameters: Parameters,
    path: Path,
    metadata: Mapping[bytes, bytes] | None = None,
) -> None:
    """Writes the rows of a query as a table."""
    with _asked(engine, query, parameters) as reader:
        write_table(table, (pa.Table.from_batches([batch]) for batch in reader), path, metadata)


def _asked(engine: Engine, query: str, parameters: Parameters) -> pa.RecordBatchReader:
    """The rows of one of the commit's queries, with those of the parameters that it uses."""
    sql = (files("audit.dataset") / "sql" / f"{query}.sql").read_text("utf-8")
    taken = engine.parameters_of(sql)
    return engine.stream(sql, {name: parameters[name] for name in taken}, ROW_GROUP_ROWS)


def _parameters(plan: Plan) -> Parameters:
    return {**msgspec.structs.asdict(plan), "crawl_at": started_at(plan.crawl_id)}


def _seen_first(table: Table, staged: pa.Table, parameters: Parameters) -> pa.Table:
    """Staged rows as a first commit numbers them, in the schema's order of columns."""
    seen = pa.repeat(pa.scalar(parameters["crawl_at"], TIME), staged.num_rows)
    numbers = pa.array(range(staged.num_rows), COUNT)
    rows = staged.append_column(FIRST_SEEN, seen).append_column(table.number, numbers)
    return rows.select(table.schema.names).cast(table.schema)
