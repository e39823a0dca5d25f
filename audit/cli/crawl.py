"""``release-audit crawl``: reads an index's upload times into a dataset."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.answers.format import LogFormat
from audit.cli.options import (
    DEFAULT_DATASET,
    DEFAULT_WORKERS,
    ApiOption,
    ContactOption,
    DatasetOption,
    IndexOption,
    JsonUrlOption,
    LogFormatOption,
    OwnIndexOption,
    RateOption,
    WorkersOption,
    check_workers,
    index_address,
    read_projects,
)
from audit.cli.running import tell, watched
from audit.errors import UsageError
from audit.model import ApiChoice

if TYPE_CHECKING:
    from packaging.utils import NormalizedName


def crawl(
    context: typer.Context,
    dataset: DatasetOption = DEFAULT_DATASET,
    project: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Crawl this project; repeatable.")] = None,
    projects: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="File of names, one per line (# comments), or ranked list (JSON, rows[].project)."
        ),
    ] = None,
    top: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N names of --projects.")] = None,
    whole_index: Annotated[
        bool, typer.Option("--whole-index", help="Crawl every project that the index lists.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Crawl again what failed or was stale last time.")
    ] = False,
    index_url: IndexOption = None,
    json_url: JsonUrlOption = None,
    api: ApiOption = ApiChoice.AUTO,
    workers: WorkersOption = DEFAULT_WORKERS,
    own_index: OwnIndexOption = False,
    contact: ContactOption = None,
    rate: RateOption = None,
    time_limit: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0, help="Stop after this time, and commit what is there.")
    ] = None,
    project_time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", min=1, help="Time limit for all requests for one project.")
    ] = 120.0,
    full: Annotated[bool, typer.Option("--full", help="Ask also for projects that have not changed.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Drop what a killed crawl left, and start over.")] = False,
    moved_index: Annotated[bool, typer.Option("--moved-index", help="It is the same index, at a new address.")] = False,
    allow_vanishing: Annotated[
        bool, typer.Option("--allow-vanishing", help="Commit even if all, or most, known projects are gone.")
    ] = False,
    log_format: LogFormatOption = LogFormat.TEXT,
    record: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep the pages as received, for `release-audit replay DIR`."),
    ] = None,
) -> None:
    """Crawl upload times into a dataset; ends with 4 if a project could not be reached or an assertion fails.

    Example: release-audit crawl --project numpy --project pillow --workers 2
    """
    from audit.lean import take_memory_from_system

    take_memory_from_system()
    # Imported late: these load the HTTP client, Arrow and DuckDB, which --help does not need.
    from audit.crawl import CrawlRequest
    from audit.crawl import crawl as run
    from audit.crawl.fetch import Manners
    from audit.crawl.index import options_of, parse_name

    check_workers(workers, own_index=own_index)
    wanted = _wanted(project or [], projects, top, whole_index=whole_index, retry_failed=retry_failed)
    request = CrawlRequest(
        dataset=dataset,
        address=index_address(context, index_url, json_url),
        projects=wanted,
        api=api.api,
        manners=Manners(workers=workers, contact=contact, rate=rate, project_time_limit=project_time_limit),
        is_full=full,
        is_fresh=fresh,
        only_failed=retry_failed,
        is_moved=moved_index,
        may_vanish=allow_vanishing,
        time_limit=time_limit,
        record=record,
        options=options_of([*map(parse_name, project or [])], projects, top) if projects else None,
    )
    summary = watched(lambda watch: run(request, datetime.now(UTC), watch), dataset, log_format, is_fresh=fresh)
    tell(summary, log_format)


def _wanted(
    named: list[str], file: Path | None, top: int | None, *, whole_index: bool, retry_failed: bool
) -> "list[NormalizedName] | None":
    """The projects that the options name; None: the whole index, or those that failed.

    Raises:
        UsageError: the options name nothing, or too many things at once, or the file cannot be read.
    """
    from audit.crawl.index import parse_name

    ways = [bool(named or file), whole_index, retry_failed]
    if sum(ways) != 1:
        raise UsageError(
            "say which projects: give one of --project NAME, --projects FILE, --whole-index and --retry-failed"
        )
    if top is not None and file is None:
        raise UsageError(f"--top {top} shortens a list: give --projects FILE")
    if whole_index or retry_failed:
        return None
    return [*map(parse_name, named), *(read_projects("--projects", file, top) if file else [])]
