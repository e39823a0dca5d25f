"""What numbers stand on, in one sentence: printed with every report."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audit.reports.values import utc


def coverage_note(row: Mapping[str, Any]) -> str:
    """The one row of the statistic ``coverage`` as text."""
    return (
        f"Stands on {row['projects_asked']:,} projects asked for: {row['projects_found']:,} found, "
        f"{row['projects_missing']:,} missing, {row['projects_quarantined']:,} quarantined, "
        f"{row['projects_unknown']:,} never answered; {row['projects_failed']:,} failed at their last asking. "
        f"{row['files']:,} files ({row['untimed_files']:,} without an upload time) in {row['releases']:,} releases "
        f"({row['empty_releases']:,} with no file), uploaded from {_day(row['first_uploaded_at'])} to "
        f"{_day(row['last_uploaded_at'])}; answers of {_day(row['oldest_answer_at'])} to "
        f"{_day(row['newest_answer_at'])}. Deleted files are not seen: a lag is a lower bound."
    )


def _day(time: datetime | None) -> str:
    return "never" if time is None else utc(time)[:10]
