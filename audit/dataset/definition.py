"""What a query promises, for use from Python."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import msgspec
import pyarrow as pa

from audit.dataset.answer import Answer
from audit.dataset.schema import TABLES
from audit.dataset.table import COUNT, FLAG, TEXT, TIME
from audit.queries.catalog import Catalog, Query
from audit.queries.header import Parameter

# The tables' types as SQL and the headers spell them.
_IN_SQL = {TEXT: "VARCHAR", COUNT: "BIGINT", FLAG: "BOOLEAN", TIME: "TIMESTAMP WITH TIME ZONE"}
_LISTED = pa.schema([(name, pa.string()) for name in ("name", "group", "question", "parameters")])
_PARAMETERS = pa.schema([(name, pa.string()) for name in ("parameter", "type", "unit", "default", "meaning")])
_COLUMNS = pa.schema([(name, pa.string()) for name in ("column", "type", "unit", "meaning")])


@dataclass(frozen=True, slots=True, repr=False)
class Definition:
    """What the query ``name`` promises: the header of its .sql file, and the SQL itself.

    ``parameters`` has a row for each (parameter, type, unit, default, meaning), ``columns`` one for each column of the
    answer (column, type, unit, meaning). A notebook shows all but the SQL.
    """

    name: str
    group: str
    question: str
    grain: str
    order: str
    source: str
    caveat: str
    parameters: Answer
    columns: Answer
    sql: str

    def __repr__(self) -> str:
        return f"<Definition {self.name}: {self.question}>"

    def _repr_html_(self) -> str:
        """The definition as a notebook shows it."""
        from audit.page.html import answer  # noqa: PLC0415 - only a notebook needs Jinja

        facts = {
            "name": f"{self.name} (one of the {self.group})",
            "a row is": self.grain,
            "order": self.order,
            "source": self.source,
            "caveat": self.caveat,
        }
        tables = [part.arrow() for part in (self.parameters, self.columns) if len(part)]
        return answer.render_definition(self.question, facts, tables)


def definition_of(query: Query, catalog: Catalog) -> Definition:
    """What ``query`` promises, with the columns that it has from the table or view that it extends."""
    header = query.header
    return Definition(
        name=query.title,
        group=str(query.group),
        question=header.question,
        grain=header.grain,
        order=header.order,
        source=header.source,
        caveat=header.caveat,
        parameters=_answer([_parameter(name, parameter) for name, parameter in header.parameters.items()], _PARAMETERS),
        columns=_answer(_columns(query, catalog), _COLUMNS),
        sql=query.sql,
    )


def with_caveat(query: Query, caveat: str) -> Query:
    """The query, with ``caveat`` before its own caveat."""
    return replace(query, header=msgspec.structs.replace(query.header, caveat=f"{caveat} {query.header.caveat}"))


def listed(queries: Iterable[Query]) -> Answer:
    """A row for each query: name, group, question, and its parameters with their defaults."""
    rows: list[dict[str, str | None]] = [
        {
            "name": query.title,
            "group": str(query.group),
            "question": query.header.question,
            "parameters": ", ".join(
                f"{name}={_default(parameter)}" for name, parameter in query.header.parameters.items()
            ),
        }
        for query in queries
    ]
    return _answer(rows, _LISTED)


def _answer(rows: Iterable[dict[str, str | None]], schema: pa.Schema) -> Answer:
    return Answer(pa.Table.from_pylist(list(rows), schema))


def _parameter(name: str, parameter: Parameter) -> dict[str, str | None]:
    return {
        "parameter": name,
        "type": parameter.type,
        "unit": parameter.unit,
        "default": _default(parameter),
        "meaning": parameter.promise,
    }


def _default(parameter: Parameter) -> str:
    """The default as Python writes it."""
    return repr(parameter.default)


def _columns(query: Query, catalog: Catalog) -> Iterator[dict[str, str | None]]:
    extended = query.header.extends
    for table in TABLES:
        if table.name == extended:
            yield from (_column(each.name, _IN_SQL[each.type], each.unit, each.meaning) for each in table.columns)
    if extended and extended in catalog.views and extended != query.name:
        yield from _columns(catalog.views[extended], catalog)
    for name, column in query.header.columns.items():
        yield _column(name, column.type, column.unit, column.promise)


def _column(name: str, type_: str, unit: str | None, meaning: str) -> dict[str, str | None]:
    return {"column": name, "type": type_, "unit": unit, "meaning": meaning}
