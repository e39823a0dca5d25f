"""The engines that portable queries are tested on, each started once: ClickHouse within chdb, Spark on this machine."""

import functools
import os
import shutil
import site
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.dataset.dataset import relations as relations_of
from audit.portable.dialects import Dialect

# `make engines` fills it from requirements/engines.txt: more than a gigabyte that nothing else needs.
ENVIRONMENT: Final = Path(sys.prefix) / "engines"
MISSING: Final = f"{ENVIRONMENT} is not there: `make engines` installs ClickHouse and Spark, which these tests ask"
NO_JAVA: Final = "there is no Java: apt-get install openjdk-17-jre-headless (or another system's) lets Spark run"
# Nothing is compiled for a query on a few rows, and one thread shuffles them; the zone of the session is not UTC.
_SPARK: Final = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.session.timeZone": "America/New_York",
}


def needed(is_there: object, message: str) -> None:
    """Skips the test if something is missing; in CI the test fails."""
    if not is_there:
        assert not os.environ.get("CI"), message
        pytest.skip(message)


def packages() -> Path:
    """Where the engines' packages are; this program can import them from now on, after its own."""
    found = next(ENVIRONMENT.glob("lib/python*/site-packages"), None)
    needed(found, MISSING)
    assert found is not None  # needed() has ended the test
    site.addsitedir(str(found))
    return found


@functools.cache
def clickhouse() -> Any:
    """A ClickHouse of this process, which holds nothing yet."""
    packages()
    from chdb.session import Session  # noqa: PLC0415 - it is of another environment

    return Session()


@functools.cache
def spark() -> Any:
    """A Spark of this machine."""
    needed(shutil.which("java"), NO_JAVA)
    packages()
    from pyspark.sql import SparkSession  # noqa: PLC0415 - it is of another environment

    builder = SparkSession.builder.master("local[2]")
    for name, value in _SPARK.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def offered(dialect: Dialect, tables: Mapping[str, Path]) -> None:
    """Makes Parquet files, or folders of them, tables of the engine."""
    for name, path in tables.items():
        if dialect is Dialect.SPARK:
            spark().read.parquet(str(path.resolve())).createOrReplaceTempView(name)
        else:
            files = path.resolve() / "*.parquet" if path.is_dir() else path.resolve()
            clickhouse().query(f"create or replace view {name} as select * from file('{files}', 'Parquet')")


def asked(dialect: Dialect, sql: str) -> pa.Table:
    """The rows that the engine answers."""
    if dialect is Dialect.SPARK:
        return spark().sql(sql).toArrow()
    answer = clickhouse().query(sql, "Arrow").bytes()
    return pa.ipc.open_file(pa.BufferReader(answer)).read_all()


def tables_of(snapshot: Path, empty: Path) -> dict[str, Path]:
    """The Parquet of each table of a dataset; of one without a file, an empty one below ``empty``."""
    found = {}
    for table in relations_of(snapshot):
        found[table.name] = table.files[0] if len(table.files) == 1 else snapshot / table.name
        if not table.files:
            found[table.name] = empty / f"{table.name}.parquet"
            pq.write_table(table.schema.empty_table(), found[table.name])
    return found
