"""Runs queries: defines a dataset's tables and views in an engine, each when it is first needed, then asks."""

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Final

import pyarrow as pa

from audit.dataset.engine import Engine, identifier, literal
from audit.queries.catalog import Catalog, Group, Query
from audit.queries.environments import Environment
from audit.queries.environments.relations import NAMES as ENVIRONMENT_NAMES
from audit.queries.environments.relations import relations as environment_relations
from audit.queries.functions import FUNCTIONS
from audit.queries.lasting import as_it_is, stored
from audit.queries.macros import Spelling, define_formula, define_macro, inlined
from audit.queries.parameters import complete
from audit.queries.pins import LENT

# The schema of the dataset's own tables, also of those that a view of the same name replaces.
TABLES_SCHEMA: Final = "dataset"

# SQL with one of these words may list all relations; a `desc` that stands behind an expression is one of `order by`.
_LISTING: Final = re.compile(
    r"""\b(information_schema|describe|(?<![\w)\]"'] )desc|show|summarize|(duckdb|pg|pragma|sqlite)_\w+)\b""",
    re.IGNORECASE,
)
# A comment, as the files in queries/ have it; what it names is not read.
_COMMENT: Final = re.compile(r"(?<!\S)-- .*")


@dataclass(frozen=True, slots=True)
class Relation:
    """A table of the dataset: its schema, and its Parquet files, or the ``rows`` themselves (neither: it is empty)."""

    name: str
    files: Sequence[Path]
    schema: pa.Schema
    rows: pa.Table | None = None


