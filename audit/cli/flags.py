"""``release-audit flags``: what a flag query finds."""

from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli import FINDINGS
from audit.cli.options import DEFAULT_DATASET, DatasetOption, FormatOption, LimitOption, show
from audit.errors import UsageError
from audit.reports.format import Format

if TYPE_CHECKING:
    from audit.scan import Description


def flags(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A flag, such as late-files or late-releases.")],
    dataset: DatasetOption = DEFAULT_DATASET,
    window_days: Annotated[
        int | None, typer.Option("--window-days", metavar="N", help="Allowed lag in days (default: 14).")
    ] = None,
    project: Annotated[str | None, typer.Option("--project", metavar="NAME", help="Only this project.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Any parameter of the query; repeatable."),
    ] = None,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 when something is flagged.")] = False,
) -> None:
    """Show what a flag finds: worst first.

    Example: release-audit flags late-files --project numpy --format csv
    """
    # Imported late: these load DuckDB and Arrow, which --help does without.
    from audit.queries.catalog import Group, load
    from audit.queries.parameters import from_text
    from audit.scan import Dataset

    query = load().find(name, Group.FLAGS)
    own = {"window_days": window_days, "project": project}
    parameters = from_text(query, _parsed(settings or [])) | {k: v for k, v in own.items() if v is not None}
    with Dataset(dataset) as opened:
        answer = opened.query(query.name, **parameters)
        held = opened.describe()
    show(answer, form, limit, [f"{len(answer):,} found. {_held(held)}", query.header.caveat])
    if exit_code and len(answer):
        raise typer.Exit(FINDINGS)


def _held(held: "Description") -> str:
    """What the findings are a part of, and what could not be looked at."""
    return (
        f"The dataset holds {held.file_count:,} files ({held.untimed_file_count:,} without an upload time) "
        f"in {held.release_count:,} releases of {held.project_count:,} projects "
        f"({held.not_reached_count:,} not reached)."
    )


def _parsed(settings: list[str]) -> dict[str, str]:
    """``name=value`` texts as a mapping; a dash in a name is an underscore."""
    pairs = [(setting, *setting.partition("=")) for setting in settings]
    for setting, name, equals, _ in pairs:
        if not (name and equals):
            raise UsageError(f"--set {setting!r} does not fit: expected NAME=VALUE")
    return {name.replace("-", "_"): value for _, name, _, value in pairs}
