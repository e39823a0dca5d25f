"""``release-audit import``: imports what others have of an index into a dataset."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from audit.answers.format import LogFormat
from audit.cli.app import new_typer
from audit.cli.options import DEFAULT_DATASET, DatasetOption, LogFormatOption, instant, setting
from audit.cli.output import write
from audit.cli.running import tell_all, watched
from audit.cli.tables import FreshOption, bigquery, clickhouse
from audit.model import ApiChoice

importing = new_typer(no_args_is_help=True, add_completion=False)

AtOption = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="When the pages were fetched (default: what they say).")
]
VanishingOption = Annotated[
    bool, typer.Option("--allow-vanishing", help="Commit even if most known projects are gone.")
]
PagesOption = Annotated[
    ApiChoice, setting("api", help="Which API's pages to read; auto: the JSON API's if there are any.")
]


@importing.callback()
def _importing() -> None:
    """Make a dataset from data that others have about an index, or update one with it."""


@importing.command()
def recorded(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Pages that `crawl --record DIR` kept.")],
    dataset: DatasetOption = DEFAULT_DATASET,
    api: PagesOption = ApiChoice.AUTO,
    at: AtOption = None,
    fresh: FreshOption = False,
    allow_vanishing: VanishingOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Import recorded pages, without a server.

    It commits what a crawl of their replay would.

    Example: release-audit import recorded data/sample --dataset data/again
    """
    from audit.lean import take_memory_from_system

    take_memory_from_system()
    # Imported late: this loads Arrow and DuckDB, which --help does not need.
    from audit.importing.recorded import import_recorded

    summary = watched(
        lambda watch: import_recorded(
            folder,
            dataset,
            datetime.now(UTC),
            api=api.api,
            at=instant("--at", at) if at else None,
            is_fresh=fresh,
            may_vanish=allow_vanishing,
            watch=watch,
        ),
        dataset,
        log_format,
        is_fresh=fresh,
        label="import",
    )
    tell_all([] if summary is None else [summary], log_format, f"{dataset} holds {folder} already: nothing is changed")


@importing.command()
def bandersnatch(
    folder: Annotated[Path, typer.Argument(metavar="MIRROR_DIR", help="A mirror: the folder that holds web/.")],
    dataset: DatasetOption = DEFAULT_DATASET,
    api: PagesOption = ApiChoice.AUTO,
    at: AtOption = None,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Only the current pages, without those that keep_index_versions kept.")
    ] = False,
    fresh: FreshOption = False,
    allow_vanishing: VanishingOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Import a bandersnatch mirror.

    The old pages that it kept become history.

    Example: release-audit import bandersnatch /srv/mirror --dataset data/mirror
    """
    from audit.lean import take_memory_from_system

    take_memory_from_system()
    # Imported late: this loads Arrow and DuckDB, which --help does not need.
    from audit.importing.bandersnatch import MirrorRequest, import_bandersnatch

    request = MirrorRequest(
        folder,
        dataset,
        api=api.api,
        at=instant("--at", at) if at else None,
        with_history=not no_history,
        is_fresh=fresh,
        may_vanish=allow_vanishing,
    )
    summaries = watched(
        lambda watch: import_bandersnatch(request, datetime.now(UTC), watch),
        dataset,
        log_format,
        is_fresh=fresh,
        label="import",
    )
    tell_all(summaries, log_format, f"{dataset} holds {folder} already: nothing is changed")


importing.command()(bigquery)
importing.command()(clickhouse)


@importing.command()
def downloads(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="Parquet: filename, month, installer, count.")],
    dataset: DatasetOption = DEFAULT_DATASET,
) -> None:
    """Import counts of downloads, to weigh late files.

    They are counts by month; an imported month replaces the same month in the dataset.

    Example: release-audit import downloads july.parquet --dataset data/pypi
    """
    # Imported late: this loads Arrow and DuckDB, which --help does not need.
    from audit.importing.downloads import downloads_text, import_downloads

    imported = import_downloads(files, dataset)
    write(downloads_text(imported, dataset))
