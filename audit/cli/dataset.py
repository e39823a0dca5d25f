"""``release-audit dataset``: what can be done with a dataset as a whole."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.app import new_typer
from audit.cli.options import DEFAULT_DATASET, DatasetOption
from audit.cli.verbosity import LOG
from audit.export.client import Client

dataset = new_typer(no_args_is_help=True, add_completion=False)


@dataset.callback()
def _dataset() -> None:
    """Do something with a dataset as a whole."""


@dataset.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make; for csv, the folder.")],
    to: Annotated[Client, typer.Option(help="For which client.")] = Client.DUCKDB,
    dataset: DatasetOption = DEFAULT_DATASET,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that an export made before.")] = False,
) -> None:
    """Write a dataset's last commit to one file, for clients that are not this program.

    duckdb, for DuckDB 1.2 and later: a copy of all tables, all views, and each flag and statistic as a table macro:
    from late_files(). browser: the same with plain UTC times and without digests, at most 60 MB: of more it holds
    releases that grew late. sqlite: the tables, the lag beside each file, with indices. csv: these as a folder.

    What is left out is counted, on the terminal and in the file's table left_out.

    Example: release-audit dataset export --to duckdb numbers.duckdb
    """
    # Imported late: this loads DuckDB and Arrow, which --help does without.
    from audit.export.formats import export as write

    for line in write(dataset, to, file, is_forced=force):
        LOG.info("%s", line)
    size = sum(each.stat().st_size for each in ([*file.iterdir()] if file.is_dir() else [file]))
    LOG.info("%s: %s bytes", file, f"{size:,}")
