"""Queries as table macros: SQL calls them like functions, ``from late_files(window_days := 30)``."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from audit.dataset.engine import Engine, literal
from audit.queries.catalog import Query
from audit.queries.formulas import expanded, expression
from audit.queries.header import Parameter

Spelling = Callable[[str], str]

# The schema in which DuckDB puts what is defined without one.
SCHEMA: Final = "main"


def signature(query: Query) -> str:
    """How SQL calls a query or view with parameters: ``late_files(window_days := 14, project_ := null)``.

    A parameter whose name is also a word in the query's SQL, such as a column, gets an underscore at its end: in a
    macro the name would mean both.
    """
    given = ", ".join(f"{name} := {_default(parameter)}" for name, parameter in parameters_in_sql(query).items())
    return f"{query.name}({given})"


def formula_call(formula: Query) -> str:
    """How SQL calls a view that is a formula, as a part of an expression: ``days(n)``."""
    return f"{formula.name}({', '.join(formula.header.parameters)})"


def parameters_in_sql(query: Query) -> dict[str, Parameter]:
    """The parameters of a query by the names that they have in SQL, see `signature`."""
    return {_spelled(query, name): parameter for name, parameter in query.header.parameters.items()}


def define_macro(engine: Engine, query: Query, body: str, spelling: Spelling) -> None:
    """Makes the macro of a query, or of a view with parameters; ``body`` is its SQL, see `inlined`.

    ``spelling`` writes the types of its parameters.

    Raises:
        QueryError: DuckDB refuses it.
    """
    parameters = query.header.parameters
    typed = {name: _default(p) if p.default is not None else f"null::{p.type}" for name, p in parameters.items()}
    given = ", ".join(f"{_spelled(query, name)} := {default}" for name, default in typed.items())
    engine.define_macro(query.name, spelling(given), body)


def define_formula(engine: Engine, formula: Query, views: Mapping[str, Query]) -> None:
    """Makes the macro of a formula that is called like a function.

    Raises:
        QueryError: DuckDB refuses it, or it is no expression.
    """
    given = ", ".join(parameters_in_sql(formula))
    engine.define_formula(formula.name, given, _named(formula, expanded(expression(formula), views)))


def inlined(query: Query, relations: Collection[str]) -> str:
    """The body of a query's macro: its SQL, with the parameters by the names that they have there.

    It reads ``relations`` wherever it is called: DuckDB inserts its text into the caller's, whose CTEs would win
    otherwise.
    """
    return _named(query, qualified(query.body, relations))


def qualified(sql: str, relations: Collection[str]) -> str:
    """SQL of a query with the schema before each of the relations that it reads; none of its CTEs has such a name."""
    names = "|".join(sorted(relations))
    return re.sub(rf"\b(from|join)(\s+)({names})\b(?!\s*[.(])", rf"\1\2{SCHEMA}.\3", sql)


def _named(query: Query, sql: str) -> str:
    """SQL of a query with its parameters by the names that they have in its macro."""
    return re.sub(r"\$(\w+)", lambda found: _spelled(query, found[1]), sql)


def _spelled(query: Query, name: str) -> str:
    return f"{name}_" if re.search(rf"(?<![$\w]){name}\b", query.body) else name


def _default(parameter: Parameter) -> str:
    if parameter.default is None:
        return "null"
    return literal(parameter.default) if isinstance(parameter.default, str) else str(parameter.default).lower()
