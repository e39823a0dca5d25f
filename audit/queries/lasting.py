"""SQL that works in other versions of DuckDB than the one that stores it: kept as text, parsed when used, from 1.2 on.

DuckDB stores a view or macro as a syntax tree, and an earlier version cannot read a later one's tree: ``if`` and
``lag`` differ there. So each is stored as a call of ``query``, whose only argument is the text: that call has not
changed.
"""

import re
from collections.abc import Collection
from functools import partial
from typing import Final

from audit.dataset.engine import literal
from audit.queries.catalog import Catalog, Query
from audit.queries.formulas import expanded, rewritten
from audit.queries.header import Parameter
from audit.queries.macros import Spelling, parameters_in_sql, qualified

_ZONED: Final = re.compile(r"( at time zone '+UTC'+)|\btimestamptz\b|\bTIMESTAMP WITH TIME ZONE\b")
_LAMBDA: Final = re.compile(r"\s*lambda\s+(\w+)\s*:\s*(.*)", re.DOTALL)
_FILTER: Final = "list_filter"


def as_it_is(sql: str) -> str:
    """SQL for the tables as they are."""
    return sql


def plain_times(sql: str) -> str:
    """SQL for tables whose times are plain timestamps in UTC: for a DuckDB without time zones."""
    return re.sub(_ZONED, lambda found: "" if found[1] else "timestamp", sql)


def stored(query: Query, catalog: Catalog, relations: Collection[str], spelling: Spelling) -> str:
    """What a file stores for a query: the body of its view, or of a macro whose parameters are `parameters_in_sql`.

    ``spelling`` is `as_it_is` or `plain_times`. A formula is stored as a tree, as callers pass columns to it.
    """
    sql = spelled(qualified(query.body, relations), catalog)
    if query.header.is_formula:
        return spelling(re.sub(r"\$(\w+)", lambda found: _named(query)[found[1]][0], sql))
    texts = re.split(r"\$(\w+)", sql)
    named = _named(query)
    parts = [_value(*named[text]) if place % 2 else literal(text) for place, text in enumerate(texts)]
    return spelling(f"from query({' || '.join(parts)})")


def spelled(sql: str, catalog: Catalog) -> str:
    """SQL as DuckDB 1.2 takes it: views are given their parameters by name, and lists are filtered without a lambda.

    Calls of formulas are replaced by their expressions.
    """
    sql = expanded(sql, catalog.views)
    for view in catalog.views.values():
        if view.header.parameters and not view.header.is_formula:
            names = [*parameters_in_sql(view)]
            sql = rewritten(sql, view.name, partial(_called, view.name, names))
    return rewritten(sql, _FILTER, _filtered)


def _named(query: Query) -> dict[str, tuple[str, Parameter]]:
    """The name in SQL and the parameter of each ``$name``."""
    return dict(zip(query.header.parameters, parameters_in_sql(query).items(), strict=True))


def _value(name: str, parameter: Parameter) -> str:
    """SQL that writes a parameter's value as SQL: any text stays one literal."""
    if parameter.type == "INTEGER":
        return f"coalesce('(' || {name}::bigint::varchar || ')', 'null::INTEGER')"
    text = f"{name}::{parameter.type}::varchar"
    return f"coalesce('''' || replace({text}, '''', '''''') || '''', 'null') || '::{parameter.type}'"


def _called(name: str, names: list[str], given: list[str]) -> str:
    if any(":=" in each for each in given):
        return f"{name}({', '.join(given)})"
    return f"{name}({', '.join(f'{to} := {value}' for to, value in zip(names, given, strict=False))})"


def _filtered(given: list[str]) -> str:
    found = _LAMBDA.fullmatch(given[1])
    return f"[{found[1]} for {found[1]} in {given[0]} if {found[2]}]" if found else f"{_FILTER}({', '.join(given)})"
