"""What every format for other programs takes: the things that were looked at, and what was found on them."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from audit.findings.level import Level


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finding means: ``levels`` are those that a finding of the rule can have, the worst first.

    ``title`` and ``summary`` are one line; ``text`` is Markdown, for who meets such a finding for the first time.
    """

    id: str
    title: str
    levels: tuple[Level, ...]
    summary: str
    text: str

    @property
    def page(self) -> str:
        """The whole explanation as a page of Markdown, which ends with LF."""
        return f"# {self.id}: {self.title}\n\nLevel: {' or '.join(self.levels)}.\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: where, of what, which rule says so and why.

    Args:
        source: the path of the file in which it is; ``-`` is standard input.
        line: its line there; None: it is about the whole file.
        project, version, filename: what it is about, as far as that is known; with ``rule``, ``source`` and
            ``more_key`` these tell it from others, from run to run.
        subject: the same in words.
        group: findings of one rule and level with the same group are told as one where there is little room.
        is_known: whether the baseline holds it; None: there is no baseline.
        properties: what else is known, by name.
    """

    rule: str
    level: Level
    source: str
    line: int | None
    project: str | None
    version: str | None
    filename: str | None
    subject: str
    why: str
    group: tuple[object, ...]
    is_known: bool | None
    properties: Mapping[str, object]
    more_key: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What it says, in one sentence with its subject."""
        return f"{self.subject}: {self.why}"


class Outcome(StrEnum):
    """How a test ends: ``skipped`` where there was nothing to decide."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was looked at, as a test: ``suite`` is where it belongs; ``finding`` None: nothing was found."""

    suite: str
    name: str
    finding: Finding | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Findings:
    """What a command found.

    Args:
        rules: every rule that can have a finding, by id.
        cases: in the order in which the command tells them.
        summary: sentences that a reader has to know beside the findings.
        notices: those of them that concern the run itself, such as what could not be told.
    """

    rules: Mapping[str, Rule]
    cases: Sequence[Case]
    summary: Sequence[str]
    notices: Sequence[str]

    def worst_first(self) -> list[Finding]:
        """The findings, the worst first and else in the order of the cases."""
        order = list(Level)
        found = [case.finding for case in self.cases if case.finding is not None]
        return sorted(found, key=lambda finding: order.index(finding.level))

    def groups(self) -> list[list[Finding]]:
        """The same, those of one level, rule and group together."""
        groups: dict[tuple[object, ...], list[Finding]] = {}
        for each in self.worst_first():
            groups.setdefault((each.level, each.rule, *each.group), []).append(each)
        return list(groups.values())


def relative(source: str, root: Path | None) -> str:
    """The path of a file, with slashes, as a program that starts in ``root`` finds it if it is below."""
    path = Path(os.path.normpath(source))
    if root and path.is_absolute() and path.is_relative_to(root):
        path = path.relative_to(root)
    return path.as_posix()