class Relations:
    """What SQL can read in one engine: nothing is defined, read or computed before something needs it.

    ``dataset.NAME`` is a table of the dataset, ``NAME`` that table where no view replaces it, or a view. Beside them
    are the environments, as ``environments``, ``interpreter_ranks`` and ``platform_ranks``, and what callers lend
    (`LENT`).
    """

    def __init__(
        self,
        engine: Engine,
        tables: Iterable[Relation],
        catalog: Catalog,
        environments: Callable[[], Sequence[Environment]] = tuple,
        *,
        is_copy: bool = False,
        spelling: Spelling | None = None,
        projects: Sequence[str] | None = None,
    ) -> None:
        """Makes the schema of the tables, and nothing more yet.

        ``is_copy`` makes tables with the rows, not views that read them from the Parquet files. ``spelling`` is
        for a file that others open: views and macros are stored in it as `audit.queries.lasting` says. ``projects``
        are normalized names: only their rows are there, in tables of their own.

        Raises:
            QueryError: DuckDB cannot.
        """
        self._engine = engine
        self._catalog = catalog
        self._environments = environments
        self._is_copy = is_copy or projects is not None
        self._spelling = spelling
        self._filter = "" if projects is None else _only(projects)
        lent = [Relation(name, (), schema) for name, schema in LENT.items()]
        self._tables = {table.name: table for table in [*tables, *lent]}
        self.names: Final = {*self._tables, *ENVIRONMENT_NAMES, *catalog.views}
        self._defined = set[str]()  # views
        self._offered = set[str]()
        self._computed = set[str]()  # shared views whose rows are computed
        self._made = set[str]()  # tables and environments
        self._copied = set[str]()  # tables whose rows are copied
        engine.run(f"create schema {TABLES_SCHEMA}")

    def define_all(self) -> None:
        """Defines every table and every view; of lent relations, only those that a view reads.

        Raises:
            QueryError: DuckDB cannot read a file or refuses a view.
        """
        self.define_tables({*self._tables, *ENVIRONMENT_NAMES} - LENT.keys())
        for view in self._catalog.views.values():
            self._define(view)

    def define_tables(self, names: Iterable[str]) -> None:
        """Defines the tables among ``names``, and the environments.

        Raises:
            QueryError: DuckDB cannot read a file.
        """
        named = set(names) - self._made
        for name in [name for name in self._tables if name in named]:
            self._make(self._tables[name])
        if not named.isdisjoint(ENVIRONMENT_NAMES):
            for name, rows in environment_relations(self._environments()).items():
                self._hold(name, f"from {self._registered(name, rows)}")

    def share(self, query: Query) -> None:
        """Prepares what ``query`` reads: its shared views are computed, once in the life of this object.

        If the query is a view, it is defined too.

        Raises:
            QueryError: DuckDB cannot read a file, or refuses a view.
        """
        self.define_tables(_named_by(query))
        # Only Python can fill the last column of a view with a function, so such a view is computed when it is asked.
        own = [query] if query.header.function else []
        for view in [*self._read_now(query), *own]:
            if view.header.is_shared:
                self._compute(view)
            else:
                self._define(view)
        if query.group is Group.VIEWS and not own:
            self._define(query)

    def is_ready(self, query: Query) -> bool:
        """Whether ``query`` can be answered without computing a shared view first."""
        own = [query] if query.header.function else []
        read = [*self._read_now(query), *own]
        return all(view.name in self._computed for view in read if view.header.is_shared)

    def keep_for(self, queries: Iterable[Query]) -> None:
        """Drops the rows of each shared view that none of these queries needs; what needs it later computes it again.

        A query does not need what only went into views whose rows are there. Lent rows stay: nothing computes them.

        Raises:
            QueryError: DuckDB cannot.
        """
        for name in self._computed - self._copied - self._catalog.read_by(queries, self._lacks_rows):
            self._engine.run(f"drop view {identifier(name)}")
            self._engine.run(f"drop table {_of_dataset(name)}")
            self._computed.discard(name)
            self._defined.discard(name)

    def _read_now(self, query: Query) -> list[Query]:
        """The views that a query reads, also those that these read, unless their rows are computed already."""
        return _needed(query, self._catalog, self._lacks_rows)

    def _lacks_rows(self, view: Query) -> bool:
        return view.name not in self._computed

    def offer(self, query: Query) -> None:
        """Makes a query a relation: ``from late_files()``, with its parameters as `signature` names them.

        Raises:
            QueryError: DuckDB refuses it.
        """
        if query.name not in self._offered:
            self._define_macro(query)
            self._offered.add(query.name)

    def offer_named(self, sql: str) -> None:
        """Prepares every relation whose name occurs in ``sql``; all relations, if the SQL may list them.

        Flags and statistics become relations; the shared views that views need are computed.

        Raises:
            QueryError: DuckDB cannot read a file, or refuses a view.
        """
        if _LISTING.search(sql):
            self.define_all()
        named = _words(sql)
        self.define_tables(named)
        for query in self._catalog.group(Group.VIEWS, Group.FLAGS, Group.STATISTICS):
            if query.name in named:
                self.share(query)
                if query.group is not Group.VIEWS:
                    self.offer(query)

    def answer(self, query: Query, given: Mapping[str, object]) -> pa.Table:
        """The rows of ``query`` with ``given`` parameters, defaults for the rest, in the order of its header.

        Raises:
            UsageError: a parameter does not fit.
            QueryError: DuckDB cannot read a file, or refuses the query.
        """
        self.share(query)
        sql = f"from {identifier(query.name)}" if query.header.function else query.sql
        return self._engine.select(sql, complete(query, given))

    def lend(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Gives the relation ``name`` these rows, also where it is a table or a shared view.

        What was computed from earlier rows is computed again when it is needed.

        Raises:
            QueryError: DuckDB cannot store them.
        """
        self._hold(name, f"from {self._registered(name, rows)}")
        self._copied.add(name)
        if name in self._catalog.views and name not in self._tables:
            self._computed.add(name)
        for view in self._catalog.views.values():
            read = {word for each in [view, *_needed(view, self._catalog)] for word in _named_by(each)}
            if name in read and view.header.is_shared:
                self._computed.discard(view.name)

    @property
    def computed(self) -> list[str]:
        """The shared views whose rows are computed, each after those that it reads."""
        return [name for name in self._catalog.views if name in self._computed]

    def holds(self, name: str) -> bool:
        """Whether ``dataset.NAME`` is a table with its own rows; otherwise it is a view that reads files."""
        return name in self._copied

    def _make(self, table: Relation) -> None:
        if self._is_copy or not table.files:
            held = table.schema.empty_table() if table.rows is None else table.rows
            rows = _parquet(table.files) if table.files else self._registered(table.name, held)
            self._hold(table.name, f"from {rows}{self._kept(table)}")
            self._copied.add(table.name)
        else:
            rows = _parquet(table.files)
            self._engine.run(f"create or replace view {_of_dataset(table.name)} as from {rows}{self._none_of(rows)}")
            self._stand(table.name)

    def _kept(self, table: Relation) -> str:
        """The SQL condition for a slice's table: rows of its projects or their files; none if about all of it."""
        if not self._filter or not (table.files or table.rows is not None):
            return ""
        if "project" in table.schema.names:
            return self._filter
        if "filename" not in table.schema.names:
            return " where false"
        self.define_tables(["files"])
        return f" where filename in (select filename from {_of_dataset('files')})"  # noqa: S608 - a quoted name

    def _hold(self, name: str, sql: str) -> None:
        self._engine.run(f"create or replace table {_of_dataset(name)} as {sql}")
        self._stand(name, self._none_of(_of_dataset(name)))

    def _stand(self, name: str, condition: str = "") -> None:
        """Lets ``NAME`` read ``dataset.NAME``, unless a view of this name replaces that table."""
        if name not in self._tables or name not in self._catalog.views:
            self._engine.run(f"create or replace view {identifier(name)} as from {_of_dataset(name)}{condition}")
        self._made.add(name)

    def _none_of(self, rows: str) -> str:
        """The end of a view of ``rows`` that are none: DuckDB then plans nothing that is joined with them."""
        if self._is_copy or self._engine.table(f"select 1 from {rows} limit 1").num_rows:  # noqa: S608 - quoted names
            return ""
        return " where false"

    def _registered(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> str:
        """SQL for the program's own rows: only this connection has them, but what is made from them may outlive it."""
        self._engine.register(f"given_{name}", rows)
        return identifier(f"given_{name}")

    def _define(self, view: Query) -> None:
        """Defines a view; one with parameters is a table macro, and also a view if it is shared."""
        if view.name in self._defined:
            return
        self.define_tables(_named_by(view))
        if view.header.parameters:
            self._define_macro(view)
        if view.header.is_formula:
            define_formula(self._engine, view, self._catalog.views)
        if (view.header.is_shared or not view.header.parameters) and view.name not in self._computed:
            sql = self._stored(view) if self._spelling and not view.header.parameters else _with_defaults(view)
            self._engine.run(f"create or replace view {identifier(view.name)} as {sql}")
        self._defined.add(view.name)

    def _define_macro(self, query: Query) -> None:
        define_macro(self._engine, query, self._stored(query), self._spelling or as_it_is)

    def _stored(self, query: Query) -> str:
        if self._spelling is None:
            return inlined(query, self.names)
        return stored(query, self._catalog, self.names, self._spelling)

    def _compute(self, view: Query) -> None:
        """Computes a shared view's rows. What it reads must be defined already."""
        if view.name in self._computed:
            return
        self.define_tables(_named_by(view))
        if view.header.parameters:
            self._define(view)
        self._hold(view.name, self._rows_of(view))
        self._computed.add(view.name)

    def _rows_of(self, view: Query) -> str:
        """SQL for the rows of a shared view, with the last column already filled if a function does that."""
        if view.header.function is None:
            return _with_defaults(view)
        rows = self._engine.select(view.sql)
        filled, function = rows.column_names[-1], FUNCTIONS[view.header.function]
        values = map(function, *(rows[name].to_pylist() for name in signature(function).parameters))
        at = rows.column_names.index(filled)
        held = rows.set_column(at, filled, pa.array(values, rows.schema.types[at]))
        self._engine.register(f"filled_{view.name}", held)
        return f"from {identifier(f'filled_{view.name}')}"


def _of_dataset(name: str) -> str:
    return f"{TABLES_SCHEMA}.{identifier(name)}"


def _parquet(files: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(path)) for path in files)}])"


def _only(projects: Sequence[str]) -> str:
    """The rows of these projects: with a list in the SQL, DuckDB skips row groups by their statistics."""
    return f" where project in ({', '.join(map(literal, projects))})" if projects else " where false"


@functools.lru_cache(256)
def _words(sql: str) -> Set[str]:
    return set(re.findall(r"\w+", sql.lower()))


def _named_by(query: Query) -> Set[str]:
    """The words of a query, among them all that it reads."""
    return _words(_COMMENT.sub("", query.body))


def _with_defaults(view: Query) -> str:
    """SQL for the rows of a view, with the defaults of its parameters if it has any."""
    return f"from {identifier(view.name)}()" if view.header.parameters else view.sql


def _needed(query: Query, catalog: Catalog, through: Callable[[Query], bool] = lambda _: True) -> list[Query]:
    """The views that a query reads, also through views that ``through`` admits, each after those that it reads."""
    names = catalog.read_by([query], through)
    return [view for view in catalog.views.values() if view.name in names]
