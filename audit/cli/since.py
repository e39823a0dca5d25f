"""``--since``: a crawl, or a day."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from audit.errors import UsageError
from audit.model import CRAWL_ID_PATTERN, started_at

if TYPE_CHECKING:
    from audit.dataset.dataset import Dataset

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
# Crawl ids are in whole seconds: a later crawl began at least this much later.
_NEXT: Final = timedelta(seconds=1)

SinceOption = Annotated[
    str | None,
    typer.Option(
        metavar="CRAWL|DATE",
        help="Only crawls after this one (its id), or from this UTC day on (2026-11-23); default: all.",
    ),
]


def start_of(since: str) -> datetime:
    """The earliest start of the chosen crawls.

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


def check_crawl(since: str | None, opened: "Dataset") -> None:
    """Checks that a named crawl exists: after a typing error, "nothing changed" would look like good news."""
    known = opened.crawl_ids
    if since is not None and CRAWL_ID_PATTERN.fullmatch(since) and since not in known:
        last = f"its last is {known[-1]}" if known else "it has none"
        raise UsageError(
            f"--since {since}: {opened.path} has no such crawl ({last}); a day such as 2026-11-23 fits too"
        )
