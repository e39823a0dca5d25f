"""The record of a finding, for all commands, and of the thing that was checked."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from audit.findings.level import Level

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Spec:
    """A specification: its usual name, and its address (empty: it has none)."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finding means: ``levels`` are those that a finding of the rule can have, the worst first.

    ``title`` and ``summary`` are one line; ``text`` is Markdown, for people who see such a finding for the first time.
    ``spec`` is the specification that the rule checks; None: there is none.
    """

    id: str
    title: str
    levels: tuple[Level, ...]
    summary: str
    text: str
    spec: Spec | None = None

    @property
    def page(self) -> str:
        """The whole explanation as a page of Markdown, which ends with LF."""
        return f"# {self.id}: {self.title}\n\nLevel: {' or '.join(self.levels)}.\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about: its ``name`` in words, and the project, the release or the file if it is one."""

    name: str
    project: str | None = None
    version: str | None = None
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is: the path of a file or folder, ``-`` for standard input, or an index's address.

    ``line`` counts from 1; None: it is about the whole.
    """

    source: str
    line: int | None = None
    is_address: bool = False

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}:{self.line}"

    def relative(self, root: Path | None) -> str:
        """The path, with slashes, relative to ``root`` if it is below; an address unchanged."""
        if self.is_address:
            return self.source
        path = Path(os.path.normpath(self.source))
        if root and path.is_absolute() and path.is_relative_to(root):
            path = path.relative_to(root)
        return path.as_posix()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the rule, how bad, about what, where, what was found, and what to do.

    Args:
        rule: the id of its `Rule`.
        message: what was found, as words that follow the subject.
        advice: what to do about this one; empty: what the rule's text says.
        facts: more that is known, by name.
        group: findings of one rule and level with the same group are shown as one if there is little space.
        is_known: whether it is in the baseline; None: there is no baseline.
        more_key: what distinguishes it from others of the same rule, subject and place, from run to run.
    """

    rule: str
    level: Level
    subject: Subject
    place: Place
    message: str
    advice: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    group: tuple[object, ...] = ()
    is_known: bool | None = None
    more_key: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What was found, and what to do if that is specific to this finding."""
        return ": ".join(filter(None, [self.message, self.advice]))

    @property
    def sentence(self) -> str:
        """The same, after its subject."""
        return f"{self.subject.name}: {self.said}"


class CaseOutcome(StrEnum):
    """The result of a test: ``skipped`` if there was nothing to decide."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was checked, as a test: ``suite`` is its group; ``finding`` None: nothing was found.

    ``rule`` is the one that it was checked against (None: several), ``message`` what to say if nothing was found.
    """

    suite: str
    name: str
    finding: Finding | None
    outcome: CaseOutcome
    rule: Rule | None = None
    message: str = ""

    @property
    def said(self) -> str:
        """What was found, or what to say if nothing was."""
        return self.finding.said if self.finding else self.message


@dataclass(frozen=True, slots=True)
class Findings:
    """What a command found.

    Args:
        rules: every rule that can have a finding, by id.
        cases: in the order in which the command shows them.
        summary: sentences that a reader must know beside the findings.
        notices: those of them about the run itself, such as what could not be decided.
    """

    rules: Mapping[str, Rule]
    cases: Sequence[Case]
    summary: Sequence[str] = ()
    notices: Sequence[str] = ()

    def worst_first(self) -> list[Finding]:
        """The findings, the worst first, otherwise in the order of the cases."""
        order = list(Level)
        found = [case.finding for case in self.cases if case.finding is not None]
        return sorted(found, key=lambda finding: order.index(finding.level))

    def groups(self) -> list[list[Finding]]:
        """The same, grouped by level, rule and group; a finding without a group is alone."""
        groups: dict[tuple[object, ...], list[Finding]] = {}
        for number, each in enumerate(self.worst_first()):
            groups.setdefault((each.level, each.rule, *(each.group or (number,))), []).append(each)
        return list(groups.values())


def by_id(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    """The rules by their ids, in their order."""
    return {rule.id: rule for rule in rules}
