"""What a look at one thing found."""

from dataclasses import dataclass
from enum import StrEnum

from audit.masking import masked_text


class Verdict(StrEnum):
    """``warn``: it works, but not as well or not as completely as it could; ``fail``: mend it."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ``about`` names the thing, ``told`` says what was found and, unless all is well, what to do.

    Of an index ``effect`` is what it does to an audit, unless all is well, and ``spec`` what asks for it (PEP 700),
    which stands at ``spec_url``.
    """

    verdict: Verdict
    about: str
    told: str
    effect: str = ""
    spec: str = ""
    spec_url: str = ""


def ok(about: str, told: str) -> Finding:
    """All is well."""
    return Finding(Verdict.OK, about, masked_text(told))


def warn(about: str, told: str) -> Finding:
    """It works, but."""
    return Finding(Verdict.WARN, about, masked_text(told))


def fail(about: str, told: str) -> Finding:
    """It does not work."""
    return Finding(Verdict.FAIL, about, masked_text(told))
