"""Questions to another engine than DuckDB: the same answers, where the data already is."""

from collections.abc import Mapping
from typing import Protocol, Self

import pyarrow as pa

from audit.dataset.answer import Answer
from audit.dataset.definition import Definition, definition_of, listed
from audit.errors import UsageError
from audit.masking import masked
from audit.portable.answered import fitted
from audit.portable.clickhouse import SCHEMES, ClickHouse
from audit.portable.dialects import TESTED, Dialect
from audit.portable.places import places_of
from audit.portable.sources import TableSource, named_source
from audit.portable.spark import Spark
from audit.portable.text import statement
from audit.queries.catalog import Group, Query, load
from audit.queries.parameters import complete
from audit.urls import URL, parsed

_SOURCE = "source"


class OtherEngine(Protocol):
    """What runs a statement of its dialect."""

    @property
    def dialect(self) -> Dialect:
        """The dialect that it speaks."""
        ...

    def rows(self, sql: str) -> pa.Table:
        """The rows of one statement."""
        ...

    def close(self) -> None:
        """Closes what was opened for it."""
        ...


class Elsewhere:
    """The portable queries of a dataset, asked of another engine; close it, or use it in a ``with`` block."""

    def __init__(self, dataset: str, engine: str) -> None:
        """``engine`` is ``spark`` (or the address of its master) or ``clickhouse://USER:PASSWORD@HOST:PORT/DATABASE``.

        ``?source=projects`` or ``?source=distribution_metadata`` behind ClickHouse's address asks that public table.
        ``dataset`` is a folder or an ``s3://`` address; instead of a folder ClickHouse reads tables of its database.

        Raises:
            UsageError: no such engine is known, or the address does not fit.
            ExtraError: the library for it is not installed.
            EngineError: the engine refuses, or cannot be reached.
            DatasetError: there is no dataset in the folder.
        """
        address = _parsed(engine)
        self.source = named_source(address.query.get(_SOURCE))
        self.address = masked(engine)
        self._engine: OtherEngine = _opened(engine)
        is_public = self.source is not TableSource.DATASET
        try:
            self._places = None if is_public else places_of(dataset, self._engine.dialect)
        except Exception:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the engine."""
        self._engine.close()

    def query(self, name: str, /, **parameters: object) -> Answer:
        """The answer of a portable query by name, with its defaults: as `audit.dataset.dataset.Dataset.query` gives it.

        Raises:
            UsageError: there is no such query, a parameter does not fit, or the source does not have what it reads.
            QueryError: the query is not portable.
            EngineError: the engine refuses it.
        """
        query = load().find(name)
        sql = self.statement(query, parameters)
        given = {key: value for key, value in complete(query, parameters).items() if value is not None}
        return Answer(fitted(self._engine.rows(sql), query), query.title, query.header, given)

    def statement(self, query: Query, parameters: Mapping[str, object]) -> str:
        """The SQL that is sent to the engine."""
        if self._places is None:
            return statement(query, parameters, self._engine.dialect, self.source)
        return statement(query, parameters, self._engine.dialect, self.source, self._places)

    @staticmethod
    def queries() -> Answer:
        """The queries that can be asked: see `audit.dataset.dataset.Dataset.queries`."""
        return listed(query for query in load().group(Group.FLAGS, Group.STATISTICS) if query.header.portable)

    @staticmethod
    def definition(name: str) -> Definition:
        """What a query promises: see `audit.dataset.dataset.Dataset.definition`."""
        return definition_of(load().find(name), load())


def _opened(engine: str) -> OtherEngine:
    address = _parsed(engine)
    if address.scheme in SCHEMES:
        return ClickHouse(address)
    return Spark(None if engine == Dialect.SPARK else engine)


def _parsed(engine: str) -> URL:
    try:
        address = parsed(engine)
    except ValueError:  # its message may contain a piece of a password
        raise UsageError(f"--engine {masked(engine)} is not an address") from None
    if engine != Dialect.SPARK and address.scheme not in {*SCHEMES, "spark"}:
        known = ", ".join(TESTED)
        raise UsageError(
            f"no engine {masked(engine)!r}: queries are tested on {known}: give spark, or clickhouse://HOST/DATABASE"
        )
    return address
