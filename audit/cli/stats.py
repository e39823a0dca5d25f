"""``release-audit stats``: the numbers, one statistic or a report of all."""

import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from audit.answers.format import Format
from audit.cli.deleted import tell_deleted
from audit.cli.options import (
    DEFAULT_DATASET,
    ColumnsOption,
    DatasetOption,
    DeletedOption,
    FormatOption,
    LimitOption,
    OutputOption,
    chosen,
    naming_options,
    show,
)
from audit.cli.output import write
from audit.cli.query_commands import QueryCommands, QueryOnDemand, command, merged
from audit.cli.verbosity import LOG
from audit.errors import UsageError
from audit.extras import needing
from audit.queries.catalog import Group, Query, load

if TYPE_CHECKING:
    from audit.dataset.answer import Answer
    from audit.dataset.dataset import Dataset

ALL = "all"
# Enough for every statistic of fixed length except one: the rules have 56 rows.
REPORT_ROWS = 60


# An option that a report of all statistics refuses with its own message.
_OfOneOption = Annotated[str | None, typer.Option(hidden=True)]


def _ask(
    query: Query,
    given: Mapping[str, object],
    dataset: DatasetOption = DEFAULT_DATASET,
    including_deleted: DeletedOption = False,
    columns: ColumnsOption = None,
    engine: Annotated[
        str | None,
        typer.Option("--engine", metavar="ENGINE", help="Ask this engine: spark, or clickhouse://USER@HOST/DATABASE."),
    ] = None,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
) -> None:
    # Imported late: it loads DuckDB and Arrow, which --help does not need.
    from audit.dataset.dataset import Dataset

    if engine is not None and including_deleted:
        raise UsageError("--including-deleted asks DuckDB: another engine knows no deleted files, leave --engine out")
    if engine is not None:
        with naming_options(given):
            shown, notes = _elsewhere(engine, str(dataset), query, given, form, columns)
        show(shown, form, limit, notes, out=out)
        return
    with Dataset(dataset, including_deleted=including_deleted) as opened, naming_options(given):
        shown, notes = _one(opened, query, given, form, columns)
        show(shown, form, limit, notes, out=out, outside=dataset)


def _ask_all(
    given: Mapping[str, object],
    dataset: DatasetOption = DEFAULT_DATASET,
    including_deleted: DeletedOption = False,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    columns: _OfOneOption = None,
    engine: _OfOneOption = None,
    output: Annotated[str | None, typer.Option("--output", "-o", hidden=True)] = None,
) -> None:
    # Imported late, as above.
    from audit.dataset.dataset import Dataset

    for option, value in {"--columns": columns, "--engine": engine, "--output": output}.items():
        if value is not None:
            raise UsageError(f"stats all shows every statistic: {option} {value} is for one, so name one")
    if form not in {Format.TABLE, Format.MARKDOWN}:
        raise UsageError(f"stats all is a report to read: --format {form} holds one statistic, so name one")
    with Dataset(dataset, including_deleted=including_deleted) as opened, naming_options(given):
        _report(opened, given, form, limit)


def _one(
    opened: "Dataset", query: Query, given: Mapping[str, object], form: Format, columns: str | None
) -> "tuple[Answer, list[str]]":
    """The answer with the shown columns, and the notes below it for people."""
    from audit.answers.coverage import coverage_note
    from audit.answers.several import share_notes

    answer = opened.query(query.name, **given)
    tell_deleted(opened, query, form)
    if lacking := opened.lacks(query.name):
        LOG.warning("%s", lacking)
    # The caveat says what is known of deleted files.
    coverage = coverage_note(opened.query("coverage").rows()[0], None if opened.deleted_note() is None else "")
    shown, left_out = chosen(answer, columns, form)
    shares = share_notes({column: query.header.columns[column].meaning for column in shown.columns})
    caveat = answer.header.caveat if answer.header else ""
    return shown, [query.header.question, *shares, caveat, coverage, *left_out]


def _elsewhere(
    engine: str, dataset: str, query: Query, given: Mapping[str, object], form: Format, columns: str | None
) -> "tuple[Answer, list[str]]":
    """The same from another engine, without notes on what a dataset lacks."""
    from audit.answers.several import share_notes

    with needing("dialects", "--engine"):
        from audit.portable.elsewhere import Elsewhere

    with Elsewhere(dataset, engine) as asked:
        answer = asked.query(query.name, **given)
    shown, left_out = chosen(answer, columns, form)
    shares = share_notes({column: query.header.columns[column].meaning for column in shown.columns})
    where = f"Answered by {asked.address} ({asked.source}): which projects a crawl did not reach is not known there."
    return shown, [query.header.question, *shares, query.header.caveat, where, *left_out]


def _report(opened: "Dataset", given: Mapping[str, object], form: Format, limit: int | None) -> None:
    """Every statistic, each with those of the given parameters that it has."""
    from audit.answers.coverage import coverage_note
    from audit.answers.several import render
    from audit.page.gathering import section_of

    sections, answers = [], {}
    queries = {query.name: query for query in load().group(Group.STATISTICS) if not opened.lacks(query.name)}
    for name in opened.one_by_one([*queries]):
        query = queries[name]
        taken = {key: value for key, value in given.items() if key in query.header.parameters}
        answers[name] = opened.query(name, **taken)
        shown, _ = chosen(answers[name], None, form)
        sections.append(section_of(query, shown, taken))
    note = coverage_note(answers["coverage"].rows()[0], opened.deleted_note())
    width = shutil.get_terminal_size((80, 24)).columns
    rows = REPORT_ROWS if limit is None else limit or None
    write(render(sections, note, form, limit=rows, width=width))


def _all() -> TyperCommand:
    description = "Show all statistics as one report.\n\nExample: release-audit stats all --format markdown"
    return command(ALL, description, _ask_all, merged(load().group(Group.STATISTICS)))


stats = QueryCommands(
    "stats",
    """Show a statistic with its coverage; all: a report of all of them. Without a name: list them.

    Example: release-audit stats policies --format csv
    """,
    _ask,
    Group.STATISTICS,
)
stats.add_command(QueryOnDemand(ALL, lambda: "Show all statistics as one report.", _all))
