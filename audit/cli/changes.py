"""``release-audit changes``: what crawls saw appear, vanish, change or get yanked."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from audit.answers.format import Format
from audit.cli.options import DEFAULT_DATASET, DatasetOption, FormatOption, LimitOption, OutputOption, show
from audit.cli.since import SinceOption, check_crawl, start_of
from audit.cli.verbosity import LOG
from audit.counting import counted
from audit.model import Event, started_at

if TYPE_CHECKING:
    from audit.dataset.answer import Answer


def changes(
    since: SinceOption = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    event: Annotated[Event | None, typer.Option(help="Only this kind of change.")] = None,
    project: Annotated[str | None, typer.Option(metavar="NAME", help="Only this project.")] = None,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
) -> None:
    """Show what changed between crawls: newest first. What the first crawl of a project finds is no change.

    Example: release-audit changes --since 2026-11-23 --event vanished
    """
    from audit.answers.changes import loud_note
    from audit.dataset.dataset import Dataset

    start = None if since is None else start_of(since)
    with Dataset(dataset) as opened:
        check_crawl(since, opened)
        answer = opened.query("changes", since_at=start, event=event and event.value, project=project)
        notes = _scope(answer, opened.crawl_ids, start)
    warning = loud_note(answer.arrow())
    if form in {Format.TABLE, Format.MARKDOWN}:
        notes += [warning] if warning else []
    elif warning:  # these formats have only rows
        LOG.warning("%s", warning)
    show(_shown(answer, form), form, limit, notes, out=out, outside=dataset)


def _scope(answer: "Answer", crawl_ids: list[str], start: datetime | None) -> list[str]:
    """What the rows are a part of: without it, "no change" and "no crawl" would look the same."""
    meant = [crawl for crawl in crawl_ids if start is None or started_at(crawl) >= start]
    began = f"The history begins with crawl {crawl_ids[0]}." if crawl_ids else "No crawl has been committed."
    caveat = [answer.header.caveat] if answer.header else []
    return [
        f"{counted(len(answer), 'change')} seen by {len(meant):,} of {counted(len(crawl_ids), 'crawl')}. {began}",
        *caveat,
    ]


def _shown(answer: "Answer", form: Format) -> "Answer":
    from audit.answers.changes import for_people
    from audit.dataset.answer import Answer

    return Answer(for_people(answer.arrow()), answer.name) if form is Format.TABLE else answer
