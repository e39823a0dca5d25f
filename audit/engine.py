"""The only user of DuckDB: connections that mean the same on every machine.

UTC whatever the machine's zone, no extension fetched from anywhere, no file read outside the folders named.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar

import duckdb
import pyarrow as pa

from audit.errors import QueryError

Parameters = Mapping[str, object]
T = TypeVar("T")

_HINTS = ("Did you mean", "Candidate bindings")

# Statements that only read: everything else (copy, attach, set, create, ...) is refused by `select`.
_READING = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})
# Files are written so that DuckDB 1.2 and what is built on it read them too.
_STORAGE_VERSION = "v1.2.0"
# Each thread holds what cannot be spilled, and many of them would leave no memory for the work: with 37 threads and
# 1,200 MB, picks in 17 million files were seen to fail; with 12 they take no longer than with 2.
_BYTES_OF_A_THREAD = 100_000_000


class Engine:
    """A DuckDB connection, in memory unless told: SQL in, Arrow out. Close it, or use it in a ``with`` block."""

    def __init__(
        self,
        readable: Sequence[Path],
        *,
        database: Path | None = None,
        spill: Path | None = None,
        memory: str | None = None,
    ) -> None:
        """Opens a connection that reads only below the ``readable`` folders.

        ``database`` is a DuckDB file to make. ``spill`` is a folder for what does not fit into ``memory`` (such as
        ``2GB``; None: DuckDB's default). Of many cores, only as many work as have memory enough, but two.

        Raises:
            QueryError: DuckDB cannot make the database.
        """
        config: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(spill or ""),
            "storage_compatibility_version": _STORAGE_VERSION,
        }
        if memory:
            config["memory_limit"] = memory
        try:
            self._connection = duckdb.connect(str(database.absolute()) if database else ":memory:", config=config)
        except duckdb.Error as error:
            raise QueryError(_one_line(error)) from error
        folders = [f"{folder.resolve()}/" for folder in (*readable, *([spill] if spill else []))]
        self.run("set TimeZone = 'UTC'")
        if memory:
            most = f"greatest(2, parse_formatted_bytes({literal(memory)}) // {_BYTES_OF_A_THREAD})"
            self.run(f"set threads = least(current_setting('threads'), {most})")
        self.run("set python_enable_replacements = false")  # a name in SQL is never a Python variable
        self.run(f"set allowed_directories = [{', '.join(map(literal, folders))}]")
        self.run("set enable_external_access = false")
        self.run("set lock_configuration = true")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; a second call does nothing."""
        self._connection.close()

    def register(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Makes Arrow rows a relation; a reader can be read once."""
        self._connection.register(name, rows)

    def run(self, sql: str, parameters: Parameters | None = None) -> None:
        """Runs one of the program's own statements to its end.

        Raises:
            QueryError: DuckDB refuses it.
        """
        try:
            self._until_interrupted(lambda: self._connection.execute(sql, parameters or None))
            self._connection.complete()
        except duckdb.Error as error:
            raise QueryError(_one_line(error)) from error

    def select(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """The rows of one reading statement, in the statement's order; microseconds and UTC throughout.

        Raises:
            QueryError: it is not one statement, does not only read, or DuckDB refuses it.
        """
        try:
            statements = self._connection.extract_statements(sql)
            if len(statements) != 1:
                raise QueryError(f"expected one SQL statement, got {len(statements)}: separate calls run one each")
            if statements[0].type not in _READING:
                raise QueryError(f"a {statements[0].type.name} statement is refused: a dataset is only read here")
            return self._until_interrupted(
                lambda: self._connection.sql(sql, params=parameters or None).to_arrow_table()
            )
        except duckdb.Error as error:
            raise QueryError(_one_line(error)) from error

    def _until_interrupted(self, work: Callable[[], T]) -> T:
        """What ``work`` gives; Ctrl-C, or a signal that ends the process, ends it.

        DuckDB itself would not look up before it has finished.
        """
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(work)
            try:
                return future.result()
            except (KeyboardInterrupt, SystemExit):
                self._connection.interrupt()
                raise

    def statements(self, sql: str) -> list[str]:
        """The statements in ``sql``, each to be given to `select`.

        Raises:
            QueryError: DuckDB cannot parse it.
        """
        try:
            return [statement.query.strip() for statement in self._connection.extract_statements(sql)]
        except duckdb.Error as error:
            raise QueryError(_one_line(error)) from error

    def stream(self, sql: str, parameters: Parameters | None, batch_rows: int) -> pa.RecordBatchReader:
        """The rows of one of the program's own queries, ``batch_rows`` at a time; end it before the next statement."""
        try:
            return self._connection.sql(sql, params=parameters or None).to_arrow_reader(batch_rows)
        except duckdb.Error as error:
            raise QueryError(_one_line(error)) from error

    def parameters_of(self, sql: str) -> set[str]:
        """The names of the ``$parameters`` that one statement takes."""
        return set(self._connection.extract_statements(sql)[0].named_parameters)


def memory_for(rows: int) -> str:
    """A bound of DuckDB's memory that keeps work on few rows small; what does not fit is spilled."""
    return f"{64 + rows * 64 // 1_000_000}MB"


def literal(text: str) -> str:
    """``text`` as a SQL string literal, inert whatever it holds."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """``name`` as a SQL identifier, inert whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def _one_line(error: Exception) -> str:
    """What DuckDB says, with the names that it thinks were meant.

    What follows in its message points into SQL that the user may not have written.
    """
    said, *more = str(error).strip().split("\n", 2)
    return f"{said} {more[0]}" if more and more[0].startswith(_HINTS) else said
