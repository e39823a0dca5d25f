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
    project: str
    version: str | None
    filename: str | None
    rule: str
    level: Level
    why: str
    is_known: bool
    row: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """What it is about: project, version and file, as far as these are known."""
        return " ".join(filter(None, [self.project, self.version, self.filename]))

    @property
    def told(self) -> str:
        """What it says, in one sentence with its subject."""
        return f"{self.subject}: {self.why}"


def findings(judged: Judged) -> list[Finding]:
    """The findings, the worst first and else in the order of the rows."""
    order = list(Level)
    return sorted(_findings(judged), key=lambda finding: order.index(finding.level))


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
