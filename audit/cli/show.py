"""``release-audit show``: one project's, or one release's, timeline."""

from typing import Annotated

import typer

from audit.cli.options import DEFAULT_DATASET, DatasetOption, WindowOption
from audit.errors import UsageError


def show(
    project: Annotated[str, typer.Argument(metavar="PROJECT[==VERSION]", help="A project, or one release of it.")],
    dataset: DatasetOption = DEFAULT_DATASET,
    window_days: WindowOption = None,
) -> None:
    """Show how releases grew: a line a release for a project, a line a file for one release; ! marks what came late.

    Example: release-audit show numpy==1.6.0
    """
    # Imported late: these load DuckDB and Arrow, which --help does without.
    from audit.reports.timeline import file_lines, release_lines
    from audit.scan import Dataset

    name, equals, version = (part.strip() for part in project.partition("=="))
    with Dataset(dataset) as opened:
        window = {} if window_days is None else {"window_days": window_days}
        answer = opened.query("timeline", project=name, version=version or None, **window)
    rows = answer.rows()
    if not rows:
        raise UsageError(f"{project}: the dataset at {dataset} lists no file of it")
    for line in file_lines(rows) if equals else release_lines(rows):
        typer.echo(line)
    if answer.header is not None:
        typer.echo(answer.header.caveat)
