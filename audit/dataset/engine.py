"""The only user of DuckDB: connections that behave the same on every machine.

UTC whatever the machine's zone, no extension is downloaded, no file outside the named folders is read.
"""

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import duckdb
import pyarrow as pa

from audit.ending import held_back
from audit.errors import QueryError
from audit.reading import TREE, parts_of_explain, refusal, unproved
from audit.unfit import is_beyond_python, is_unfit

Parameters = Mapping[str, object]
T = TypeVar("T")

_SECONDS_OF_A_WAIT = 0.05
_POINTER = re.compile(r"^LINE (\d+): (.*)\n( *\^+)$", re.MULTILINE)
# The error of a relation has no line in DuckDB's Python package.
_UNPOINTED = (duckdb.BinderException, duckdb.CatalogException)
_COUNT_STAR = "count_star()"  # DuckDB's name for the column of count(*)
_HINTS = ("Did you mean", "Candidate bindings")

_EXPLAIN, _SELECT = duckdb.StatementType.EXPLAIN, duckdb.StatementType.SELECT
_OF_FILES = (duckdb.IOException, duckdb.InvalidInputException, duckdb.PermissionException)
_FUNCTIONS = "select distinct lower(function_name) from duckdb_functions() where internal"
_MULTI = duckdb.StatementType.MULTI  # such as a PIVOT, which makes a type from the values that it finds
# Files are written so that DuckDB 1.2, and programs built on it, can read them too.
_STORAGE_VERSION = "v1.2.0"
# Each thread needs memory that cannot be spilled, and many threads leave none for the work: with 37 threads and
# 1,200 MB, picks in 17 million files were seen to fail; with 12 they take no longer than with 2.
_BYTES_OF_A_THREAD = 100_000_000


