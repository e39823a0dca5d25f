"""One engine weighs late files by downloads, over some shards: python -m benchmarks.weigher ENGINE SHARDS COUNT

Prints the seconds from the question to the rows, start-up aside, and a digest of the rows.
"""

import hashlib
import json
import site
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from audit.dataset.engine import Engine, literal
from audit.dataset.schema import TABLES
from audit.portable.answered import fitted
from audit.portable.dialects import Dialect
from audit.portable.text import statement
from audit.queries.catalog import load
from audit.queries.run import Relation, Relations

QUERY: Final = load().find("late-download-shares")
_READ: Final = ("files", "downloads")
_SPARK: Final = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "4g",
    "spark.sql.session.timeZone": "UTC",
}


def duckdb(shards: Path, count: int) -> Callable[[], pa.Table]:
    """DuckDB, as this program asks it."""
    engine = Engine([shards], spill=shards, memory="4GB")
    tables = [Relation(table.name, _parts(shards, table.name, count), table.schema) for table in TABLES]
    known = Relations(engine, tables, load())
    return lambda: known.answer(QUERY, {})


def clickhouse(shards: Path, count: int) -> Callable[[], pa.Table]:
    """ClickHouse within chdb."""
    _packages()
    from chdb.session import Session  # noqa: PLC0415 - it is of another environment

    session: Any = Session()
    some = f"{{0..{count - 1}}}" if count > 1 else "0"
    for name in _READ:
        path = shards / name / f"shard={some}" / "part.parquet"
        source = f"file({literal(str(path))}, 'Parquet')"
        session.query(f"create view {name} as select * from {source}")  # noqa: S608 - this benchmark's own path
    sql = statement(QUERY, {}, Dialect.CLICKHOUSE)
    return lambda: pa.ipc.open_file(pa.BufferReader(session.query(sql, "Arrow").bytes())).read_all()


def spark(shards: Path, count: int) -> Callable[[], pa.Table]:
    """Spark, with as many threads as this machine has processors."""
    _packages()
    from pyspark.sql import SparkSession  # noqa: PLC0415 - it is of another environment

    builder: Any = SparkSession.builder.master("local[*]")
    for name, value in _SPARK.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    for name in _READ:
        session.read.parquet(*map(str, _parts(shards, name, count))).createOrReplaceTempView(name)
    sql = statement(QUERY, {}, Dialect.SPARK)
    return lambda: session.sql(sql).toArrow()


ENGINES: Final = {"duckdb": duckdb, "clickhouse": clickhouse, "spark": spark}


def main() -> None:
    """Asks once."""
    name, shards, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    ask = ENGINES[name](shards, count)
    began = time.perf_counter()
    rows = ask()
    seconds = time.perf_counter() - began
    lines = [repr(row) for row in fitted(rows, QUERY).to_pylist()]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    print(json.dumps({"seconds": seconds, "rows": len(lines), "digest": digest}))  # noqa: T201 - its answer


def _parts(shards: Path, name: str, count: int) -> list[Path]:
    return [shards / name / f"shard={shard}" / "part.parquet" for shard in range(count)]


def _packages() -> None:
    found = next((Path(sys.prefix) / "engines").glob("lib/python*/site-packages"))
    site.addsitedir(str(found))


if __name__ == "__main__":
    main()
