"""``release-audit dataset``: what can be done with a dataset as a whole."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from audit.cli.app import new_typer
from audit.cli.options import DEFAULT_DATASET, DatasetOption
from audit.cli.verbosity import LOG

dataset = new_typer(no_args_is_help=True, add_completion=False)


class Client(StrEnum):
    """What a dataset can be exported to."""

    DUCKDB = "duckdb"


@dataset.callback()
def _dataset() -> None:
    """Do something with a dataset as a whole."""


@dataset.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make.")],
    to: Annotated[Client, typer.Option(help="For which client.")] = Client.DUCKDB,
    dataset: DatasetOption = DEFAULT_DATASET,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that an export made before.")] = False,
) -> None:
    """Write a dataset's last commit to one DuckDB file, for any client.

    It holds a copy of all tables, all views, and each flag and statistic as a table macro: from late_files().

    Example: release-audit dataset export --to duckdb numbers.duckdb
    """
    # Imported late: this loads DuckDB and Arrow, which --help does without.
    from audit.export import export_duckdb

    write = {Client.DUCKDB: export_duckdb}[to]
    write(dataset, file, is_forced=force)
    LOG.info("%s: %s bytes", file, f"{file.stat().st_size:,}")
