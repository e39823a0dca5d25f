"""Explains errors in SQL that names a query: DuckDB knows a query only as one of its macros."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from audit.errors import QueryError, hint
from audit.queries.catalog import Catalog, Group, Query
from audit.queries.macros import formula_call, parameters_in_sql, signature

_NO_RELATION: Final = re.compile(r"Table(?: Function)? with name ([\w-]+) does not exist!")
_WRONG_CALL: Final = re.compile(r"Macro (\w+)\(\) does not support the supplied arguments")
_NO_COLUMN: Final = re.compile(r'Referenced column "(\w+)" not found|have a column named "(\w+)"')
_SYNTAX: Final = re.compile(r'Parser Error: syntax error at or near "-"')
_DASHED: Final = re.compile(r"\b(?:from|join)\s+(\w+(?:-\w+)+)", re.IGNORECASE)
_NAMED: Final = re.compile(r"(\w+)\s*(?::=|=>)")


def explained(error: QueryError, sql: str, catalog: Catalog, tables: Mapping[str, Collection[str]]) -> QueryError:
    """The error of ``sql``: in our words if a query, a view or one of ``tables`` was meant, otherwise unchanged.

    ``tables`` are the names of their columns, by table.
    """
    queries = {query.name: query for query in catalog.group(Group.VIEWS, Group.FLAGS, Group.STATISTICS)}
    said = str(error)
    if found := _NO_RELATION.search(said):
        message = _dashed(found[1], queries) or _not_there(found[1], queries, tables)
    elif (found := _WRONG_CALL.search(said)) and found[1] in queries:
        message = _wrong_call(queries[found[1]], sql)
    elif found := _NO_COLUMN.search(said):
        column = found[1] or found[2]
        message = _equals_sign(column, queries.values(), sql) or _elsewhere(column, said, catalog, tables)
    elif _SYNTAX.search(said) and (typed := _DASHED.search(sql)):
        message = _dashed(typed[1], queries)
    else:
        message = None
    return QueryError(message, error.pointer) if message else error


def _not_there(name: str, queries: dict[str, Query], tables: Iterable[str]) -> str | None:
    called = {table: table for table in tables} | {query.name: _called(query) for query in queries.values()}
    found = name.lower()
    if found not in called:
        close = hint(name, called.values(), "")
        return f"no table, view or query {name!r}: {close}" if close else None
    if called[found] == found:
        return f"{found} is not a function: write from {found}"
    query = queries[found]
    if query.header.is_formula:
        return f"{found} is a formula: write {formula_call(query)} as part of an expression"
    given = f", or with parameters: {signature(query)}" if query.header.parameters else ""
    return f"{found} is called like a function: write from {found}(){given}"


def _called(query: Query) -> str:
    is_plain = query.group is Group.VIEWS and not query.header.parameters
    return query.name if is_plain else f"{query.name}()"


def _wrong_call(query: Query, sql: str) -> str:
    takes = parameters_in_sql(query)
    wrong = [name for name in _NAMED.findall(sql) if name.lower() not in takes]
    if not wrong:
        return f"{query.name} does not take these arguments: it is called as {signature(query)}"
    otherwise = f"it is called as {signature(query)}"
    return f"{query.name} takes no parameter {wrong[0]!r}: {hint(wrong[0], takes, otherwise)}"


def _equals_sign(column: str, queries: Iterable[Query], sql: str) -> str | None:
    for query in queries:
        if re.search(rf"\b{query.name}\s*\([^()]*\b{column}\s*=", sql, re.IGNORECASE):
            return f"{query.name}({column} = ...): a parameter is given with :=, as in {signature(query)}"
    return None


def _elsewhere(column: str, said: str, catalog: Catalog, tables: Mapping[str, Collection[str]]) -> str | None:
    """DuckDB's message, and where there is such a column: in tables and one view, else in one query."""
    name = column.lower()
    relations = [view for view in catalog.views.values() if not view.header.is_formula]
    views = sorted(relations, key=lambda view: view.name not in tables)
    groups = views, catalog.group(Group.FLAGS, Group.STATISTICS)
    of_views, of_queries = ([_called(each) for each in group if name in each.header.columns] for group in groups)
    places = [*(table for table, columns in tables.items() if name in columns), *of_views[:1]] or of_queries[:1]
    return f"{said}; {name} is a column of {', '.join(dict.fromkeys(places))}" if places else None


def _dashed(typed: str, queries: Mapping[str, Query]) -> str | None:
    """A query is named with dashes in commands, with underscores in SQL."""
    query = queries.get(typed.lower().replace("-", "_")) if "-" in typed else None
    return f"in SQL {typed} is {_called(query)}: write from {_called(query)}" if query else None
