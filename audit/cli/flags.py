"""``release-audit flags``: what a flag query finds."""

from typing import TYPE_CHECKING, Annotated

import typer

from audit.answers.format import Format
from audit.cli import FINDINGS, INCOMPLETE
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
    show,
    window_for,
)
from audit.cli.queries import show_list
from audit.cli.verbosity import LOG
from audit.counting import counted
from audit.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from audit.dataset.dataset import Dataset
    from audit.dataset.description import Description


def flags(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A flag, such as late-files or late-releases; none: a list of them.",
            autocompletion=completing_queries("flags"),
        ),
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    window_days: WindowOption = None,
    project: Annotated[str | None, typer.Option("--project", metavar="NAME", help="Only this project.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="REASON", help="Only what is late for it.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only what came since (UTC).")] = None,
    min_lag_days: Annotated[
        float | None, typer.Option("--min-lag-days", metavar="N", help="Only lags of at least so many days.")
    ] = None,
    columns: ColumnsOption = None,
    environment: EnvironmentOption = None,
    this: ThisOption = False,
    settings: SettingsOption = None,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 if something is flagged, with 4 if no upload time is known.")
    ] = False,
) -> None:
    """Show what a flag finds: worst first.

    Example: release-audit flags late-files --project numpy --format csv
    """
    # Imported late: these load DuckDB and Arrow, which --help does without.
    from audit.dataset.dataset import Dataset
    from audit.queries.catalog import Group, load
    from audit.queries.parameters import from_text

    if name is None:
        _list(is_gate=exit_code)
        return
    query = load().find(name, Group.FLAGS)
    own: dict[str, object] = {
        "project": project,
        "reason": reason,
        "since": since,
        "min_lag_days": min_lag_days,
        "environment": chosen_environment(environment, this=this),
    }
    if "since_at" in query.header.parameters and since is not None:
        own |= {"since": None, "since_at": _instant(since)}
    own |= window_for([query], context, window_days)
    parameters = from_text(query, parsed(settings or [])) | {k: v for k, v in own.items() if v is not None}
    with Dataset(dataset) as opened, naming_options(own):
        answer = opened.query(query.name, **parameters)
        held = opened.describe()
        nothing = _nothing(opened, project) if query.header.reads_times else None
    found = nothing or f"{len(answer):,} found."
    notes = [f"{found} {_held(held)}", query.header.caveat]
    shown, left_out = chosen(answer, columns, form)
    show(shown, form, limit, [*notes, *left_out], out=out, outside=dataset)
    if nothing and form in {Format.CSV, Format.JSON, Format.PARQUET}:  # which have no notes
        LOG.warning("%s", nothing)
    if exit_code and len(answer):
        raise typer.Exit(FINDINGS)
    if exit_code and nothing:
        raise typer.Exit(INCOMPLETE)


def _instant(since: str) -> "datetime":
    """The time that ``--since`` says.

    Raises:
        UsageError: it says none.
    """
    from audit.queries.parameters import instant

    try:
        return instant(since)
    except ValueError:
        expected = "expected a day or a time in UTC, such as 2024-01-31"
        raise UsageError(f"--since {since!r} does not fit: {expected}") from None


def _nothing(opened: "Dataset", project: str | None) -> str | None:
    """What to say where no file that the flag looks at has an upload time; None: some have."""
    from audit.answers.untimed import nothing_told

    counted = "select count(*) as files, count(*) - count(uploaded_at) as untimed from files"
    of_one = f"{counted} where project = $project"
    row = opened.sql(of_one, {"project": project}).rows()[0] if project else opened.sql(counted).rows()[0]
    return nothing_told(row["files"], row["untimed"], f" of {project}" if project else "")


def _list(*, is_gate: bool) -> None:
    """Lists the flags; a gate that nothing can close is no gate."""
    if is_gate:
        raise UsageError("--exit-code is about what a flag finds: name one")
    show_list("flags")


def _held(held: "Description") -> str:
    """What the findings are a part of, and what could not be looked at."""
    return (
        f"The dataset holds {counted(held.file_count, 'file')} ({held.untimed_file_count:,} without an upload time) "
        f"in {counted(held.release_count, 'release')} of {counted(held.project_count, 'project')} "
        f"({held.not_reached_count:,} not reached)."
    )
