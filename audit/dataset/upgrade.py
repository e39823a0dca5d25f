"""A dataset of an older schema, written again as one of this schema, in a new folder: no row of its history is lost."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.copies import last_crawl
from audit.dataset.engine import Engine, identifier, literal, memory_for
from audit.dataset.mark import mark_of, read_mark, write_mark
from audit.dataset.parquet import rows_in_group, write_table
from audit.dataset.schema import CRAWLS, HISTORY_TABLES, SNAPSHOT_TABLES
from audit.dataset.snapshot import find_snapshot, schema_version
from audit.dataset.store import Store
from audit.dataset.table import COUNT, FLAG, SCHEMA_VERSION, TEXT, TIME, UPGRADABLE, Table
from audit.disk.sync import sync_folder
from audit.errors import DatasetError, QueryError

# The value of a column that an older schema lacks, as SQL over its row; null if not named here. Up to schema 3
# everything was crawled, and APIs give microseconds. A release was listed, or had files that the JSON API put there.
_DEFAULTS: Final[Mapping[str, Mapping[str, str]]] = {
    "files": {"source": "'crawl'", "time_precision_us": "1"},
    "releases": {"is_listed": "true"},
    "events": {"source": "'crawl'"},
    "crawls": {"source": "'crawl'", "project_count": "1"},
}
# Before schema 3 the release of a file was found by other rules, and what could not be read was not kept: the next
# crawl asks for every page again.
_READ_ANEW: Final = {"1": {"serial": "null", "etag": "null"}, "2": {"serial": "null", "etag": "null"}}
# In schema 1 rows had no numbers: their positions in the files give them.
_PLACES: Final[Mapping[str, str]] = {
    "files": """
        select row.*, file_row_number as file_number, release_number
        from read_parquet({file}, file_row_number = true) as row
        join (
            select project, version, file_row_number as release_number
            from read_parquet({releases}, file_row_number = true)
        ) using (project, version)
        order by file_row_number
    """,
    "releases": """
        select *, file_row_number as release_number from read_parquet({file}, file_row_number = true)
        order by file_row_number
    """,
}
_UNCHANGED: Final = """
    select * from upgraded where outcome != 'unchanged'
    union all by name
    select
        any_value(crawl_id) as crawl_id,
        outcome,
        sum(project_count) as project_count,
        sum(body_bytes) as body_bytes,
        sum(duration_ms) as duration_ms,
        sum(attempts) as attempts,
        any_value(api) as api,
        any_value(index_url) as index_url,
        any_value(chosen_by) as chosen_by,
        any_value(source) as source
    from upgraded
    where outcome = 'unchanged'
    group by outcome, attempts > 0
    order by project nulls first, attempts
"""
_TYPES: Final = {TEXT: "varchar", COUNT: "bigint", FLAG: "boolean", TIME: "timestamptz"}


def upgrade(old: Path, new: Path) -> str:
    """Writes the dataset ``old``, which stays as it is, to the new folder ``new``; returns the version of old's schema.

    What an older schema does not have is null, or the value that was true for all of its rows. Crawls go on in the new
    folder.

    Raises:
        DatasetError: there is no dataset, it is of this schema or of one that is not known, or ``new`` cannot be
            written to.
    """
    snapshot = find_snapshot(old)
    version = schema_version(snapshot)
    if version not in UPGRADABLE:
        known = "there is nothing to do" if version == SCHEMA_VERSION else f"known versions are {', '.join(UPGRADABLE)}"
        raise DatasetError(f"{old} has schema version {version}: {known}")
    crawl_id = last_crawl(snapshot)
    if crawl_id is None:
        raise DatasetError(f"{old} has no history of crawls: crawl into a new folder")
    store = Store(new)
    if store.current is not None:
        raise DatasetError(f"{new} holds a dataset already: name a new folder")
    with store.locked():
        target = store.generation(crawl_id)
        shutil.rmtree(target, ignore_errors=True)
        try:
            _fill(snapshot, target, version)
            write_mark(new, read_mark(old) or mark_of())
            store.switch(crawl_id)
        except (OSError, QueryError, pa.ArrowException) as error:  # such as a damaged file, or a full disk
            shutil.rmtree(target, ignore_errors=True)
            why = (isinstance(error, OSError) and error.strerror) or error
            raise DatasetError(f"{old} cannot be written to {new} ({why}): correct that and run again") from error
    return version


def _fill(snapshot: Path, target: Path, version: str) -> None:
    target.mkdir(parents=True)
    count = pq.read_metadata(snapshot / "files.parquet").num_rows
    with Engine([snapshot], spill=target / "spill", memory=memory_for(count)) as engine:
        for table in SNAPSHOT_TABLES:
            file = snapshot / f"{table.name}.parquet"
            parts = _parts(engine, table, file, version) if file.exists() else iter([table.schema.empty_table()])
            write_table(table, parts, target / file.name)
        for table in HISTORY_TABLES:
            (target / table.name).mkdir()
            for file in sorted((snapshot / table.name).glob("*.parquet")):
                write_table(table, _parts(engine, table, file, version), target / table.name / file.name)
            sync_folder(target / table.name)
    shutil.rmtree(target / "spill", ignore_errors=True)
    sync_folder(target)


def _parts(engine: Engine, table: Table, file: Path, version: str) -> Iterator[pa.Table]:
    """The rows of an older file in this schema, in parts as large as a row group."""
    metadata = pq.read_metadata(file)
    sql = _rows_anew(table, metadata.schema.names, file, version)
    with engine.stream(sql, None, rows_in_group(metadata.num_rows)) as reader:
        yield from (pa.Table.from_batches([batch]) for batch in reader)


def _rows_anew(table: Table, known: Sequence[str], file: Path, version: str) -> str:
    """SQL for the rows of an older file with the columns of this schema."""
    rows = f"from read_parquet({literal(str(file))})"
    if table.number is not None and table.number not in known:
        releases = literal(str(file.with_name("releases.parquet")))
        rows = _PLACES[table.name].format(file=literal(str(file)), releases=releases)
        known = [*known, "release_number", "file_number"]
    anew = _READ_ANEW.get(version, {}) if table.name == "projects" else {}
    columns = ", ".join(_columns(table, known, anew))
    sql = f"select {columns} from ({rows}) as row"  # noqa: S608 - names of the schema and a quoted path
    return f"with upgraded as ({sql}) {_UNCHANGED}" if table is CRAWLS else sql


def _columns(table: Table, known: Iterable[str], anew: Mapping[str, str]) -> Iterator[str]:
    for column in table.columns:
        default = _DEFAULTS.get(table.name, {}).get(column.name, "null")
        value = anew.get(column.name, identifier(column.name) if column.name in known else default)
        yield f"({value})::{_TYPES[column.type]} as {identifier(column.name)}"
