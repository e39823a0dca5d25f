"""What is examined, the topic of each check, and its case."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from audit.findings.finding import Case, CaseOutcome, Finding, Findings, Place, Rule, Spec, Subject, by_id
from audit.findings.level import Level
from audit.masking import masked_text

# FAIL: it must be fixed. WARN: it works, but not as well or as completely as it could.
_LEVELS: Final = (Level.ERROR, Level.WARNING)
# A verdict in one word.
_VERDICTS: Final = {None: "ok", Level.WARNING: "warn", Level.ERROR: "fail"}


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a doctor checks: its name, and what it means if it is not ok."""

    about: str
    rule: Rule


def topic(kind: str, about: str, title: str, effect: str = "", spec: Spec | None = None) -> Topic:
    """A topic of one kind of patient. ``title`` says what should be true, ``effect`` what it means if it is not."""
    asked = f" [{spec.name}]({spec.url}) asks for it." if spec and spec.url else ""
    summary = f"If not: {effect}." if effect else f"{title}."
    text = f"{title}.{asked}\n" + (f"\n{summary}\n" if effect else "")
    return Topic(about, Rule(f"{kind}/{about.replace(' ', '-')}", title, _LEVELS, summary, text, spec))


@dataclass(frozen=True, slots=True)
class Patient:
    """An installation, a dataset or an index, and where it is. Texts about it are masked."""

    kind: str
    place: Place

    def ok(self, topic: Topic, message: str, about: str | None = None) -> Case:
        """A good case; ``about`` is the name of what was examined, if that is not the topic's."""
        return Case(self.kind, about or topic.about, None, CaseOutcome.PASSED, topic.rule, masked_text(message))

    def warn(self, topic: Topic, message: str, advice: str = "", effect: str = "") -> Case:
        """It works, but with a warning."""
        return self._case(Level.WARNING, topic, topic.about, message, advice, effect)

    def fail(self, topic: Topic, message: str, advice: str = "", effect: str = "", *, about: str | None = None) -> Case:
        """It does not work."""
        return self._case(Level.ERROR, topic, about or topic.about, message, advice, effect)

    def _case(self, level: Level, topic: Topic, about: str, message: str, advice: str, effect: str) -> Case:
        finding = Finding(
            topic.rule.id,
            level,
            Subject(about),
            self.place,
            masked_text(message),
            masked_text(advice),
            {"effect": effect} if effect else {},
            more_key=(about,),
        )
        outcome = CaseOutcome.FAILED if level is Level.ERROR else CaseOutcome.PASSED
        return Case(self.kind, about, finding, outcome, topic.rule)


def findings_of(cases: Iterable[Case]) -> Findings:
    """The cases, and the rules that they were checked against."""
    cases = list(cases)
    verdicts = Counter(row_of(case)["verdict"] for case in cases)
    counts = ", ".join(f"{verdicts[verdict]:,} {verdict}" for verdict in _VERDICTS.values())
    return Findings(by_id(case.rule for case in cases if case.rule), cases, [f"Looked at {len(cases):,}: {counts}."])


def row_of(case: Case) -> dict[str, str]:
    """A case as a row: its verdict (ok, warn or fail), what it is about, and what was found.

    For an index, ``effect`` is what it means for an audit unless all is ok, and ``spec`` the specification that asks
    for it (PEP 700), found at ``spec_url``.
    """
    finding, spec = case.finding, case.rule.spec if case.rule else None
    return {
        "verdict": _VERDICTS[finding.level if finding else None],
        "about": case.name,
        "finding": case.said,
        "effect": str(finding.facts.get("effect", "")) if finding else "",
        "spec": spec.name if spec else "",
        "spec_url": spec.url if spec else "",
    }
