"""What crawls and imports share on the command line: progress, signals, and the summary."""

import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from audit.answers.format import LogFormat
from audit.cli import INCOMPLETE
from audit.cli.output import is_terminal, write
from audit.cli.signals import Terminated
from audit.cli.verbosity import LOG
from audit.cli.watching import watching
from audit.counting import counted
from audit.errors import QueryError

if TYPE_CHECKING:
    from audit.crawl import Tally
    from audit.model import Summary

T = TypeVar("T")


def watched(
    run: Callable[[Callable[["Tally"], None]], T],
    dataset: Path,
    log_format: LogFormat,
    *,
    is_fresh: bool,
    label: str = "crawl",
) -> T:
    """The result of ``run``, which gets a callback for its steps; if a signal stops it, says how to resume.

    ``label`` names it in its progress.
    """
    asked = 0

    def watch(tally: "Tally") -> None:
        nonlocal asked
        asked = tally.asked
        update(tally)

    try:
        with watching(log_format, label) as update:
            return run(watch)
    except (KeyboardInterrupt, Terminated) as stop:
        number = stop.signal if isinstance(stop, Terminated) else signal.SIGINT
        _tell_stop(dataset, asked, is_typed=number == signal.SIGINT, is_fresh=is_fresh)
        raise typer.Exit(128 + number) from None


def tell(summary: "Summary", log_format: LogFormat) -> None:
    """Shows what was committed; ends the program with 4 if it is not complete, or an assertion fails."""
    tell_all([summary], log_format, "")


def tell_all(summaries: Sequence["Summary"], log_format: LogFormat, nothing: str) -> None:
    """Shows what was committed, oldest first, and ends as `tell` does; ``nothing`` is the text if there is none."""
    if not summaries:
        LOG.info("%s", nothing)
        return
    for summary in summaries:
        _show(summary, log_format)
    last = summaries[-1]
    is_sound = _is_sound(last.dataset, last.file_count, is_all=len(summaries) > 1)
    if not (is_sound and all(summary.is_complete for summary in summaries)):
        raise typer.Exit(INCOMPLETE)


def _tell_stop(dataset: Path, asked: int, *, is_typed: bool, is_fresh: bool) -> None:
    """Says what a stopped crawl leaves, on a line of its own: the terminal has written ^C wherever the cursor was."""
    from audit.answers.crawl import stopped_text
    from audit.dataset.unfinished import read_unfinished

    if is_typed and is_terminal(sys.stderr):
        with suppress(OSError):
            typer.echo(err=True)
    left = read_unfinished(dataset)
    is_resumed = left is None or not left.source.is_table
    staged = None if left is None else left.staged_count
    LOG.warning("%s", stopped_text(staged, asked, is_fresh=is_fresh, is_resumed=is_resumed))


def _is_sound(dataset: Path, file_count: int, *, is_all: bool) -> bool:
    """Whether every assertion holds for what the last crawl wrote, or for everything; reports each that does not."""
    from audit.dataset.dataset import Dataset
    from audit.dataset.engine import memory_for

    try:
        with Dataset(dataset, memory=memory_for(file_count)) as opened:
            with nullcontext(opened) if is_all else opened.last_written() as part:
                found = part.check()
            broken = [f"{each.name} FAILED: {counted(len(each), 'row')} that should not exist" for each in found]
    except QueryError as error:  # such as a disk too full for sorting: what cannot be checked fails
        broken = [f"the assertions could not be checked ({error})"]
    for line in broken:
        LOG.warning("%s: release-audit check --dataset %s shows more", line, dataset)
    return not broken


def _show(summary: "Summary", log_format: LogFormat) -> None:
    from audit.answers.crawl import crawl_line, crawl_text

    if log_format is LogFormat.JSON:
        typer.echo(crawl_line(summary), err=True)
    write(crawl_text(summary))
