"""Every attack, section by section: an engineer adds a case to the module of its section, and nothing else."""

from collections.abc import Sequence
from typing import Final

from tests.attack import addresses, folders, hostile_input, questions
from tests.attack.case import Case

CASES: Final[Sequence[Case]] = (*addresses.CASES, *folders.CASES, *questions.CASES, *hostile_input.CASES)
