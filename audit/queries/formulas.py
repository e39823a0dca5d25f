"""Formulas: views of one expression, which SQL can call like functions wherever an expression is allowed.

``days(14)`` is one. In the engine each is a macro; in SQL for other engines, the call is replaced by the expression.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from audit.errors import QueryError
from audit.queries.catalog import Query

# The parts of SQL in which a call, comma or bracket has no meaning: texts, names and comments.
_QUOTED: Final = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*"
_PART: Final = re.compile(rf"{_QUOTED}|[(\[{{]|[)\]}}]|,")
_BODY: Final = re.compile(r"\s*select\s+(.+?)\s+as\s+\w+\s*", re.DOTALL)
# An argument of this form needs no brackets around it.
_SINGLE: Final = re.compile(r"[$\w.:]+|'[^']*'")


def expression(formula: Query) -> str:
    """The expression of a formula, with its ``$parameters``.

    Raises:
        QueryError: it is not one expression with a name.
    """
    found = _BODY.fullmatch(formula.body)
    if found is None:
        raise QueryError(f"{formula.title} is a formula: expected select ... as {next(iter(formula.header.columns))}")
    return found[1]


def expanded(sql: str, views: Mapping[str, Query]) -> str:
    """SQL with each call of a formula replaced by its expression; ``views`` come after those that they read."""
    for view in reversed(list(views.values())):
        if view.header.is_formula:
            sql = rewritten(sql, view.name, _Call(view))
    return sql


class _Call:
    """The SQL for a call of a formula with the texts of its arguments."""

    def __init__(self, formula: Query) -> None:
        self._text = expression(formula)
        self._names = list(formula.header.parameters)

    def __call__(self, given: list[str]) -> str:
        arguments = {
            name: value if _SINGLE.fullmatch(value) else f"({value})"
            for name, value in zip(self._names, given, strict=True)
        }
        filled = re.sub(r"\$(\w+)", lambda found: arguments[found[1]], self._text)
        return f"({filled})"


def rewritten(sql: str, function: str, write: Callable[[list[str]], str]) -> str:
    """SQL with each call of a function replaced by what ``write`` returns for the texts of its arguments."""
    done, place = [], 0
    for found in re.finditer(rf"{_QUOTED}|(?<![\w.])({function})\(", sql):
        if found[1] is None or found.start() < place:  # inside another call's arguments, which are rewritten with it
            continue
        given, end = _arguments(sql, found.end())
        done += [sql[place : found.start()], write([rewritten(each, function, write) for each in given])]
        place = end
    return "".join([*done, sql[place:]])


def _arguments(sql: str, start: int) -> tuple[list[str], int]:
    """The arguments from ``start`` on, and the position after their closing bracket."""
    given, depth, begun = list[str](), 0, start
    for found in _PART.finditer(sql, start):
        sign = found[0]
        if sign in {"(", "[", "{"}:
            depth += 1
        elif sign == "," and depth == 0:
            given.append(sql[begun : found.start()].strip())
            begun = found.end()
        elif sign in {")", "]", "}"}:
            if depth == 0:
                last = sql[begun : found.start()].strip()
                return [*given, *([last] if last else [])], found.end()
            depth -= 1
    raise ValueError(f"a bracket is not closed in {sql!r}")
