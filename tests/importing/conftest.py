"""Fixtures for every import."""

import pytest


@pytest.fixture(autouse=True)
def _uncounted(uncounted: None) -> None:
    """No test of imports looks at the headline numbers."""
