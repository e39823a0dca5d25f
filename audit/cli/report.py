"""``release-audit report``: all numbers as one page to publish, or as a text to post."""

from pathlib import Path
from typing import Annotated

import typer

from audit.answers.format import ReportFormat
from audit.cli.options import DEFAULT_DATASET, DatasetOption, WindowOption, naming_options
from audit.cli.output import write
from audit.cli.verbosity import LOG

# With this limit a whole index of 17 million files needs 2.1 GB in all; what does not fit goes to a temporary folder.
_MEMORY = "2400MB"


def report(
    dataset: DatasetOption = DEFAULT_DATASET,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="File to write (default: standard output).")
    ] = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="html opens offline; markdown is for a forum.")
    ] = ReportFormat.HTML,
    window_days: WindowOption = None,
) -> None:
    """Write a report of all numbers with charts, timelines and definitions.

    Example: release-audit report --dataset data/pypi --out report.html
    """
    # Imported late: these load DuckDB, Altair and Jinja, which --help does not need.
    from audit.dataset.dataset import Dataset
    from audit.disk.whole import check_output, output
    from audit.page.gathering import WINDOW_DAYS
    from audit.page.gathering import report as report_on

    if out is not None:
        check_output(out, dataset)  # fails before the work, not after it
    with Dataset(dataset, memory=_MEMORY) as opened, naming_options({"window_days": window_days}):
        text = report_on(opened, form, WINDOW_DAYS if window_days is None else window_days)
    if out is None:
        write(text)
        return
    with output(out, outside=dataset) as file:
        size = file.write_bytes(text.encode())
    LOG.info("%s: %s bytes", out, f"{size:,}")
