"""``release-audit queries``: lists the queries, and what each promises."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from audit.cli.listing import show_lines
from audit.cli.options import is_typed, naming_options, option_name
from audit.cli.output import write
from audit.cli.query_commands import QueryCommands
from audit.errors import UsageError
from audit.extras import needing
from audit.queries.catalog import Query


def _ask(
    query: Query,
    given: Mapping[str, object],
    context: typer.Context,
    with_sql: Annotated[bool, typer.Option("--sql", help="Show its SQL too: the exact definition.")] = False,
    dialect: Annotated[
        str | None,
        typer.Option("--dialect", metavar="ENGINE", help="Write it for clickhouse, spark or bigquery, to paste there."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="TABLE",
            help="Which table it reads there: dataset (default), distribution_metadata, projects.",
        ),
    ] = None,
    temporary_tables: Annotated[
        bool,
        typer.Option(
            "--temporary-tables", help="For clickhouse: first make tables of what is read more than once; much faster."
        ),
    ] = False,
) -> None:
    if dialect is not None:
        with naming_options(given):
            write(_for_engine(query, dialect, source, given, in_steps=temporary_tables))
        return
    for name in ["source", "temporary_tables", *given]:
        if is_typed(context, name):
            raise UsageError(f"{option_name(name)} works only with --dialect: say which dialect")
    show_lines(_promise(query, with_sql=with_sql))


def _for_engine(query: Query, dialect: str, source: str | None, given: Mapping[str, object], *, in_steps: bool) -> str:
    """The query as text to paste.

    Raises:
        UsageError: there is no such engine or source, or a parameter does not fit.
        QueryError: the query is not portable.
    """
    # Imported late, as it loads sqlglot, which is needed only for another engine.
    with needing("dialects", "--dialect"):
        from audit.portable.dialects import named_dialect
        from audit.portable.sources import named_source
        from audit.portable.text import pasted

    return pasted(query, given, named_dialect(dialect), named_source(source), in_steps=in_steps)


def _promise(query: Query, *, with_sql: bool) -> Iterator[str]:
    header = query.header
    yield f"{query.title}: {header.question}"
    yield f"  grain   {header.grain}"
    yield f"  order   {header.order}"
    yield f"  source  {header.source}"
    yield f"  caveat  {header.caveat}"
    for name, parameter in header.parameters.items():
        default = "null" if parameter.default is None else parameter.default
        kind = _type(parameter.type, parameter.unit)
        yield f"  parameter {name} ({kind}, default {default}): {parameter.promise}"
    if header.extends:
        yield f"  columns: all of the table {header.extends}, and"
    for name, column in header.columns.items():
        yield f"  column {name} ({_type(column.type, column.unit)}): {column.promise}"
    if with_sql:
        yield f"\n{query.sql.rstrip()}"


def _type(type_: str, unit: str | None) -> str:
    return f"{type_}, {unit}" if unit else type_


queries = QueryCommands(
    "queries",
    """Show how a query is defined, or write it for another engine. Without a name: list the queries.

    Example: release-audit queries late-files --sql
    """,
    _ask,
    example=" --sql",
)
