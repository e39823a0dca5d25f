"""The progress of a crawl, shown to the user who started it."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from audit.answers.format import LogFormat
from audit.cli.verbosity import LOG

if TYPE_CHECKING:
    from audit.answers.progress import Step
    from audit.crawl import Tally


@contextmanager
def watching(log_format: LogFormat, label: str = "crawl") -> Iterator[Callable[["Tally"], None]]:
    """Yields the callback for each step of a crawl; with --quiet nothing is shown.

    ``label`` names it, if it is not a crawl.
    """
    from audit.answers.progress import Step, crawl_progress

    shown = (
        crawl_progress(log_format, time.monotonic, label=label)
        if LOG.isEnabledFor(logging.INFO)
        else nullcontext(_unseen)
    )
    with shown as update:
        yield lambda tally: update(Step(tally.asked, tally.ended, tally.failed, tally.file_count, tally.body_bytes))


def _unseen(_: "Step") -> None:
    """Shows nothing, for --quiet."""
