"""The connections to DuckDB."""

import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

import duckdb
import pytest

from audit.dataset.engine import Engine
from audit.errors import QueryError

CORES = 64


@pytest.mark.parametrize(("memory", "threads"), [("64MB", 2), ("300MB", 3), ("1200MB", 12), ("8GB", CORES)])
def test_only_as_many_cores_work_as_have_memory(memory: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = duckdb.connect

    def on_many_cores(database: str, config: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        return connect(database, config={**config, "threads": str(CORES)})

    monkeypatch.setattr(duckdb, "connect", on_many_cores)
    with Engine([], memory=memory) as engine:
        assert engine.select("select current_setting('threads') as threads").to_pylist() == [{"threads": threads}]


def to_the_main_thread() -> None:
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def beside_the_main_thread() -> None:
    """Wakes nothing: as a signal does that comes in the instant before the main thread sleeps."""
    while sys._current_frames()[threading.main_thread().ident or 0].f_code.co_filename != threading.__file__:
        pass
    signal.raise_signal(signal.SIGINT)


class Connection:
    """DuckDB's connection, on which a statement begins only after an interrupt has come, and so was lost."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, send: Callable[[], None] = to_the_main_thread) -> None:
        self._connection = connection
        self._send = send
        self._is_interrupted = threading.Event()
        self.interrupts = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def interrupt(self) -> None:
        self.interrupts += 1
        self._connection.interrupt()
        self._is_interrupted.set()

    def sql(self, sql: str, params: object) -> duckdb.DuckDBPyRelation:
        self._send()
        assert self._is_interrupted.wait(300)
        return self._connection.sql(sql, params=params)


@pytest.mark.parametrize("send", [to_the_main_thread, beside_the_main_thread])
def test_an_interrupt_before_the_statement_begins_is_not_lost(
    send: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Engine([]) as engine:
        connection = Connection(engine._connection, send)
        monkeypatch.setattr(engine, "_connection", connection)
        with pytest.raises(KeyboardInterrupt):
            engine.select("select count(*) from range(200000) a, range(20000) b where a.range * b.range % 7 = 1")
        assert connection.interrupts > 1
        monkeypatch.undo()
        assert engine.select("select 1 as a").to_pylist() == [{"a": 1}]


@pytest.mark.parametrize("hit", ["begin transaction read only", "rollback"])
def test_an_interrupt_around_a_statement_does_not_end_all_later_ones(hit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Connection:
        """DuckDB's connection, where an interrupt hits the first ``hit``: the transaction stays open."""

        left: ClassVar = [hit]

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def execute(self, sql: str, parameters: object = None) -> duckdb.DuckDBPyConnection:
            if sql not in self.left:
                return real.execute(sql, parameters)
            self.left.remove(sql)
            if sql != "rollback":
                real.execute(sql)
            raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

    with Engine([]) as engine:
        real = engine._connection
        monkeypatch.setattr(engine, "_connection", Connection())
        with suppress(QueryError):
            engine.select("select 1 as a")
        assert Connection.left == []
        assert engine.select("select 1 as a").to_pylist() == [{"a": 1}]
