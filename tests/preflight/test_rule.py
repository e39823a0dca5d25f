"""Which rules apply: PyPI's for PyPI, from when it had them, and those that the user names."""

from datetime import UTC, datetime, timedelta

import pytest
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from audit.preflight.choice import RuleChoice
from audit.preflight.rule import UploadRule, is_pypi, rule_for

OTHER = "https://host.example.com/simple/"
BEFORE, AFTER = (datetime(2026, 7, 8, 21, 43, second, tzinfo=UTC) for second in (56, 57))
DAYS_14 = UploadRule(timedelta(days=14))


@pytest.mark.parametrize(
    ("choice", "index_url", "at", "expected"),
    [
        (RuleChoice.AUTO, PYPI_SIMPLE_ENDPOINT, AFTER, DAYS_14),
        (RuleChoice.AUTO, PYPI_SIMPLE_ENDPOINT, BEFORE, UploadRule(None)),
        (RuleChoice.AUTO, OTHER, AFTER, None),
        (RuleChoice.AUTO, None, AFTER, None),
        (RuleChoice.PYPI_14D, OTHER, BEFORE, DAYS_14),
        (RuleChoice.NONE, PYPI_SIMPLE_ENDPOINT, AFTER, None),
    ],
)
def test_rule_for(choice: RuleChoice, index_url: str | None, at: datetime, expected: UploadRule | None) -> None:
    assert rule_for(choice, index_url, at) == expected


def test_which_index_is_pypi() -> None:
    assert is_pypi(PYPI_SIMPLE_ENDPOINT)
    assert not is_pypi(PYPI_SIMPLE_ENDPOINT.replace("://", "://mirror."))
    assert DAYS_14.days == 14
