"""What numbers stand on, in one sentence: printed with every report."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audit.reports.untimed import nothing_told
from audit.reports.values import utc


def coverage_note(row: Mapping[str, Any]) -> str:
    """The one row of the statistic ``coverage`` as text."""
    nothing = nothing_told(row["files"], row["untimed_files"])
    return (
        f"{nothing + ' ' if nothing else ''}"
        f"Stands on {row['projects_asked']:,} projects asked for: {row['projects_found']:,} found, "
        f"{row['projects_missing']:,} missing, {row['projects_quarantined']:,} quarantined, "
        f"{row['projects_unknown']:,} never answered; {row['projects_failed']:,} failed at their last asking. "
        f"{row['files']:,} files ({row['untimed_files']:,} without an upload time) in {row['releases']:,} releases "
        f"({row['empty_releases']:,} with no file, {row['unlisted_releases']:,} not listed by the index)"
        f"{_days(', uploaded from', row['first_uploaded_at'], row['last_uploaded_at'])}"
        f"{_days('; answers of', row['oldest_answer_at'], row['newest_answer_at'])}. "
        f"Set aside: {row['set_aside_files']:,} files, and {row['set_aside_fields']:,} fields of others. "
        "Deleted files are not seen: a lag is a lower bound."
    )


def _days(told: str, first: datetime | None, last: datetime | None) -> str:
    """The days of two times; nothing where there are none."""
    return "" if first is None or last is None else f"{told} {utc(first)[:10]} to {utc(last)[:10]}"
