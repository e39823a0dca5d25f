"""The connections to DuckDB."""

import signal
import threading
from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from audit.dataset.engine import Engine

CORES = 64


@pytest.mark.parametrize(("memory", "threads"), [("64MB", 2), ("300MB", 3), ("1200MB", 12), ("8GB", CORES)])
def test_only_as_many_cores_work_as_have_memory(memory: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = duckdb.connect

    def on_many_cores(database: str, config: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        return connect(database, config={**config, "threads": str(CORES)})

    monkeypatch.setattr(duckdb, "connect", on_many_cores)
    with Engine([], memory=memory) as engine:
        assert engine.select("select current_setting('threads') as threads").to_pylist() == [{"threads": threads}]


class Connection:
    """DuckDB's connection, on which a statement begins only after an interrupt has come, and so was lost."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._is_interrupted = threading.Event()
        self.interrupts = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def interrupt(self) -> None:
        self.interrupts += 1
        self._connection.interrupt()
        self._is_interrupted.set()

    def sql(self, sql: str, params: object) -> duckdb.DuckDBPyRelation:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        assert self._is_interrupted.wait(300)
        return self._connection.sql(sql, params=params)


def test_an_interrupt_before_the_statement_begins_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine([]) as engine:
        connection = Connection(engine._connection)
        monkeypatch.setattr(engine, "_connection", connection)
        with pytest.raises(KeyboardInterrupt):
            engine.select("select count(*) from range(200000) a, range(20000) b where a.range * b.range % 7 = 1")
        assert connection.interrupts > 1
        monkeypatch.undo()
        assert engine.select("select 1 as a").to_pylist() == [{"a": 1}]
