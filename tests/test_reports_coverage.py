"""What numbers stand on, as a sentence."""

from datetime import UTC, datetime

import pytest

from audit.reports.coverage import coverage_note

_PROJECTS = ("asked", "found", "missing", "quarantined", "unknown", "failed")
_FILES = ("files", "untimed_files", "releases", "empty_releases")
_ODD = ("unlisted_releases", "set_aside_files", "set_aside_fields")
COUNTS = dict.fromkeys((*(f"projects_{each}" for each in _PROJECTS), *_FILES, *_ODD), 1_000)
FIRST, LAST = datetime(2020, 1, 1, 23, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
UPLOADED, ANSWERED = ", uploaded from 2020-01-01 to 2026-11-23", "; answers of 2020-01-01 to 2026-11-23"


@pytest.mark.parametrize(
    ("uploaded", "answered", "told"),
    [
        ((FIRST, LAST), (FIRST, LAST), f"{UPLOADED}{ANSWERED}."),
        ((None, None), (FIRST, LAST), f"{ANSWERED}."),
        ((None, None), (None, None), "."),
    ],
)
def test_days_are_told_where_there_are_any(
    uploaded: tuple[datetime | None, ...], answered: tuple[datetime | None, ...], told: str
) -> None:
    names = ("first_uploaded_at", "last_uploaded_at", "oldest_answer_at", "newest_answer_at")
    note = coverage_note(COUNTS | dict(zip(names, (*uploaded, *answered), strict=True)))
    assert f"1,000 releases (1,000 with no file, 1,000 not listed by the index){told} Set aside: 1,000 files" in note
    assert "1,000 fields of others. Deleted files are not seen" in note
