"""A dataset as Parquet in shards, for engines on many machines: a project is in one shard, by a hash of its name.

``TABLE/shard=K/part.parquet``, as Hive partitions folders: DuckDB, Spark and ClickHouse read ``TABLE`` as one table
with a column ``shard``. No query joins rows of two projects: each shard answers for itself, and counts are added.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from audit.dataset.dataset import relations
from audit.dataset.engine import Engine, identifier
from audit.dataset.parquet import rows_in_group, write_table
from audit.dataset.schema import HISTORY_TABLES, TABLES
from audit.dataset.table import Table
from audit.errors import UsageError
from audit.queries import run
from audit.queries.catalog import load

DEFAULT_SHARDS: Final = 8
_MOST_SHARDS: Final = 4_096
_MEMORY: Final = "2GB"
# The first 15 digits of the name's MD5: every engine has MD5, and the number is positive in 64 bits.
_SHARD: Final = "('0x' || substr(md5({}), 1, 15))::bigint % $shards = $shard"
# A table that has only filenames uses the project of each file; a file that is not listed uses its own name. Rows about
# the whole dataset are all in one shard.
_OF_FILES: Final = "left join (select filename, project from dataset.files) as listed using (filename)"


def check_shards(shards: int) -> None:
    """Checks that a dataset can be split into so many shards.

    Raises:
        UsageError: it cannot.
    """
    if not 1 <= shards <= _MOST_SHARDS:
        raise UsageError(f"--shards {shards} does not fit: expected 1 to {_MOST_SHARDS:,}")


def write(snapshot: Path, folder: Path, shards: int = DEFAULT_SHARDS) -> Sequence[str]:
    """Fills ``folder`` with the tables of a snapshot in ``shards`` parts; parts without rows are written too.

    Rows are in the order of the dataset's files, and keep their numbers. The same dataset gives the same bytes. Nothing
    is left out.

    Raises:
        UsageError: there cannot be so many shards.
        OSError: it cannot be written.
        QueryError: DuckDB cannot read a file of the dataset.
    """
    check_shards(shards)
    with Engine([snapshot], spill=folder.parent, memory=_MEMORY) as engine:
        run.Relations(engine, relations(snapshot), load()).define_tables(table.name for table in TABLES)
        for table in TABLES:
            for shard in range(shards):
                _write(engine, table, {"shards": shards, "shard": shard}, folder)
    return ()


def _write(engine: Engine, table: Table, place: dict[str, int], folder: Path) -> None:
    path = folder / table.name / f"shard={place['shard']}" / "part.parquet"
    path.parent.mkdir(parents=True)
    crawl = ["crawl_id"] if table in HISTORY_TABLES else []
    order = ", ".join(f"written.{identifier(name)} nulls last" for name in [*crawl, *table.order])
    key, join = _key(table)
    rows = f"from {run.TABLES_SCHEMA}.{identifier(table.name)} as written {join} where {_SHARD.format(key)}"
    count = engine.select(f"select count(*) as row_count {rows}", place)["row_count"][0].as_py()
    with engine.stream(f"select written.* {rows} order by {order}", place, rows_in_group(count)) as reader:
        parts = (pa.Table.from_batches([batch]).cast(table.schema) for batch in reader)
        write_table(table, parts, path)


def _key(table: Table) -> tuple[str, str]:
    """SQL for the name whose hash decides the shard, and the join that finds it."""
    if "project" in table.schema.names:
        return "written.project", ""
    if "filename" in table.schema.names:
        return "coalesce(listed.project, written.filename)", _OF_FILES
    return "''", ""
