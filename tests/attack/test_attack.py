"""The quick attacks in every run of the tests; ``make attack`` has all of them."""

from pathlib import Path

import pytest

from tests.attack.case import Case, attempt
from tests.attack.cases import CASES


def test_no_two_cases_have_one_name() -> None:
    assert len({(case.section, case.name) for case in CASES}) == len(CASES)


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in CASES if case.is_quick], ids=lambda case: case.name)
def test_an_attack_ends_as_it_must(case: Case, tmp_path: Path) -> None:
    end = attempt(case, tmp_path)
    assert not end.faults, end
