"""``release-audit show``: one project's, or one release's, timeline."""

import shutil
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
    from audit.reports.text import folded
    from audit.reports.timeline import file_lines, release_lines
    from audit.scan import Dataset

    name, equals, version = (part.strip() for part in project.partition("=="))
    with Dataset(dataset) as opened:
        window = {} if window_days is None else {"window_days": window_days}
        answer = opened.query("timeline", project=name, version=version or None, **window)
        signs = opened.query("suspicious-releases", project=name, **window).rows()
    rows = answer.rows()
    if not rows:
        raise UsageError(f"{project}: the dataset at {dataset} lists no file of it")
    width = shutil.get_terminal_size((80, 24)).columns
    lines = list(file_lines(rows, width) if equals else release_lines(rows, width))
    meant = [row for row in signs if not equals or row["version"] == version]
    notes = [f"Signs of {row['version']}: {row['why']}." for row in meant]
    notes += [answer.header.caveat] if answer.header else []
    typer.echo("\n".join([*lines, "", *(folded(note, width) for note in notes)]))
