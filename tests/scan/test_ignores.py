"""An ignore of the settings: what it says is validated, and a reason is required."""

from datetime import date
from typing import Any

import pytest

from audit.errors import UsageError
from audit.scan.ignores import Ignore, read_ignore


def test_all_that_an_ignore_can_say() -> None:
    table = {
        "rule": "ra002",
        "reason": " looked at ",
        "project": "Mark_Up.Safe",
        "version": "1.1.1",
        "filename": "a.whl",
        "until": date(2027, 1, 31),
    }
    found = read_ignore(table)
    assert found == Ignore("RA002", "looked at", "mark-up-safe", "1.1.1", "a.whl", date(2027, 1, 31))
    assert str(found) == "RA002 mark-up-safe==1.1.1 a.whl"
    assert str(read_ignore({"rule": "RA001", "reason": "x"})) == "RA001"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"rule": "RA001"}, "it has no reason"),
        ({"rule": "RA001", "reason": "  "}, "it does not fit"),
        ({"reason": "x"}, "it does not fit"),
        ({"rule": "RA01", "reason": "x"}, "no rule 'RA01': did you mean 'RA001'"),
        ({"rule": "RA001", "reason": "x", "projet": "y"}, "'projet' is not one of its keys: did you mean 'project'"),
        ({"rule": "RA001", "reason": "x", "until": "soon"}, "it does not fit"),
        ({"rule": "RA001", "reason": "x", "version": 1.1}, "it does not fit"),
        ("RA001", "it is not a table"),
    ],
)
def test_what_does_not_fit_is_named(table: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_ignore(table)


def test_the_last_day_is_still_one_on_which_it_holds() -> None:
    ignore = Ignore("RA001", "x", until=date(2026, 11, 27))
    assert not ignore.is_expired(date(2026, 11, 27))
    assert ignore.is_expired(date(2026, 11, 28))
    assert not Ignore("RA001", "x").is_expired(date.max)
