"""The basis of numbers, as a sentence."""

from datetime import UTC, datetime

import pytest

from audit.answers.coverage import coverage_note

_PROJECTS = ("asked", "found", "missing", "quarantined", "unknown", "failed")
_FILES = ("files", "untimed_file_count", "releases", "empty_release_count")
_ODD = ("unlisted_release_count", "set_aside_file_count", "set_aside_field_count")
COUNTS = dict.fromkeys((*(f"{each}_project_count" for each in _PROJECTS), *_FILES, *_ODD), 1_000) | {
    "recorded_project_count": 0,
    "sources": None,
}
FIRST, LAST = datetime(2020, 1, 1, 23, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
UPLOADED, ANSWERED = ", uploaded from 2020-01-01 to 2026-11-23", "; answers of 2020-01-01 to 2026-11-23"


@pytest.mark.parametrize(
    ("uploaded", "answered", "expected"),
    [
        ((FIRST, LAST), (FIRST, LAST), f"{UPLOADED}{ANSWERED}."),
        ((None, None), (FIRST, LAST), f"{ANSWERED}."),
        ((None, None), (None, None), "."),
    ],
)
def test_days_are_given_where_there_are_any(
    uploaded: tuple[datetime | None, ...], answered: tuple[datetime | None, ...], expected: str
) -> None:
    names = ("first_uploaded_at", "last_uploaded_at", "oldest_answer_at", "newest_answer_at")
    note = coverage_note(COUNTS | dict(zip(names, (*uploaded, *answered), strict=True)))
    assert (
        f"1,000 releases (1,000 with no file, 1,000 not listed by the index){expected} Set aside: 1,000 files" in note
    )
    assert "1,000 single fields. Deleted files are not seen" in note


@pytest.mark.parametrize(
    ("count", "first", "expected"),
    [
        (1_000, LAST, "; answers of 2026-11-27, all replayed: pages of PyPI recorded 2026-11-23."),
        (900, FIRST, "; answers of 2026-11-27, 900 replayed: pages of PyPI recorded 2020-01-01 to 2026-11-23."),
    ],
)
def test_pages_that_were_replayed_say_when_they_were_recorded(count: int, first: datetime, expected: str) -> None:
    now = datetime(2026, 11, 27, 9, tzinfo=UTC)
    row = COUNTS | {
        **dict.fromkeys(("first_uploaded_at", "last_uploaded_at")),
        **{"oldest_answer_at": now, "newest_answer_at": now, "recorded_project_count": count},
        **{"oldest_recorded_at": first, "newest_recorded_at": LAST, "recorded_from": "PyPI\x1b[31m"},
    }
    assert expected.replace("PyPI", "PyPI\\x1b[31m") in coverage_note(row)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ("crawl", "Deleted files are not seen: a lag is a lower bound."),
        ("bigquery", "Imported from bigquery: deleted files are among these, and are counted."),
        ("bigquery, crawl", "From bigquery and crawl: some deleted files are not known, and a lag is a lower bound."),
    ],
)
def test_what_is_known_of_deleted_files_depends_on_the_sources(sources: str, expected: str) -> None:
    names = ("first_uploaded_at", "last_uploaded_at", "oldest_answer_at", "newest_answer_at")
    assert coverage_note(COUNTS | dict.fromkeys(names) | {"sources": sources}).endswith(expected)
