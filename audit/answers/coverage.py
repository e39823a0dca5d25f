"""The basis of numbers, in one sentence: printed with every report."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from audit.answers.text import plain
from audit.answers.untimed import no_times_note
from audit.answers.values import utc
from audit.counting import counted
from audit.model import Source

_PROGRAMS_NAMED: Final = 3


def coverage_note(row: Mapping[str, Any], deleted: str | None = None) -> str:
    """The one row of the statistic ``coverage`` as text; ``deleted`` is a sentence on deleted files if they count."""
    nothing = no_times_note(row["files"], row["untimed_file_count"])
    files, fields = counted(row["set_aside_file_count"], "file"), counted(row["set_aside_field_count"], "single field")
    set_aside = f"{files} and {fields}"
    return (
        f"{nothing + ' ' if nothing else ''}"
        f"Based on {counted(row['asked_project_count'], 'project')} asked for: "
        f"{row['found_project_count']:,} found, {row['missing_project_count']:,} missing, "
        f"{row['quarantined_project_count']:,} quarantined, "
        f"{row['unknown_project_count']:,} never answered; "
        f"{row['failed_project_count']:,} failed when last asked. "
        f"{counted(row['files'], 'file')} ({row['untimed_file_count']:,} without an upload time) "
        f"in {counted(row['releases'], 'release')} "
        f"({row['empty_release_count']:,} with no file, {row['unlisted_release_count']:,} not listed by the index)"
        f"{_days(', uploaded from', row['first_uploaded_at'], row['last_uploaded_at'])}"
        f"{_days('; answers of', row['oldest_answer_at'], row['newest_answer_at'])}{_recorded(row)}. "
        f"Set aside: {set_aside}. "
        f"{_deleted(row['sources']) if deleted is None else deleted}"
    )


def counted_by(version: str, programs: Iterable[str]) -> str:
    """The program that counts, and those that committed the crawls, as a sentence; ``programs`` as for `crawled_by`."""
    crawled = crawled_by(programs)
    return f"Counted by release-audit {version}{f'; crawled by {crawled}' if crawled else ''}."


def crawled_by(programs: Iterable[str]) -> str:
    """The programs that committed the crawls, by the version of each crawl, oldest first (empty: not recorded).

    Each is named once, newest first; if there are many, they are counted. Without a crawl the text is empty.
    """
    named = list(dict.fromkeys(reversed(list(programs))))
    left = len(named) - _PROGRAMS_NAMED
    shown = [f"release-audit {plain(name)}" if name else "an unknown version" for name in named]
    return ", ".join(shown[:_PROGRAMS_NAMED]) + (f" and {left:,} more" if left > 0 else "")


def _deleted(joined: str | None) -> str:
    """What the sources, joined by commas, say about deleted files."""
    sources = joined.split(", ") if joined else []
    tables = [source for source in sources if source in {each.value for each in Source if each.is_table}]
    if not tables:
        return "Deleted files are not seen: a lag is a lower bound."
    if len(tables) == len(sources):
        return f"Imported from {' and '.join(tables)}: deleted files are among these, and are counted."
    return f"From {' and '.join(sources)}: some deleted files are not known, and a lag is a lower bound."


def _recorded(row: Mapping[str, Any]) -> str:
    """For replayed pages: which index they are from, and when they were recorded."""
    if not row["recorded_project_count"]:
        return ""
    which = (
        "all" if row["recorded_project_count"] == row["asked_project_count"] else f"{row['recorded_project_count']:,}"
    )
    when = _days("", row["oldest_recorded_at"], row["newest_recorded_at"]).strip()
    return f", {which} replayed: pages of {plain(row['recorded_from'])} recorded {when}"


def _days(prefix: str, first: datetime | None, last: datetime | None) -> str:
    """The days of two times, or the one day of both; empty if there are no times."""
    if first is None or last is None:
        return ""
    days = list(dict.fromkeys([utc(first)[:10], utc(last)[:10]]))
    return f"{prefix} {' to '.join(days)}"
