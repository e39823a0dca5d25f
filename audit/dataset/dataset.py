"""A dataset to ask: the Python API, and the only way in which the command line reads data."""

import logging
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Final, Self

import pyarrow as pa
from packaging.utils import canonicalize_name

from audit.answers.coverage import counted_by, coverage_note
from audit.answers.deleted import deleted_note
from audit.answers.text import folded
from audit.dataset.answer import Answer
from audit.dataset.definition import Definition, definition_of, listed, with_caveat
from audit.dataset.description import Description, described
from audit.dataset.engine import Engine, identifier, is_of_a_name, suspects
from audit.dataset.fingerprint import LINES, fingerprint
from audit.dataset.held import check_held
from audit.dataset.history import crawl_ids_of, last_asked, programs_of
from audit.dataset.own_tables import own_tables
from audit.dataset.schema import CRAWLS, FILES, TABLES
from audit.dataset.snapshot import check_readable, check_schema, files_of, find_snapshot
from audit.disk.scratch import Scratch, scratch_near
from audit.errors import DatasetError, QueryError, UsageError, hint
from audit.program import version
from audit.queries import catalog, run
from audit.queries.calls import explained
from audit.queries.catalog import Group, Query
from audit.queries.environments import all_and_this
from audit.queries.parameters import complete
from audit.queries.pins import LENT

_LOG = logging.getLogger(__name__)

# Groups in the order of lists: views are last, as the others are made of them.
_ORDER: Final = (*(group for group in Group if group is not Group.VIEWS), Group.VIEWS)

# A slice of more than one project in this many takes longer than the whole.
_MANY: Final = 10
# With this, all statistics of a whole index need less than 2 GB; the process needs some memory beside DuckDB's.
DEFAULT_MEMORY: Final = "1200MB"


