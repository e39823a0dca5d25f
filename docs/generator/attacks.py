"""The table of attacks in the page on security, from the cases that the tests try."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from docs.generator.markdown import code, rows
from tests.attack.case import Case
from tests.attack.cases import CASES

BEGIN: Final = "<!-- attacks: written by `make pages` -->\n"
END: Final = "<!-- end of attacks -->\n"
_ENDS: Final = {0: "0: done", 1: "1: findings", 2: "2: refused", 3: "3: could not run", 4: "4: done on incomplete data"}


def with_attacks(page: str) -> str:
    """The page with the table between its markers as the cases are now."""
    pattern = re.compile(f"({re.escape(BEGIN)}).*?({re.escape(END)})", re.DOTALL)
    table, count = attacks(CASES), len(pattern.findall(page))
    if count != 1:
        raise ValueError(f"the page has {count} places for the attacks, not one")
    return pattern.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", page)


def attacks(cases: Sequence[Case]) -> str:
    """A row for each case: what was tried, how it ended, what it said."""
    return rows(["attacked", "what was tried", "how it ended", "what it said"], _rows(cases))


def _rows(cases: Sequence[Case]) -> Iterator[list[str]]:
    for case in cases:
        yield [case.section, case.name, _ENDS[case.code], code(case.message) if case.message else ""]
