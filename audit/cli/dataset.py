"""``release-audit dataset``: operations on a whole dataset."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.app import new_typer
from audit.cli.options import DEFAULT_DATASET, DatasetOption
from audit.cli.verbosity import LOG
from audit.counting import counted
from audit.dataset.export.client import Client

dataset = new_typer(no_args_is_help=True, add_completion=False)


@dataset.callback()
def _dataset() -> None:
    """Export or upgrade a dataset."""


@dataset.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make, or the folder.")],
    to: Annotated[Client, typer.Option(help="For which client.")] = Client.DUCKDB,
    dataset: DatasetOption = DEFAULT_DATASET,
    shards: Annotated[
        int | None, typer.Option("--shards", metavar="N", help="Parts of parquet-partitioned (default: 8).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that an export made before.")] = False,
) -> None:
    """Write a dataset's last commit for other programs.

    duckdb, for DuckDB 1.2 and later: a copy of all tables, all views, and each flag and statistic as a table macro:
    from late_files(). browser: the same with plain UTC times and without digests, at most 60 MB; a larger dataset is
    cut to releases that grew late. sqlite: the tables, the lag beside each file, with indices. csv: these as a folder.
    parquet-partitioned: the tables as a folder in shards, by a hash of the project, for engines on many machines.

    What is left out is counted, on the terminal and in the file's table left_out.

    Example: release-audit dataset export --to duckdb numbers.duckdb
    """
    # Imported late: this loads DuckDB and Arrow, which --help does not need.
    from audit.dataset.export.formats import export as write

    for line in write(dataset, to, file, is_forced=force, shards=shards):
        LOG.info("%s", line)
    size = sum(each.stat().st_size for each in (file.rglob("*") if file.is_dir() else [file]))
    LOG.info("%s: %s bytes", file, f"{size:,}")


@dataset.command()
def upgrade(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A dataset that an older release-audit wrote.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The folder to make.")],
) -> None:
    """Write a dataset of an older schema in this one's.

    It goes to a new folder, with its whole history; the old one stays as it is. What its schema did not have is null.
    Crawls go on in the new folder; after a dataset of schema 1 or 2, the next one asks for every page again: the
    release of a file was found by other rules then, and where it differs now, that is shown as a change.

    Example: release-audit dataset upgrade data/pypi data/pypi-new
    """
    # Imported late: this loads DuckDB and Arrow, which --help does not need.
    from audit.dataset.dataset import Dataset
    from audit.dataset.upgrade import upgrade as write

    version = write(old, new)
    with Dataset(new) as opened:
        held, crawls = opened.describe(), len(opened.crawl_ids)
    LOG.info(
        "%s: %s, %s and %s, of schema version %s before; release-audit check --all looks at them",
        *(new, counted(held.project_count, "project"), counted(held.file_count, "file"), counted(crawls, "crawl")),
        version,
    )
