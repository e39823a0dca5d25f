"""The connections to DuckDB."""

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from audit.engine import Engine

CORES = 64


@pytest.mark.parametrize(("memory", "threads"), [("64MB", 2), ("300MB", 3), ("1200MB", 12), ("8GB", CORES)])
def test_only_as_many_cores_work_as_have_memory(memory: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = duckdb.connect

    def on_many_cores(database: str, config: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        return connect(database, config={**config, "threads": str(CORES)})

    monkeypatch.setattr(duckdb, "connect", on_many_cores)
    with Engine([], memory=memory) as engine:
        assert engine.select("select current_setting('threads') as threads").to_pylist() == [{"threads": threads}]
