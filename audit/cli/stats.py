"""``release-audit stats``: the numbers, one statistic or a report of all."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.answers.format import Format
from audit.cli.options import (
    DEFAULT_DATASET,
    ColumnsOption,
    DatasetOption,
    EnvironmentOption,
    FormatOption,
    LimitOption,
    OutputOption,
    SettingsOption,
    ThisOption,
    WindowOption,
    chosen,
    chosen_environment,
    completing_queries,
    naming_options,
    parsed,
    read_projects,
    show,
    window_for,
)
from audit.cli.output import write
from audit.cli.queries import show_list
from audit.cli.verbosity import LOG
from audit.errors import UsageError

if TYPE_CHECKING:
    from audit.dataset.answer import Answer
    from audit.dataset.dataset import Dataset
    from audit.queries.catalog import Query

ALL = "all"
# Enough for every statistic of a fixed length but one: the rules have 56 rows.
REPORT_ROWS = 60


def stats(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A statistic, such as policies; all: a report; none: a list of them.",
            autocompletion=completing_queries("statistics"),
        ),
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    window_days: WindowOption = None,
    ranks: Annotated[
        Path | None, typer.Option("--ranks", metavar="FILE", help="Projects by rank, as for crawl --projects.")
    ] = None,
    columns: ColumnsOption = None,
    environment: EnvironmentOption = None,
    this: ThisOption = False,
    settings: SettingsOption = None,
    engine: Annotated[
        str | None,
        typer.Option("--engine", metavar="ENGINE", help="Ask there: spark, or clickhouse://USER@HOST/DATABASE."),
    ] = None,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
) -> None:
    """Show a statistic with what it stands on, or a readable report of all of them.

    Example: release-audit stats policies --format csv
    """
    # Imported late: these load DuckDB and Arrow, which --help does without.
    from audit.dataset.dataset import Dataset
    from audit.queries.catalog import Group, load

    if name is None:
        show_list(Group.STATISTICS)
        return
    queries = load().group(Group.STATISTICS) if name == ALL else [load().find(name, Group.STATISTICS)]
    own = {
        **window_for(queries, context, window_days),
        "ranks": "\n".join(read_projects("--ranks", ranks)) if ranks else None,
        "environment": chosen_environment(environment, this=this),
    }
    given = parsed(settings or []) | {key: str(value) for key, value in own.items() if value is not None}
    if engine is not None:
        with naming_options(own):
            shown, notes = _elsewhere(engine, str(dataset), queries, given, form, columns)
        show(shown, form, limit, notes, out=out)
        return
    with Dataset(dataset) as opened, naming_options(own):
        if name == ALL:
            _check_report(queries, given, form, columns, out)
            _report(opened, queries, given, form, limit)
        else:
            shown, notes = _one(opened, queries[0], given, form, columns)
            show(shown, form, limit, notes, out=out, outside=dataset)


def _one(
    opened: "Dataset", query: "Query", given: dict[str, str], form: Format, columns: str | None
) -> "tuple[Answer, list[str]]":
    """The answer with the columns that are shown, and what stands below it for people."""
    from audit.answers.coverage import coverage_note
    from audit.answers.several import share_notes
    from audit.queries.parameters import from_text

    answer = opened.query(query.name, **from_text(query, given))
    if lacking := opened.lacks(query.name):
        LOG.warning("%s", lacking)
    coverage = coverage_note(opened.query("coverage").rows()[0])
    shown, left_out = chosen(answer, columns, form)
    shares = share_notes({column: query.header.columns[column].meaning for column in shown.columns})
    return shown, [query.header.question, *shares, query.header.caveat, coverage, *left_out]


def _elsewhere(
    engine: str, dataset: str, queries: "list[Query]", given: dict[str, str], form: Format, columns: str | None
) -> "tuple[Answer, list[str]]":
    """The same of another engine, which knows nothing of what a dataset was not told."""
    from audit.answers.several import share_notes
    from audit.portable.elsewhere import Elsewhere
    from audit.queries.parameters import from_text

    if len(queries) != 1:
        raise UsageError("stats all asks DuckDB: --engine is for one statistic that is portable, so name one")
    query = queries[0]
    with Elsewhere(dataset, engine) as asked:
        answer = asked.query(query.name, **from_text(query, given))
    shown, left_out = chosen(answer, columns, form)
    shares = share_notes({column: query.header.columns[column].meaning for column in shown.columns})
    where = f"Asked of {asked.told} ({asked.source}): what was not reached is not told there."
    return shown, [query.header.question, *shares, query.header.caveat, where, *left_out]


def _check_report(
    queries: "list[Query]", given: dict[str, str], form: Format, columns: str | None, out: Path | None
) -> None:
    """Holds that the options fit a report of all statistics.

    Raises:
        UsageError: one does not.
    """
    if form not in {Format.TABLE, Format.MARKDOWN}:
        raise UsageError(f"stats all is a report to read: --format {form} holds one statistic, so name one")
    if out is not None:
        raise UsageError(f"stats all shows every statistic: --output {out} is for one, so name one")
    if columns is not None:
        raise UsageError(f"stats all shows every statistic: --columns {columns!r} is for one, so name one")
    if unknown := given.keys() - {name for query in queries for name in query.header.parameters}:
        raise UsageError(f"no statistic takes {', '.join(sorted(unknown))}")


def _report(opened: "Dataset", queries: "list[Query]", given: dict[str, str], form: Format, limit: int | None) -> None:
    """Every statistic, each with those of the given parameters that it takes."""
    from audit.answers.coverage import coverage_note
    from audit.answers.several import render
    from audit.page.report import section_of
    from audit.queries.parameters import from_text

    sections, answers = [], {}
    for query in queries:
        if opened.lacks(query.name):
            continue
        taken = from_text(query, {key: value for key, value in given.items() if key in query.header.parameters})
        answers[query.name] = opened.query(query.name, **taken)
        shown, _ = chosen(answers[query.name], None, form)
        sections.append(section_of(query, shown, taken))
    note = coverage_note(answers["coverage"].rows()[0])
    width = shutil.get_terminal_size((80, 24)).columns
    rows = REPORT_ROWS if limit is None else limit or None
    write(render(sections, note, form, limit=rows, width=width))
