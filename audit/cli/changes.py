"""``release-audit changes``: what crawls saw appear, vanish, change or get yanked."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli.options import DEFAULT_DATASET, DatasetOption, FormatOption, LimitOption, OutputOption, show
from audit.cli.verbosity import LOG
from audit.counting import counted
from audit.errors import UsageError
from audit.model import CRAWL_ID_PATTERN, Event, started_at
from audit.reports.format import Format

if TYPE_CHECKING:
    from audit.access import Dataset
    from audit.answers import Answer

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Crawl ids count whole seconds: what began after a crawl began at least this much later.
_NEXT = timedelta(seconds=1)


def changes(
    since: Annotated[
        str | None,
        typer.Option(
            metavar="CRAWL|DATE",
            help="Only crawls after this one (its id), or from this UTC day on (2026-11-23); default: all.",
        ),
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    event: Annotated[Event | None, typer.Option(help="Only this kind of change.")] = None,
    project: Annotated[str | None, typer.Option(metavar="NAME", help="Only this project.")] = None,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
) -> None:
    """Show what changed between crawls: newest first; a project's first sight is no change.

    Example: release-audit changes --since 2026-11-23 --event vanished
    """
    from audit.access import Dataset
    from audit.reports.changes import loud_note

    start = None if since is None else _start(since)
    with Dataset(dataset) as opened:
        _check_crawl(since, opened)
        answer = opened.query("changes", since_at=start, event=event and event.value, project=project)
        told = _told(answer, opened.crawl_ids, start)
    warning = loud_note(answer.arrow())
    if form in {Format.TABLE, Format.MARKDOWN}:
        told += [warning] if warning else []
    elif warning:  # these formats hold rows alone
        LOG.warning("%s", warning)
    show(_shown(answer, form), form, limit, told, out=out, outside=dataset)


def _start(since: str) -> datetime:
    """The earliest start of the crawls that are meant.

    Raises:
        UsageError: the text is neither a day nor the id of a crawl.
    """
    try:
        if _DATE.fullmatch(since):
            return datetime.fromisoformat(since).replace(tzinfo=UTC)
        return started_at(since) + _NEXT
    except ValueError:
        raise UsageError(
            f"--since {since!r} does not fit: expected a crawl's id (20261123T101500Z) or a day (2026-11-23)"
        ) from None


def _check_crawl(since: str | None, opened: "Dataset") -> None:
    """Holds that a crawl which is named was one: nothing seen since a slip of the pen would look like good news."""
    known = opened.crawl_ids
    if since is not None and CRAWL_ID_PATTERN.fullmatch(since) and since not in known:
        last = f"its last is {known[-1]}" if known else "it has none"
        raise UsageError(
            f"--since {since}: {opened.path} has no such crawl ({last}); a day such as 2026-11-23 fits too"
        )


def _told(answer: "Answer", crawl_ids: list[str], start: datetime | None) -> list[str]:
    """What the rows are a part of: without it, no change and no crawl would look the same."""
    meant = [crawl for crawl in crawl_ids if start is None or started_at(crawl) >= start]
    began = f"The history begins with crawl {crawl_ids[0]}." if crawl_ids else "No crawl has been committed."
    caveat = [answer.header.caveat] if answer.header else []
    return [
        f"{counted(len(answer), 'change')} seen by {len(meant):,} of {counted(len(crawl_ids), 'crawl')}. {began}",
        *caveat,
    ]


def _shown(answer: "Answer", form: Format) -> "Answer":
    from audit.answers import Answer
    from audit.reports.changes import for_people

    return Answer(for_people(answer.arrow()), answer.name) if form is Format.TABLE else answer
