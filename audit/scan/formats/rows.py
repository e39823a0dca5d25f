"""The rows of a judged scan, typed: what every format but the exact ones tells of a finding."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.scan.level import Level
from audit.scan.verdict import Judged


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: where, of what, which rule says so and why; ``row`` holds every column."""

    source: str
    line: int | None
    project: str | None
    version: str | None
    filename: str | None
    rule: str
    level: Level
    why: str
    is_known: bool
    row: Mapping[str, Any]

    @property
    def release(self) -> str:
        """The release that it is about, as far as it is known."""
        return " ".join(filter(None, [self.project, self.version])) or "the whole input"

    @property
    def told(self) -> str:
        """What it says, in one sentence with its subject."""
        return f"{' '.join(filter(None, [self.release, self.filename]))}: {self.why}"


def findings(judged: Judged) -> list[Finding]:
    """The findings, the worst first and else in the order of the rows."""
    order = list(Level)
    return sorted(_findings(judged), key=lambda finding: order.index(finding.level))


def by_pin(judged: Judged) -> list[list[Finding]]:
    """The same, those of one pin, rule and level together: its files."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings(judged):
        key = each.level, each.rule, each.source, each.line, each.project, each.version
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _findings(judged: Judged) -> Iterator[Finding]:
    for row in judged.rows.to_pylist():
        if row["rule"] is not None:
            yield Finding(
                row["source"],
                row["line"],
                row["project"],
                row["version"],
                row["filename"],
                row["rule"],
                Level(row["level"]),
                row["why"] or "",
                bool(row["is_known"]),
                row,
            )


def relative(source: str, root: Path | None) -> str:
    """The path of an input, with slashes, as a program that starts in ``root`` finds it if it is below."""
    path = Path(os.path.normpath(source))
    if root and path.is_absolute() and path.is_relative_to(root):
        path = path.relative_to(root)
    return path.as_posix()
