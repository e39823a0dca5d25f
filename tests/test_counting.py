"""Counts in words."""

import pytest

from audit.counting import counted


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1_001, "1,001 files")],
)
def test_one_is_one(count: int, text: str) -> None:
    assert counted(count, "file") == text


def test_a_plural_of_its_own() -> None:
    assert [counted(count, "query", "queries") for count in (1, 2)] == ["1 query", "2 queries"]
