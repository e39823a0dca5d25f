"""``release-audit flags``: what a flag query finds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from audit.answers.format import Format
from audit.cli import FINDINGS, INCOMPLETE
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
from audit.cli.query_commands import QueryCommands
from audit.cli.verbosity import LOG
from audit.counting import counted
from audit.queries.catalog import Group, Query

if TYPE_CHECKING:
    from audit.dataset.dataset import Dataset
    from audit.dataset.description import Description


def _ask(
    query: Query,
    given: Mapping[str, object],
    dataset: DatasetOption = DEFAULT_DATASET,
    including_deleted: DeletedOption = False,
    columns: ColumnsOption = None,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 if something is flagged, with 4 if no upload time is known.")
    ] = False,
) -> None:
    # Imported late: it loads DuckDB and Arrow, which --help does not need.
    from audit.dataset.dataset import Dataset

    with Dataset(dataset, including_deleted=including_deleted) as opened, naming_options(given):
        answer = opened.query(query.name, **given)
        tell_deleted(opened, query, form)
        held = opened.describe()
        nothing = _nothing(opened, given.get("project")) if query.header.reads_times else None
    found = nothing or f"{len(answer):,} found."
    notes = [f"{found} {_held(held)}", answer.header.caveat if answer.header else ""]
    shown, left_out = chosen(answer, columns, form)
    show(shown, form, limit, [*notes, *left_out], out=out, outside=dataset)
    if nothing and form in {Format.CSV, Format.JSON, Format.PARQUET}:  # these have no notes
        LOG.warning("%s", nothing)
    if exit_code and len(answer):
        raise typer.Exit(FINDINGS)
    if exit_code and nothing:
        raise typer.Exit(INCOMPLETE)


def _nothing(opened: "Dataset", project: object) -> str | None:
    """The message if no file that the flag reads has an upload time; None: some have."""
    from audit.answers.untimed import no_times_note

    counted = "select count(*) as files, count(*) - count(uploaded_at) as untimed from files"
    of_one = f"{counted} where project = $project"
    row = opened.sql(of_one, {"project": project}).rows()[0] if project else opened.sql(counted).rows()[0]
    return no_times_note(row["files"], row["untimed"], f" of {project}" if project else "")


def _held(held: "Description") -> str:
    """What the findings are a part of, and what could not be checked."""
    return (
        f"The dataset holds {counted(held.file_count, 'file')} ({held.untimed_file_count:,} without an upload time) "
        f"in {counted(held.release_count, 'release')} of {counted(held.project_count, 'project')} "
        f"({held.not_reached_count:,} not reached)."
    )


flags = QueryCommands(
    "flags",
    """Show what a flag finds: worst first. Without a name: list the flags.

    Example: release-audit flags late-files --project numpy --format csv
    """,
    _ask,
    Group.FLAGS,
)
