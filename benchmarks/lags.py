"""The lag of each release, last upload less first, by this program or by pandas.

python -m benchmarks.lags engine|pandas DATASET
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc

from audit.dataset.dataset import Dataset
from audit.dataset.engine import Engine, literal

_FROM_PARQUET = """
    select project, version, epoch_us(last_uploaded_at) - epoch_us(first_uploaded_at) as lag_us from releases
"""
_FROM_MEMORY = """
    select release_number, epoch_us(max(uploaded_at)) - epoch_us(min(uploaded_at)) as lag_us
    from files
    group by release_number
"""

Measured = dict[str, object]


def with_engine(dataset: Path) -> Measured:
    """Through the dataset's own view, names and all; then the group-by of a table in DuckDB's memory."""
    with Dataset(dataset) as opened:
        began = time.perf_counter()
        lags = opened.sql(_FROM_PARQUET).arrow()["lag_us"]
        seconds = time.perf_counter() - began
    file = (dataset / "files.parquet").resolve()
    with Engine([file.parent]) as engine:
        engine.run(f"create view given as from read_parquet({literal(str(file))})")
        engine.run("create table files as select release_number, uploaded_at from given")
        began = time.perf_counter()
        engine.select(_FROM_MEMORY)
        return {
            "seconds": seconds,
            "group_seconds": time.perf_counter() - began,
            "answer": pc.sum(lags).as_py(),
        }


def with_pandas(dataset: Path) -> Measured:
    """Read the three columns, then group by project and version; beside it, by the dataset's number of the release."""
    began = time.perf_counter()
    files = pd.read_parquet(dataset / "files.parquet", columns=["project", "version", "uploaded_at"])
    read = time.perf_counter()
    lags = _spans(files, ["project", "version"])
    grouped = time.perf_counter()
    numbered = pd.read_parquet(dataset / "files.parquet", columns=["release_number", "uploaded_at"])
    numbered_read = time.perf_counter()
    _spans(numbered, ["release_number"])
    return {
        "seconds": grouped - began,
        "group_seconds": grouped - read,
        "by_number_seconds": time.perf_counter() - numbered_read,
        "answer": int((lags // pd.Timedelta(microseconds=1)).sum()),
    }


def _spans(files: pd.DataFrame, by: list[str]) -> "pd.Series[pd.Timedelta]":
    ends = files.groupby(by)["uploaded_at"].agg(["min", "max"])
    return ends["max"] - ends["min"]


def main() -> None:
    """Says, as JSON, how long it took and what all lags come to, in microseconds."""
    name, dataset = sys.argv[1:]
    print(json.dumps({"engine": with_engine, "pandas": with_pandas}[name](Path(dataset))))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
