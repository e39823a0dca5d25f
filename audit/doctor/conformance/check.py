"""A check: one thing that a specification asks for, and what it does to an audit where it is missing; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from audit.doctor.conformance.evidence import Evidence
from audit.doctor.finding import Finding, Verdict

Judged = tuple[Verdict, str]
OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


@dataclass(frozen=True, slots=True)
class Spec:
    """A specification: how people call it, and where it stands."""

    name: str
    url: str


def pep(number: int) -> Spec:
    """One of Python's enhancement proposals."""
    return Spec(f"PEP {number}", f"https://peps.python.org/pep-{number:04}/")


HTTP: Final = Spec("RFC 9110", "https://www.rfc-editor.org/rfc/rfc9110")
# The JSON API has no PEP: it is what Warehouse does.
WAREHOUSE: Final = Spec("Warehouse", "https://warehouse.pypa.io/api-reference/json.html")
# Serials are beside the PEPs: `_last-serial` and X-PyPI-Last-Serial.
SERIALS: Final = Spec("Warehouse", "https://warehouse.pypa.io/api-reference/index-api.html")


@dataclass(frozen=True, slots=True)
class Check:
    """``judge`` says what was seen (None: there is nothing to judge by); ``effect`` is told where that is not well."""

    about: str
    spec: Spec
    effect: str
    judge: Callable[[Evidence], Judged | None]

    def finding(self, evidence: Evidence) -> Finding | None:
        """What the check finds; None: nothing to judge by."""
        judged = self.judge(evidence)
        if judged is None:
            return None
        verdict, told = judged
        effect = "" if verdict is OK else self.effect
        return Finding(verdict, self.about, told, effect, self.spec.name, self.spec.url)


def share(part: int, whole: Sequence[object] | int, of: str) -> str:
    """A number with what it is a part of."""
    total = whole if isinstance(whole, int) else len(whole)
    return f"{part:,} of {total:,} {of}"


def graded(part: int, whole: int, told: str, none: Verdict = WARN) -> Judged | None:
    """OK for all, WARN for some, ``none`` for none; None: there is nothing."""
    if not whole:
        return None
    return (OK if part == whole else WARN if part else none), told
