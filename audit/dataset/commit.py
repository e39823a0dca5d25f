"""The commit: what a crawl staged and what was there before become the dataset's next generation."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.listings import written_beside
from audit.dataset.parquet import ROW_GROUP_ROWS, read_columns, write_table
from audit.dataset.schema import CRAWLS, EVENTS, PROJECTS, SET_ASIDE, TEXT, Table
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.disk.sync import keep_file, sync_folder
from audit.engine import Engine, Parameters, literal, memory_for
from audit.errors import DatasetError, QueryError
from audit.model import ANSWERED, started_at

# Projects are joined and sorted, with texts of failures at the worst; files are only counted.
_ROWS_OF_A_PROJECT: Final = 4


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
    replaced = _replaced(before, results)
    crawl_at = started_at(plan.crawl_id)
    parameters = {**msgspec.structs.asdict(plan), "crawl_at": crawl_at}
    events, crawls = (target / name / f"{plan.crawl_id}.parquet" for name in ("events", "crawls"))
    _release_memory()
    with ExitStack() as stack:
        with written_beside(before, staging, replaced, crawl_at, target) as differences:
            engine = stack.enter_context(_opened(before, staging, results, replaced))
            for table, differing in differences.items():
                _register(engine, f"differing_{table.name}", differing.wait())
            _write_query(engine, EVENTS, "new_events", parameters, events)
        _release_memory()
        _write_query(engine, CRAWLS, "new_crawls", parameters, crawls)
        _write_query(engine, PROJECTS, "new_projects", parameters, target / "projects.parquet")
        _write_query(engine, SET_ASIDE, "new_set_aside", parameters, target / "set_aside.parquet")
    _release_memory()
    for differing in differences.values():
        differing.wait().unlink()
    for folder in (target / "events", target / "crawls", target, target.parent):
        sync_folder(folder)


def _keep_history(before: Path | None, target: Path) -> None:
    """The events and crawls of all commits before: the same bytes under one more name."""
    for name in ("events", "crawls"):
        (target / name).mkdir()
        for old in (before / name).iterdir() if before else ():
            keep_file(old, target / name / old.name)


def _replaced(before: Path | None, results: pa.Table) -> pa.Table:
    """The projects whose rows this crawl replaces, and of each whether it was found in any crawl before."""
    is_answered = pc.is_in(results["outcome"], value_set=pa.array(sorted(ANSWERED), TEXT))
    replaced = results.select(["project", "outcome"]).filter(is_answered).combine_chunks()
    known = pa.array([], TEXT)
    if before is not None:
        projects = read_columns(before / "projects.parquet", ["project", "first_found_at"])
        known = projects["project"].filter(projects["first_found_at"].is_valid())
    return replaced.append_column("is_known", pc.is_in(replaced["project"], value_set=known))


def _release_memory() -> None:
    """Gives what the step before has freed back to the system: the next step's memory comes on top of it."""
    pa.default_memory_pool().release_unused()


@contextmanager
def _opened(before: Path | None, staging: Staging, results: pa.Table, replaced: pa.Table) -> Iterator[Engine]:
    """An engine that knows the projects as they were, what is staged beside the listings, and who is replaced."""
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
        yield engine


def _register(engine: Engine, name: str, file: Path) -> None:
    engine.run(f"create view {name} as from read_parquet({literal(str(file))})")


def _write_query(engine: Engine, table: Table, query: str, parameters: Parameters, path: Path) -> None:
    """Writes a table that a query gives; the query takes those of the parameters that it names."""
    sql = _sql(query)
    taken = engine.parameters_of(sql)
    with engine.stream(sql, {name: parameters[name] for name in taken}, ROW_GROUP_ROWS) as reader:
        write_table(table, (pa.Table.from_batches([batch]) for batch in reader), path)


def _sql(name: str) -> str:
    return (files("audit.dataset") / "sql" / f"{name}.sql").read_text("utf-8")