class Dataset:
    """One commit of a dataset, read-only; close it, or use it in a ``with`` block.

    A crawl that commits meanwhile does not change what this object reads. Several threads can ask it: they take turns.
    """

    def __init__(
        self,
        path: Path,
        *,
        projects: Iterable[str] | None = None,
        including_deleted: bool = False,
        memory: str = DEFAULT_MEMORY,
    ) -> None:
        """Opens the folder that crawls wrote, or a plain copy of one commit of it.

        ``projects`` makes it a slice: its tables hold the rows of these projects alone, and every answer is as if the
        dataset held no others, except that rows keep their ``file_number`` and ``release_number``, and that
        ``crawl_ids`` lists all crawls. Names may be spelled in any way; a project that the dataset does not know is
        left out. A slice's rows are copied into memory when a question first reads their table: a few hundred projects
        of a whole index take about a second.

        ``including_deleted`` measures every lag from the first known upload, deleted files included, and says so in the
        answer's caveat. Only listed files are counted.

        ``memory`` bounds DuckDB's memory (such as ``8GB``); what does not fit goes to a hidden folder in the dataset
        while it is needed, or to the system's temporary folder if the dataset cannot be written.

        Raises:
            UsageError: ``projects`` is a single text, not several.
            DatasetError: there is no dataset, it is damaged, or its schema is of another version.
        """
        snapshot = find_snapshot(path)
        check_schema(snapshot)
        _LOG.debug("reading %s", snapshot)
        names = None if projects is None else _normalized(projects)
        self._open(path, relations(snapshot), scratch_near(path.resolve()), names, memory, including_deleted)

    @classmethod
    def of_tables(cls, tables: Mapping[str, pa.Table]) -> Self:
        """A dataset in memory: the rows of every table of the schema, by its name, as `first_tables` gives them.

        Its ``path`` is the folder for what does not fit into memory.
        """
        held = [run.Relation(table.name, (), table.schema, tables[table.name]) for table in TABLES]
        scratch, opened = Scratch(Path(tempfile.gettempdir())), cls.__new__(cls)
        opened._open(scratch.path, held, scratch, None, DEFAULT_MEMORY)
        return opened

    def _open(
        self,
        path: Path,
        tables: Sequence[run.Relation],
        scratch: Scratch,
        projects: Sequence[str] | None,
        memory: str,
        including_deleted: bool = False,
    ) -> None:
        self.path = path
        self._turn, self._is_closed = RLock(), False
        self._tables, self._scratch, self._memory = tables, scratch, memory
        self._files = [file for table in tables for file in table.files]
        self._counts_deleted = including_deleted
        self._catalog = catalog.load().including_deleted() if including_deleted else catalog.load()
        self._whole = f"the {'dataset' if projects is None else 'slice of the dataset'} at {path}"
        self._engine, self._relations = self._opened(projects)
        # For the project asked for last. A slice needs none, and lent rows exist only beside the whole dataset.
        self._one: tuple[object, Engine, run.Relations] | None = None
        self._is_divisible = projects is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends reading; a second call does nothing."""
        with self._turn:
            self._is_closed = True
            self._drop_one()
            self._engine.close()
            self._scratch.close()

    def _opened(self, projects: Sequence[str] | None) -> tuple[Engine, run.Relations]:
        engine = Engine(self._files, spill=self._scratch.path, memory=self._memory)
        return engine, run.Relations(engine, self._tables, self._catalog, all_and_this, projects=projects)

    def _drop_one(self) -> None:
        if self._one:
            self._one[1].close()
        self._one = None

    def _answering(self, query: Query, project: object) -> run.Relations:
        """What answers a question: for one project a slice of it, unless all that it needs is computed already."""
        if project is None or not self._is_divisible or self._relations.is_ready(query):
            return self._relations
        if self._one is None or self._one[0] != project:
            self._drop_one()
            self._one = (project, *self._opened([str(project)]))
        return self._one[2]

    @property
    def snapshot(self) -> Path | None:
        """The folder of the commit that is read; None: its tables are in memory."""
        return next((file.parent for table in self._tables if table.name == FILES.name for file in table.files), None)

    @property
    def crawl_ids(self) -> list[str]:
        """The ids of the committed crawls, oldest first; also of those that asked for nothing."""
        crawls = next(table for table in self._tables if table.name == CRAWLS.name)
        held = set[str]() if crawls.rows is None else {*crawls.rows["crawl_id"].to_pylist()}
        return sorted(held.union(*map(crawl_ids_of, crawls.files)))

    @property
    def programs(self) -> dict[str, str]:
        """The version of the program for each committed crawl, oldest first; empty: not recorded."""
        files = [file for table in self._tables if table.name == CRAWLS.name for file in table.files]
        return dict(pair for file in files for pair in programs_of(file).items())

    @property
    def project_count(self) -> int:
        """Projects ever asked for."""
        with self._asking():
            self._relations.define_tables(["projects"])
            return int(self._engine.select("select count(*) as count from projects").column("count")[0].as_py())

    def queries(self, group: str | None = None) -> Answer:
        """All queries: name, group, question and parameters of each, with their defaults.

        ``group`` is flags, statistics, assertions, rules or views; None: all of them.

        Raises:
            UsageError: there is no such group.
        """
        if group is not None and group not in list(Group):
            raise UsageError(f"no group {group!r}: {hint(group, map(str, Group))}")
        return listed(query for each in _ORDER if group in {None, each} for query in self._catalog.group(each))

    def definition(self, name: str) -> Definition:
        """What a query promises, by its name as for `query`: question, caveat, parameters, columns with units, SQL.

        Raises:
            UsageError: there is no such query; says which name is close.
        """
        with self._asking():
            return definition_of(self._promised(self._catalog.find(name), self._relations), self._catalog)

    def query(self, name: str, /, **parameters: object) -> Answer:
        """The answer of a query by name (``late-files`` or ``late_files``), with its defaults.

        Raises:
            UsageError: there is no such query, a parameter does not fit, or the dataset does not know the ``project``,
                or the ``version`` of it: an empty answer would look like a good one. Says which name is close.
            DatasetError: a file of the dataset is damaged.
        """
        query = self._catalog.find(name)
        given = complete(query, parameters)
        with self._asking():
            check_held(self._engine, self._relations, self._whole, given.get("project"), given.get("version"))
            asked = self._answering(query, given.get("project"))
            rows, header = asked.answer(query, parameters), self._promised(query, asked).header
        not_null = {key: value for key, value in given.items() if value is not None}
        _LOG.debug("%s %s: %d rows", query.title, dict(parameters), rows.num_rows)
        return Answer(rows, query.title, header, not_null)

    def one_by_one(self, names: Sequence[str], then: Sequence[str] = ()) -> Iterator[str]:
        """Each name of a query, to be asked before the next one; in less memory than if they were asked without this.

        Queries share some rows, which are computed once and held: before the next name, those are let go that neither
        the names to come need nor the queries ``then`` that are asked after all of them.

        Raises:
            UsageError: there is no such query; says which name is close.
        """
        queries = [self._catalog.find(name) for name in [*names, *then]]
        for place, name in enumerate(names, 1):
            yield name
            with self._asking():
                self._relations.keep_for(queries[place:])

    def deleted_note(self) -> str | None:
        """The sentence on deleted files in this dataset's answers; None: it does not count them."""
        return self._deleted(self._relations) if self._counts_deleted else None

    def _deleted(self, asked: run.Relations) -> str:
        with self._asking():
            return deleted_note(asked.answer(self._catalog.find("deleted_sources"), {}).to_pylist())

    def _promised(self, query: Query, asked: run.Relations) -> Query:
        """The query; if deleted files count in its answer, its caveat says so."""
        counts = self._counts_deleted and self._catalog.counts_deleted(query)
        return with_caveat(query, self._deleted(asked)) if counts else query

    def lacks(self, name: str) -> str | None:
        """What to do before a query, by its name as for `query`, can find anything; None: all that it needs is there.

        Raises:
            UsageError: there is no such query; says which name is close.
        """
        needs = self._catalog.find(name).header.needs
        if needs is None:
            return None
        rows = f"from {run.TABLES_SCHEMA}.{identifier(needs.table)} select 1 limit 1"
        with self._asking():
            self._relations.define_tables([needs.table])
            return None if self._engine.select(rows).num_rows else needs.otherwise

    def lend(self, name: str, rows: pa.Table) -> None:
        """Gives the relation ``name`` these rows, for all later questions: queries read it by its name.

        It exists beside the tables and is empty before that; `audit.queries.pins.LENT` has each with its schema.

        Raises:
            UsageError: there is no such relation, or the rows are not of its schema.
        """
        if name not in LENT:
            raise UsageError(f"the relation {name!r} cannot be lent: {hint(name, LENT)}")
        if not rows.schema.equals(LENT[name]):
            raise UsageError(f"the rows lent as {name} do not have its schema: expected {LENT[name]}")
        with self._asking():
            self._relations.lend(name, rows)
            self._is_divisible = False

    def sql(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        tables: Mapping[str, object] | None = None,
    ) -> Answer:
        """The answer of one reading SQL statement; ``$name`` takes ``parameters``.

        It can read the tables and views, and each flag and statistic by its name: ``from late_files()``. ``tables`` are
        the caller's own rows, by their names in the statement: data frames of pandas or polars, Arrow tables, answers,
        or any other Arrow source.

        Raises:
            UsageError: one of ``tables`` is no table, or has a name that does not fit.
            QueryError: it is not one statement, does more than read, or DuckDB refuses it.
            DatasetError: a file of the dataset is damaged.
        """
        own = own_tables(tables or {})
        try:
            with self._asking(), self._engine.lent(own):
                return Answer(self._selected(text, parameters))
        except QueryError as error:
            columns = {table.name: table.schema.names for table in TABLES}
            columns |= {name: rows.column_names for name, rows in own.items()}
            raise explained(error, text, self._catalog, columns) from error

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Within the block no other thread asks: DuckDB's connection, and what it defines, are for one at a time.

        Raises:
            DatasetError: the dataset is closed, or a damaged file made DuckDB fail, then with the file's name.
        """
        with self._turn:
            if self._is_closed:
                raise DatasetError(
                    f"the dataset at {self.path} is closed: open it again, or ask within its `with` block"
                )
            try:
                yield
            except QueryError as error:
                check_readable(suspects(error, self._files))
                raise

    def statements(self, text: str) -> list[str]:
        """The SQL statements in ``text``, each to be given to `sql`.

        Raises:
            QueryError: DuckDB cannot parse it.
        """
        try:
            return self._engine.statements(text)
        except QueryError as error:
            raise explained(error, text, self._catalog, {}) from error

    def _selected(self, text: str, parameters: Mapping[str, object] | None) -> pa.Table:
        self._relations.offer_named(text)
        try:
            return self._engine.select(text, parameters)
        except QueryError as error:
            if not is_of_a_name(error):
                raise
            self._relations.define_all()  # the name may be made while it runs, and DuckDB says which one is close
            return self._engine.select(text, parameters)

    def check(self) -> list[Answer]:
        """Runs every assertion; returns those that have rows: no answer at all means that all is well."""
        assertions = self._catalog.group(Group.ASSERTIONS)
        return [found for each in assertions if len(found := self.query(each.name))]

    @contextmanager
    def last_written(self) -> Iterator[Self]:
        """The slice of the projects whose rows the last crawl wrote; the whole dataset if these are many or unknown.

        The time of `check` on it depends on the changes that the crawl saw, not on the dataset's size or age.
        Assertions across projects, such as that no two list a file of the same name, are checked among these only.
        """
        crawls = next(table for table in self._tables if table.name == CRAWLS.name)
        asked = last_asked(crawls.files)
        names = sorted(project for project in asked if project is not None)
        if not asked or self.project_count < _MANY * len(names):
            yield self
            return
        part = type(self).__new__(type(self))
        part._open(self.path, self._tables, Scratch(self._scratch.path), names, self._memory, self._counts_deleted)
        with part:
            yield part

    def fingerprint(self) -> str:
        """What the index listed, as 64 hex digits: the same for the same rows, on every machine and through both APIs.

        The SHA-256 of the lines of the view ``fingerprint_lines``, see there; a whole index takes some seconds.

        Raises:
            DatasetError: a file of the dataset is damaged.
        """
        with self._asking():
            self._relations.offer_named(LINES)
            return fingerprint(self._engine.batches)

    def basis(self, *, width: int = 100) -> str:
        """The basis of every number of the dataset, in words: how many projects were asked for, and what is missing.

        It also names the program; quote it beside numbers. Lines of at most ``width`` characters, inert.
        """
        note = coverage_note(self.query("coverage").rows()[0], self.deleted_note())
        return folded(f"{note} {counted_by(version(), self.programs.values())}", width)

    def describe(self) -> Description:
        """What the dataset holds, counted."""
        return described(self.query("totals").rows()[0], self.query("project-outcomes").rows())


def _normalized(projects: Iterable[str]) -> list[str]:
    if isinstance(projects, str):
        raise UsageError(f"the projects of a slice are {projects!r}, one string: give a list of names")
    return sorted({canonicalize_name(name) for name in projects})


def relations(snapshot: Path) -> list[run.Relation]:
    """Every table with its files; the history may have none yet.

    Raises:
        DatasetError: the folder of a history cannot be read.
    """
    return [run.Relation(table.name, files_of(snapshot, table), table.schema) for table in TABLES]
