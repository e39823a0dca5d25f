"""Where an engine finds the tables of a dataset: as tables of its own, or as the dataset's Parquet files."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow as pa
from sqlglot import exp

from audit.dataset.schema import HISTORY_TABLES, TABLES
from audit.dataset.snapshot import check_schema, files_of, find_snapshot
from audit.dataset.table import Table
from audit.errors import UsageError
from audit.portable.dialects import Dialect

Places = Callable[[str], exp.Query | exp.Table]
# An address, also with a single slash, as a Python path has it.
_REMOTE: Final = re.compile(r"(s3|https?):/{1,2}(?=[^/])")
_TYPES: Final = {
    pa.string(): exp.DType.TEXT,
    pa.int64(): exp.DType.BIGINT,
    pa.bool_(): exp.DType.BOOLEAN,
    pa.timestamp("us", "UTC"): exp.DType.TIMESTAMPTZ,
}


def places_of(dataset: str, dialect: Dialect) -> Places:
    """Where the tables of ``dataset`` are: an address, or a folder.

    ClickHouse cannot read a folder of this machine, so it uses the tables of its database with these names.

    Raises:
        UsageError: Spark cannot read such an address.
        DatasetError: there is no dataset in the folder, or its schema is of another version.
    """
    if found := _REMOTE.match(dataset):
        if dialect is Dialect.SPARK and found[1] != "s3":
            raise UsageError(
                f"Spark reads no Parquet behind {dataset.partition(':')[0]}: name a folder or an s3:// address"
            )
        return lambda name: _remote(f"{found[1]}://{dataset[found.end() :].rstrip('/')}", name, dialect)
    if dialect is Dialect.CLICKHOUSE:
        return exp.to_table
    snapshot = find_snapshot(Path(dataset))
    check_schema(snapshot)
    return lambda name: _local(snapshot.resolve(), _table(name))


def _remote(root: str, name: str, dialect: Dialect) -> exp.Table:
    is_history = any(table.name == name for table in HISTORY_TABLES)
    path = f"{root}/{name}/*.parquet" if is_history else f"{root}/{name}.parquet"
    if dialect is Dialect.SPARK:
        return _parquet(path.replace("s3://", "s3a://", 1))
    function = "s3" if root.startswith("s3://") else "url"
    arguments = [exp.Literal.string(path), exp.Literal.string("Parquet")]
    return exp.Table(this=exp.Anonymous(this=function, expressions=arguments))


def _local(snapshot: Path, table: Table) -> exp.Query | exp.Table:
    files = files_of(snapshot, table)
    if not files:  # a history without files yet
        columns = [exp.alias_(exp.cast(exp.Null(), _TYPES[field.type]), field.name) for field in table.schema]
        return exp.select(*columns).where(exp.false())
    return _parquet(str(files[0].resolve() if len(files) == 1 else files[0].resolve().parent))


def _parquet(path: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(path, quoted=True), db=exp.to_identifier("parquet"))


def _table(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)
