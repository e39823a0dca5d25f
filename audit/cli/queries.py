"""``release-audit queries``: which queries there are, and what each promises."""

import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli.options import SettingsOption, completing_queries, parsed
from audit.cli.output import is_terminal, write
from audit.errors import UsageError

if TYPE_CHECKING:
    from audit.queries.catalog import Query


def queries(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Show all that this query promises.", autocompletion=completing_queries()),
    ] = None,
    with_sql: Annotated[bool, typer.Option("--sql", help="Show its SQL too: the exact definition.")] = False,
    dialect: Annotated[
        str | None,
        typer.Option("--dialect", metavar="ENGINE", help="Write it for clickhouse, spark or bigquery, to paste there."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="TABLE", help="What it reads there: dataset (default), distribution_metadata, projects."
        ),
    ] = None,
    settings: SettingsOption = None,
) -> None:
    """List the queries with the question that each answers.

    Example: release-audit queries late-files --sql
    """
    from audit.queries.catalog import load

    given = parsed(settings or [])
    if dialect is None and (source is not None or given):
        raise UsageError("--source and --set are of a query that is written for another engine: say --dialect")
    if name is None:
        if dialect is not None:
            raise UsageError(f"--dialect {dialect} is of one query: name it, such as late-files")
        show_list()
    elif dialect is None:
        _show(_promise(load().find(name), with_sql=with_sql))
    else:
        write(_for_engine(load().find(name), dialect, source, given))


def _for_engine(query: "Query", dialect: str, source: str | None, given: "dict[str, str]") -> str:
    """The query as text to paste.

    Raises:
        UsageError: there is no such engine or source, or a parameter does not fit.
        QueryError: the query is not portable.
    """
    # Imported late, as everything that loads sqlglot: only who asks for another engine waits for it.
    from audit.portable.dialects import named_dialect
    from audit.portable.sources import named_source
    from audit.portable.text import pasted
    from audit.queries.parameters import from_text

    return pasted(query, from_text(query, given), named_dialect(dialect), named_source(source))


def show_list(*groups: str) -> None:
    """Lists the queries of ``groups`` (none: of all), each with its question."""
    from audit.queries.catalog import Group, load

    _show(_list(load().group(*map(Group, groups))))


def _show(lines: Iterator[str]) -> None:
    # Elsewhere than on a screen a line stays one: it is there to be searched.
    width = shutil.get_terminal_size((80, 24)).columns if is_terminal(sys.stdout) else sys.maxsize
    for line in lines:
        write(f"{_folded(line, width)}\n")


def _folded(line: str, width: int) -> str:
    """A line no wider than ``width``: what follows stands below its second column, or behind four spaces.

    SQL, which is several lines, stays as it is.
    """
    if len(line) <= width or "\n" in line.strip():
        return line
    at = line.find("  ", 2)
    indent = len(line) - len(line[at:].lstrip()) if 0 < at < width // 2 else 4
    return textwrap.fill(line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


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
        yield f"  parameter {name} ({kind}, default {default}): {parameter.promise}"
    if header.extends:
        yield f"  columns: all of the table {header.extends}, and"
    for name, column in header.columns.items():
        yield f"  column {name} ({_type(column.type, column.unit)}): {column.meaning}"
    if with_sql:
        yield f"\n{query.sql.rstrip()}"


def _type(type_: str, unit: str | None) -> str:
    return f"{type_}, {unit}" if unit else type_
