"""Cells as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit.answers.values import readable, utc


@pytest.mark.parametrize(
    ("time", "exact", "shown"),
    [
        (datetime(2016, 4, 20, 4, 35, 21, 354894, UTC), "2016-04-20T04:35:21.354894Z", "2016-04-20 04:35Z"),
        (datetime(2, 1, 1, tzinfo=UTC), "0002-01-01T00:00:00.000000Z", "0002-01-01 00:00Z"),
        (
            datetime(2020, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            "2019-12-31T23:00:00.000000Z",
            "2019-12-31 23:00Z",
        ),
    ],
)
def test_a_time_has_a_year_of_four_digits_in_utc(time: datetime, exact: str, shown: str) -> None:
    assert (utc(time), readable("uploaded_at", time)) == (exact, shown)
