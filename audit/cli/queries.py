"""``release-audit queries``: which queries there are, and what each promises."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from audit.queries.catalog import Query


def queries(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show all that this query promises.")] = None,
    with_sql: Annotated[bool, typer.Option("--sql", help="Show its SQL too: the exact definition.")] = False,
) -> None:
    """List the queries with the question that each answers.

    Example: release-audit queries late-files --sql
    """
    from audit.queries.catalog import load

    lines = _list(load().group()) if name is None else _promise(load().find(name), with_sql=with_sql)
    for line in lines:
        typer.echo(line)


def _list(found: "list[Query]") -> Iterator[str]:
    width = max(len(query.title) for query in found)
    group = None
    for query in found:
        if query.group != group:
            yield f"{'' if group is None else chr(10)}{query.group}"
        group = query.group
        yield f"  {query.title:{width}}  {query.header.question}"


def _promise(query: "Query", *, with_sql: bool) -> Iterator[str]:
    header = query.header
    yield f"{query.title}: {header.question}"
    yield f"  grain   {header.grain}"
    yield f"  order   {header.order}"
    yield f"  source  {header.source}"
    yield f"  caveat  {header.caveat}"
    for name, parameter in header.parameters.items():
        default = "null" if parameter.default is None else parameter.default
        kind = _type(parameter.type, parameter.unit)
        yield f"  parameter {name} ({kind}, default {default}): {parameter.meaning}"
    if header.extends:
        yield f"  columns: all of the table {header.extends}, and"
    for name, column in header.columns.items():
        yield f"  column {name} ({_type(column.type, column.unit)}): {column.meaning}"
    if with_sql:
        yield f"\n{query.sql.rstrip()}"


def _type(type_: str, unit: str | None) -> str:
    return f"{type_}, {unit}" if unit else type_
