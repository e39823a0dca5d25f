"""Strangers' text in one line."""

import pytest

from audit.answers.text import in_a_line


@pytest.mark.parametrize(
    ("value", "line"), [("", ""), (14, "14"), ("a\x1b[31m", "a\\x1b[31m"), ("spam\neggs\n", "2 lines"), (None, "None")]
)
def test_a_value_is_one_line(value: object, line: str) -> None:
    assert in_a_line(value) == line
