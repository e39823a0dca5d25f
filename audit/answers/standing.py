"""Where one project stands: whether its files are what the index lists now, and why there may be none."""

from collections.abc import Iterator, Mapping
from typing import Any

from audit.answers.text import plain
from audit.answers.values import utc
from audit.counting import counted
from audit.model import INCOMPLETE, Outcome

_WITHOUT_FILES = {
    Outcome.MISSING: "the index does not know the project",
    Outcome.QUARANTINED: "the index has quarantined the project",
}


def why_no_file(row: Mapping[str, Any]) -> str:
    """Why no file of the project is listed, from its row of ``projects``."""
    if row["last_outcome"] in INCOMPLETE:
        return f"the project was not reached when it was last asked for ({plain(row['failure_reason'])})"
    if row["last_outcome"] in _WITHOUT_FILES:
        return _WITHOUT_FILES[row["last_outcome"]]
    return "the index knows it, with no file"


def standing_notes(row: Mapping[str, Any], shown_count: int | None) -> Iterator[str]:
    """What a timeline of the project does not show: that it is an older state, and its releases with no file.

    ``row`` is its row of ``projects``, ``shown_count`` counts the releases shown; None: only one was asked for.
    """
    if row["last_outcome"] in INCOMPLETE:
        failed = f"was not reached when it was last asked for ({plain(row['failure_reason'])})"
        since = f" on {utc(row['last_checked_at'])[:10]}" if row["last_checked_at"] else " before"
        yield f"{row['project']} {failed}: this is what the index listed{since}."
    empty_count = 0 if shown_count is None else row["release_count"] - shown_count
    if empty_count > 0:
        yield f"Not shown: {counted(empty_count, 'release')} with no file."
