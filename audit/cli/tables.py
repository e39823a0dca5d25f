"""``release-audit import bigquery`` and ``clickhouse``: tables of PyPI's uploads."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from audit.answers.format import LogFormat
from audit.cli.options import DEFAULT_DATASET, DatasetOption, LogFormatOption
from audit.cli.running import tell, watched
from audit.errors import UsageError
from audit.model import Source

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILES", help="Parquet files of the export; see docs/import.md.")
]
BesideOption = Annotated[
    bool,
    typer.Option("--against-crawl", help="Keep the crawl's listing; record files that only the table has as vanished."),
]
ListOption = Annotated[
    bool, typer.Option("--list-deleted", help="Replace a crawl's listing by the table's, deleted files too.")
]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Drop what a killed crawl or import left, and start over.")]


def bigquery(
    files: FilesArgument,
    dataset: DatasetOption = DEFAULT_DATASET,
    against_crawl: BesideOption = False,
    list_deleted: ListOption = False,
    fresh: FreshOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Import BigQuery's public table of PyPI's uploads.

    It has deleted files too.

    Example: release-audit import bigquery export/*.parquet --dataset data/pypi
    """
    how = {"is_beside": against_crawl, "lists_deleted": list_deleted, "is_fresh": fresh}
    _import(Source.BIGQUERY, files, dataset, log_format, how)


def clickhouse(
    files: FilesArgument,
    dataset: DatasetOption = DEFAULT_DATASET,
    against_crawl: BesideOption = False,
    list_deleted: ListOption = False,
    fresh: FreshOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Import ClickHouse's copy of BigQuery's table.

    Its times are in milliseconds.

    Example: release-audit import clickhouse export/*.parquet --dataset data/pypi
    """
    how = {"is_beside": against_crawl, "lists_deleted": list_deleted, "is_fresh": fresh}
    _import(Source.CLICKHOUSE, files, dataset, log_format, how)


def _import(source: Source, files: list[Path], dataset: Path, log_format: LogFormat, how: Mapping[str, bool]) -> None:
    from audit.lean import take_memory_from_system

    if how["is_beside"] and how["lists_deleted"]:
        raise UsageError("--against-crawl keeps the listing and --list-deleted replaces it: give one")
    take_memory_from_system()
    # Imported late: this loads Arrow and DuckDB, which --help does not need.
    from audit.importing.table.run import TableImport, import_table

    request = TableImport(source, files, dataset, **how)
    summary = watched(
        lambda watch: import_table(request, datetime.now(UTC), watch),
        dataset,
        log_format,
        is_fresh=how["is_fresh"],
        label="import",
    )
    tell(summary, log_format)
