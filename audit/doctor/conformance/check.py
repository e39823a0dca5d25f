"""A check: one thing that a specification asks for, and what it means for an audit if it is missing; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from audit.doctor.conformance.evidence import Evidence
from audit.doctor.patient import Patient, Topic, topic
from audit.findings.finding import Case, Place, Spec
from audit.findings.level import Level

KIND: Final = "index"
OK: Final = None
WARN: Final = Level.WARNING
FAIL: Final = Level.ERROR
Verdict = Level | None
Judged = tuple[Verdict, str]


def pep(number: int) -> Spec:
    """One of Python's enhancement proposals."""
    return Spec(f"PEP {number}", f"https://peps.python.org/pep-{number:04}/")


HTTP: Final = Spec("RFC 9110", "https://www.rfc-editor.org/rfc/rfc9110")
# The JSON API has no PEP: it is defined by what Warehouse does.
WAREHOUSE: Final = Spec("Warehouse", "https://warehouse.pypa.io/api-reference/json.html")
# Serials are not in the PEPs: `_last-serial` and X-PyPI-Last-Serial.
SERIALS: Final = Spec("Warehouse", "https://warehouse.pypa.io/api-reference/index-api.html")


@dataclass(frozen=True, slots=True)
class Check:
    """``judge`` says what was seen (None: there is nothing to judge); ``effect`` is shown if the verdict is not ok."""

    about: str
    spec: Spec
    effect: str
    judge: Callable[[Evidence], Judged | None]

    @property
    def topic(self) -> Topic:
        """What it looks at."""
        return topic(KIND, self.about, f"{self.about}, as {self.spec.name} asks for it", self.effect, self.spec)

    def case(self, evidence: Evidence) -> Case | None:
        """What the check finds; None: there is nothing to judge."""
        judged = self.judge(evidence)
        if judged is None:
            return None
        level, message = judged
        index = Patient(KIND, Place(evidence.address.simple, is_address=True))
        if level is OK:
            return index.ok(self.topic, message)
        return (index.fail if level is FAIL else index.warn)(self.topic, message, effect=self.effect)


def share(part: int, whole: Sequence[object] | int, of: str) -> str:
    """A number with the total that it is a part of."""
    total = whole if isinstance(whole, int) else len(whole)
    return f"{part:,} of {total:,} {of}"


def graded(part: int, whole: int, message: str, none: Verdict = WARN) -> Judged | None:
    """OK if all are good, WARN if some are, ``none`` if none is; None: there is nothing to judge."""
    if not whole:
        return None
    return (OK if part == whole else WARN if part else none), message
