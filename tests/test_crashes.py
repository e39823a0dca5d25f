"""Some of the ends in every run of the tests; ``make torture`` has all of them."""

import pytest

from tests.crashes import crash


@pytest.mark.slow
def test_a_command_that_ends_anywhere_leaves_the_state_before_or_after() -> None:
    toll = crash(every=35)
    assert len(toll.ends) == 9
    assert all(count >= 2 for count in toll.ends.values()), toll
