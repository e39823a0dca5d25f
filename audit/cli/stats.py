"""``release-audit stats``: the numbers, one statistic or a report of all."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli.options import (
    DEFAULT_DATASET,
    DatasetOption,
    EnvironmentOption,
    FormatOption,
    LimitOption,
    SettingsOption,
    ThisOption,
    WindowOption,
    chosen_environment,
    parsed,
    show,
    window_for,
)
from audit.errors import UsageError
from audit.reports.format import Format

if TYPE_CHECKING:
    from audit.queries.catalog import Query
    from audit.scan import Dataset

ALL = "all"


def stats(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A statistic, such as policies; all: a report.")],
    dataset: DatasetOption = DEFAULT_DATASET,
    window_days: WindowOption = None,
    ranks: Annotated[
        Path | None, typer.Option("--ranks", metavar="FILE", help="Projects by rank, as for crawl --projects.")
    ] = None,
    environment: EnvironmentOption = None,
    this: ThisOption = False,
    settings: SettingsOption = None,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
) -> None:
    """Show a statistic with what it stands on, or a readable report of all of them.

    Example: release-audit stats policies --format csv
    """
    # Imported late: these load DuckDB and Arrow, which --help does without.
    from audit.queries.catalog import Group, load
    from audit.scan import Dataset

    is_report = name == ALL
    if is_report and form not in {Format.TABLE, Format.MARKDOWN}:
        raise UsageError(f"stats all is a report to read: --format {form} holds one statistic, so name one")
    queries = load().group(Group.STATISTICS) if is_report else [load().find(name, Group.STATISTICS)]
    own = {
        **window_for(queries, context, window_days),
        "ranks": _ranks(ranks),
        "environment": chosen_environment(environment, this=this),
    }
    given = parsed(settings or []) | {key: str(value) for key, value in own.items() if value is not None}
    with Dataset(dataset) as opened:
        if is_report:
            _report(opened, queries, given, form, limit)
        else:
            _one(opened, queries[0], given, form, limit)


def _one(opened: "Dataset", query: "Query", given: dict[str, str], form: Format, limit: int | None) -> None:
    from audit.queries.parameters import from_text
    from audit.reports.coverage import coverage_note

    answer = opened.query(query.name, **from_text(query, given))
    coverage = coverage_note(opened.query("coverage").rows()[0])
    if form is Format.TABLE and query.header.shown:
        answer = answer.select(query.header.shown)
    show(answer, form, limit, [query.header.question, query.header.caveat, coverage])


def _report(opened: "Dataset", queries: "list[Query]", given: dict[str, str], form: Format, limit: int | None) -> None:
    """Every statistic, each with those of the given parameters that it takes.

    Raises:
        UsageError: no statistic takes one of them.
    """
    from audit.queries.parameters import from_text
    from audit.report import section_of
    from audit.reports.coverage import coverage_note
    from audit.reports.report import render

    unknown = given.keys() - {name for query in queries for name in query.header.parameters}
    if unknown:
        raise UsageError(f"no statistic takes {', '.join(sorted(unknown))}")
    sections = []
    for query in queries:
        taken = {key: value for key, value in given.items() if key in query.header.parameters}
        answer = opened.query(query.name, **from_text(query, taken))
        sections.append(section_of(query, answer))
    note = coverage_note(opened.query("coverage").rows()[0])
    width = shutil.get_terminal_size((80, 24)).columns
    typer.echo(
        render(sections, note, form, limit=20 if limit is None else limit or None, width=width).encode(), nl=False
    )


def _ranks(file: Path | None) -> str | None:
    """The names in the file, one a line.

    Raises:
        UsageError: the file does not read.
    """
    from audit.index import parse_projects_file

    if file is None:
        return None
    try:
        return "\n".join(parse_projects_file(file.read_text("utf-8"), str(file), None))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--ranks {file} does not read: {error}") from None