class Engine:
    """A DuckDB connection, by default in memory: SQL in, Arrow out. Close it, or use it in a ``with`` block."""

    def __init__(
        self,
        readable: Sequence[Path],
        *,
        database: Path | None = None,
        block_bytes: int | None = None,
        threads: int | None = None,
        spill: Path | None = None,
        memory: str | None = None,
        keeps_order: bool = True,
    ) -> None:
        """Opens a connection that can read only the ``readable`` files, and files below the folders among them.

        ``database`` is a DuckDB file to make, in blocks of ``block_bytes`` (None: DuckDB's default; a file of many
        small tables is smaller with the least, 16,384). ``spill`` is a folder for what does not fit into ``memory``
        (such as ``2GB``; None: DuckDB's default). Uses only as many cores as there is
        enough memory for, but at least two.

        ``keeps_order`` False is for statements that say their order themselves: then a sort of more than ``memory``
        does not keep the order of what it reads as well, which takes more.

        Raises:
            QueryError: DuckDB cannot make the database.
        """
        config: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(spill or ""),
            "storage_compatibility_version": _STORAGE_VERSION,
            "preserve_insertion_order": str(keeps_order).lower(),
        }
        if memory:
            config["memory_limit"] = memory
        if threads:
            config["threads"] = threads
        if block_bytes:
            config["default_block_size"] = block_bytes
        try:
            self._connection = duckdb.connect(str(database.absolute()) if database else ":memory:", config=config)
        except duckdb.Error as error:
            raise QueryError(_one_line(error)) from error
        self._macros = set[str]()
        self._worker = ThreadPoolExecutor(1)  # its thread starts with the first statement
        self._settle(memory)
        self._shut(readable)

    def _settle(self, memory: str | None) -> None:
        """Makes the settings of the session; a limit to memory is one to cores too, of which two are always used."""
        self.run("set TimeZone = 'UTC'")
        with suppress(duckdb.Error):  # in a notebook that cannot show a progress bar this setting is an error
            self._connection.execute("set enable_progress_bar = false")
        if memory:
            most = f"greatest(2, parse_formatted_bytes({literal(memory)}) // {_BYTES_OF_A_THREAD})"
            self.run(f"set threads = least(current_setting('threads'), {most})")
        self.run("set python_enable_replacements = false")  # a name in SQL is never a Python variable

    def _shut(self, readable: Sequence[Path]) -> None:
        """Lets SQL read nothing but these files and folders, and change no setting any more."""
        files = [path for path in readable if not path.is_dir()]
        folders = [f"{path.resolve()}/" for path in readable if path not in files]
        self.run(f"set allowed_directories = [{', '.join(map(literal, folders))}]")
        self.run(f"set allowed_paths = [{', '.join(map(literal, map(str, files)))}]")
        self.run("set enable_external_access = false")
        self.run("set lock_configuration = true")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; a second call does nothing."""
        self._connection.close()
        self._worker.shutdown()

    def register(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Makes Arrow rows a relation; a reader can be read once."""
        self._connection.register(name, rows)

    @contextmanager
    def lent(self, tables: Mapping[str, pa.Table]) -> Iterator[None]:
        """Within the block, each of the Arrow tables is a relation of its name, which nothing else may have.

        Raises:
            QueryError: DuckDB cannot read one.
        """
        try:
            for name, rows in tables.items():
                self._connection.register(name, rows)
            yield
        except (duckdb.Error, pa.ArrowException) as error:
            raise QueryError(_one_line(error)) from error
        finally:
            for name in tables:
                self._connection.unregister(name)

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

    def define_macro(self, name: str, given: str, body: str) -> None:
        """Makes a table macro, which `select` allows; ``given`` are its parameters and their defaults.

        Raises:
            QueryError: DuckDB refuses it.
        """
        self.run(f"create or replace macro {identifier(name)}({given}) as table {body}")
        self._macros.add(name.lower())

    def define_formula(self, name: str, given: str, expression: str) -> None:
        """Makes a macro that is called like a function; ``given`` are its parameters.

        Raises:
            QueryError: DuckDB refuses it.
        """
        self.run(f"create or replace macro {identifier(name)}({given}) as {expression}")

    def select(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """The rows of one statement that only reads, in its order; microseconds and UTC throughout.

        A value that Arrow or Python cannot hold becomes text, as DuckDB writes it, see `audit.unfit`. A column of
        ``count(*)`` without another name is called ``count(*)``.

        Raises:
            QueryError: it is not one statement, does more than read, or DuckDB refuses it.
        """
        try:
            return self._until_interrupted(lambda: self._rows(self._reading(sql), parameters))
        except (duckdb.Error, pa.ArrowException) as error:
            raise QueryError(_one_line(error), _pointer(str(error), sql)) from error

    def table(self, sql: str) -> pa.Table:
        """The rows of one of the program's own queries, which is not checked for only reading.

        Raises:
            QueryError: DuckDB refuses it.
        """
        try:
            return self._until_interrupted(lambda: self._connection.sql(sql).to_arrow_table())
        except (duckdb.Error, pa.ArrowException) as error:
            raise QueryError(_one_line(error)) from error

    def _reading(self, sql: str) -> str:
        """Returns one statement that only reads, in the form in which it must be run.

        Raises:
            QueryError: it is not one statement, or does more than read.
        """
        statements = self._connection.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError(f"expected one SQL statement, got {len(statements)}: separate calls run one each")
        kind, parts = _type_of(statements[0]), parts_of_explain(sql)
        if kind == _EXPLAIN and parts:
            explain, explained = parts
            return f"{explain}\n{self._reading_query(explained)}"
        if kind != _SELECT:
            known = "; PIVOT wants its values named, as in: on kind in ('wheel', 'sdist')" if kind == _MULTI else ""
            name = kind.name if kind else "changing"
            raise _refused(f"{'an' if name[0] in 'AEIOU' else 'a'} {name} statement is refused{known}")
        return self._reading_query(sql)

    def _reading_query(self, sql: str) -> str:
        if [_type_of(statement) for statement in self._connection.extract_statements(sql)] != [_SELECT]:
            raise _refused("EXPLAIN is refused for anything but a query")
        nodes = self._connection.execute(TREE, {"sql": sql}).fetchall()
        if why := refusal(nodes):
            raise _refused(f"the statement is refused, as {why}")
        for name in unproved(nodes, self._macros):
            if name in self._functions:  # otherwise it is misspelled, and DuckDB suggests the right name
                raise _refused(f"{name} is refused, as it may do more than read")
        return sql

    @cached_property
    def _functions(self) -> Set[str]:
        return {name for (name,) in self._connection.execute(_FUNCTIONS).fetchall()}

    def _rows(self, sql: str, parameters: Parameters | None) -> pa.Table:
        with self._changing_nothing():
            answer = self._related(sql, parameters)
            unfit = {place for place, type_ in enumerate(answer.types) if is_unfit(type_)}
            rows = (_as_text(answer, unfit) if unfit else answer).to_arrow_table()
            beyond = {place for place, column in enumerate(rows.columns) if is_beyond_python(column)}
            rows = _as_text(self._connection.from_arrow(rows), beyond).to_arrow_table() if beyond else rows
            return rows.rename_columns([name.replace(_COUNT_STAR, "count(*)") for name in rows.column_names])

    def _related(self, sql: str, parameters: Parameters | None) -> duckdb.DuckDBPyRelation:
        """The statement, which was checked to only read, as a relation; an error names the line."""
        try:
            return self._connection.sql(sql, params=parameters or None)
        except _UNPOINTED as error:
            try:
                self._connection.execute(f"explain\n{sql}", parameters or None)  # only its plan: nothing runs
            except duckdb.Error as pointed:
                found = _POINTER.search(str(pointed))
                if found and _one_line(pointed) == _one_line(error):
                    message = f"{error}\nLINE {int(found[1]) - 1}: {found[2]}\n"
                    raise type(error)(f"{message}{found[3]}") from error
            raise

    @contextmanager
    def _changing_nothing(self) -> Iterator[None]:
        """Within the block DuckDB refuses changes; what it allows nevertheless, such as a temporary view, is undone."""
        try:
            self._connection.execute("begin transaction read only")
            yield
        finally:
            with suppress(duckdb.Error):  # the earlier error is the one to report
                self._roll_back()

    def _roll_back(self) -> None:
        """Ends the transaction, also while interrupts come: without that, DuckDB refuses all later statements."""
        while True:
            with suppress(duckdb.InterruptException):
                self._connection.execute("rollback")
                return

    def _until_interrupted(self, work: Callable[[], T]) -> T:
        """Returns the result of ``work``; Ctrl-C, or a signal that ends the process, ends it.

        DuckDB itself would not react before it has finished.
        """
        future = None
        try:
            with held_back():  # a thread whose start is interrupted would run on without anything waiting for it
                future = self._worker.submit(work)
            # A signal does not always end a wait: it can come in the instant before the thread sleeps, or to another
            # thread. It takes effect when Python runs on: so no wait is long.
            while not future.done():
                wait([future], _SECONDS_OF_A_WAIT)
            return future.result()
        except (KeyboardInterrupt, SystemExit):
            with held_back():
                while future and not future.done():
                    self._connection.interrupt()  # has no effect if the statement has not begun
                    wait([future], _SECONDS_OF_A_WAIT)
            raise

    def statements(self, sql: str) -> list[str]:
        """The statements in ``sql``, each to be given to `select`.

        Raises:
            QueryError: DuckDB cannot parse it.
        """
        try:
            return [statement.query.strip() for statement in self._connection.extract_statements(sql)]
        except duckdb.Error as error:
            raise QueryError(_one_line(error), _pointer(str(error), sql)) from error

    def stream(self, sql: str, parameters: Parameters | None, batch_rows: int) -> pa.RecordBatchReader:
        """The rows of one of the program's own queries, ``batch_rows`` at a time; end it before the next statement."""
        try:
            return self._connection.sql(sql, params=parameters or None).to_arrow_reader(batch_rows)
        except duckdb.Error as error:
            raise QueryError(_one_line(error)) from error

    def batches(self, sql: str, parameters: Parameters | None, batch_rows: int) -> Generator[pa.RecordBatch]:
        """The rows of one of the program's own queries, ``batch_rows`` at a time; Ctrl-C ends it, as with `select`.

        No other statement may run on the connection before the last batch has come, or this is closed.

        Raises:
            QueryError: DuckDB refuses it, or cannot go on.
        """
        try:
            with closing(self._connection.sql(sql, params=parameters or None).to_arrow_reader(batch_rows)) as reader:
                while (batch := self._until_interrupted(lambda: next(reader, None))) is not None:
                    yield batch
        except (duckdb.Error, pa.ArrowException) as error:
            raise QueryError(_one_line(error)) from error

    def parameters_of(self, sql: str) -> set[str]:
        """The names of the ``$parameters`` that one statement takes."""
        return set(self._connection.extract_statements(sql)[0].named_parameters)


def _type_of(statement: duckdb.Statement) -> duckdb.StatementType | None:
    """Its type; None: DuckDB's Python package has no name for it, as for UPDATE EXTENSIONS."""
    try:
        return statement.type
    except ValueError:
        return None


def _refused(what: str) -> QueryError:
    return QueryError(f"{what}: a dataset can only be read here")


def _as_text(rows: duckdb.DuckDBPyRelation, places: Set[int]) -> duckdb.DuckDBPyRelation:
    """The rows with the columns at these positions as text; columns may share a name."""
    casts = dict.fromkeys(places, "::varchar")
    chosen = [f"c{place}{casts.get(place, '')} as {identifier(name)}" for place, name in enumerate(rows.columns)]
    names = ", ".join(f"c{place}" for place in range(len(chosen)))
    renamed = rows.query("unfit_rows", f"from unfit_rows as renamed({names}) select {', '.join(chosen)}")
    return cast("duckdb.DuckDBPyRelation", renamed)  # for a query it is never None


def is_of_a_name(error: QueryError) -> bool:
    """Whether the error is an unknown name of a relation or function."""
    return isinstance(error.__cause__, duckdb.CatalogException)


def suspects(error: QueryError, files: Sequence[Path]) -> Sequence[Path]:
    """The files that may be damaged, by DuckDB's error: those that it names; all, if the error has no kind."""
    cause = error.__cause__
    if type(cause) is duckdb.Error:  # such as errors of its decoder of Parquet's metadata
        return files
    return [file for file in files if str(file) in str(error)] if isinstance(cause, _OF_FILES) else []


def memory_for(rows: int) -> str:
    """A limit of DuckDB's memory that suits so many rows; what does not fit is spilled."""
    return f"{64 + rows * 64 // 1_000_000}MB"


def literal(text: str) -> str:
    """``text`` as a SQL string literal, safe for any text."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """``name`` as a SQL identifier, safe for any text."""
    return '"' + name.replace('"', '""') + '"'


def _pointer(said: str, sql: str) -> str:
    """The place in ``sql`` that DuckDB's message points to; empty: none, or it is in the program's own SQL."""
    if not (found := _POINTER.search(said)):
        return ""
    at, shown, lines = int(found[1]), found[2].removeprefix("...").removesuffix("..."), sql.split("\n")
    return found[0] if at <= len(lines) and shown in lines[at - 1] else ""


def _one_line(error: Exception) -> str:
    """DuckDB's message with the names that it suggests, without the line that it points to."""
    said, *more = str(error).strip().split("\n", 2)
    return f"{said} {more[0]}" if more and more[0].startswith(_HINTS) else said
