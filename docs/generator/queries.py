"""The page of the queries, from the header of each .sql file."""

from collections.abc import Iterator
from itertools import starmap

from audit.cli.options import option_name
from audit.queries.catalog import Catalog, Group, Query
from audit.queries.header import Column, Parameter
from audit.queries.macros import formula_call, signature
from docs.generator.markdown import code, rows

_INTRODUCTION = """\
# The definitions

Every number of the program is the answer of one query, and every query is one .sql file. This page has what their
headers say. The exact definition is the SQL itself: follow the link, or run `release-audit queries NAME --sql`. The
[glossary](glossary.md) explains the words of this project.

* Flags find rows worth a look: `release-audit flags NAME`.
* Statistics count: `release-audit stats NAME`. One that counts the rows of a flag has the name of the flag and then
  `-counts`. `stats` finds it without that ending too: `release-audit stats cooldown-gaps`.
* Assertions must find nothing: `release-audit check` runs them all.
* Rules are what `release-audit scan` looks for among the pins of a lock file ([scan.md](scan.md)).
* Views are relations that the other queries use.

The parameters of a query are the options of its command, and `release-audit flags NAME --help` shows the same text as
this page. In SQL, views, flags and statistics can be read like tables: each entry says how. There parameters are given
by name, with an underscore at the end if a column has the same name, and each has the default that is shown.
"""
_ORDER = (Group.FLAGS, Group.STATISTICS, Group.RULES, Group.VIEWS, Group.ASSERTIONS)


def queries_page(catalog: Catalog) -> str:
    """Every query by group: question, grain, source, order, caveat, parameters and columns."""
    groups = (line for group in _ORDER for line in _group(group, catalog.group(group)))
    return "\n".join([_INTRODUCTION, *groups])


def _group(group: Group, queries: list[Query]) -> Iterator[str]:
    yield f"## {group.capitalize()}\n"
    for query in queries:
        yield from _query(query)


def _query(query: Query) -> Iterator[str]:
    header = query.header
    yield f"### {query.title}\n"
    yield f"**{header.question}** {_sentence(header.grain)} Order: {header.order}. Source: {header.source}.\n"
    yield f"{header.caveat} The definition: [{query.stem}.sql](../queries/{query.group}/{query.stem}.sql).\n"
    if query.group not in {Group.ASSERTIONS, Group.RULES}:
        called = f"`{formula_call(query)}` wherever an expression can stand, or "
        yield f"In SQL: {called if header.is_formula else ''}`from {_relation(query)}`.\n"
    if header.parameters:
        is_asked = query.group in {Group.FLAGS, Group.STATISTICS}
        heads = ["parameter", *(["option"] if is_asked else []), "type", "default", "meaning"]
        yield rows(heads, (_parameter(name, parameter, is_asked) for name, parameter in header.parameters.items()))
    if header.extends:
        yield f"Columns: those of `{header.extends}`{', and these.' if header.columns else '.'}\n"
    if header.columns:
        yield rows(["column", "type", "unit", "meaning"], starmap(_column, header.columns.items()))


def _relation(query: Query) -> str:
    """What stands after ``from``: only a view without parameters goes without parentheses."""
    return query.name if query.group is Group.VIEWS and not query.header.parameters else signature(query)


def _parameter(name: str, parameter: Parameter, is_asked: bool) -> list[str]:
    default = "null" if parameter.default is None else parameter.default
    unit = f" ({parameter.unit})" if parameter.unit else ""
    option = [code(option_name(name))] if is_asked else []
    return [code(name), *option, f"{parameter.type}{unit}", code(default), parameter.promise]


def _column(name: str, column: Column) -> list[str]:
    return [code(name), column.type, column.unit or "", column.promise]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
