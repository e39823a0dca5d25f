"""A few kills in every run of the tests; ``make torture`` has a hundred."""

from pathlib import Path

import pytest

from tests.torture import torture


@pytest.mark.slow
def test_a_crawl_that_is_killed_again_and_again_has_the_same_result(tmp_path: Path) -> None:
    toll = torture(tmp_path, kills=4, seed=7)
    assert (toll.kills, toll.in_switch, toll.ends >= 1) == (4, 2, True)
