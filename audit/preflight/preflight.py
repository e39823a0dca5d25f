"""From built files and the index's files to what an upload would meet, as rows. Asks no index, has no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pyarrow as pa
from packaging.utils import NormalizedName

from audit.preflight.built import BuiltFile
from audit.preflight.checks import SetFinding, check_sets, sets_of
from audit.preflight.choice import Check
from audit.preflight.displacing import check_displacing
from audit.preflight.listed import Listed
from audit.preflight.rule import UploadRule
from audit.preflight.states import FileState, Verdict, states_of
from audit.queries.environments.environment import ERAS

_TEXT, _TIME = pa.string(), pa.timestamp("us", "UTC")
# The columns of every format, in order. Without a filename the row is about the files of a release, or about all.
SCHEMA: Final = pa.schema(
    [
        ("filename", _TEXT),
        ("project", _TEXT),
        ("version", _TEXT),
        ("finding", _TEXT),
        ("verdict", _TEXT),
        ("why", _TEXT),
        ("age_us", pa.int64()),
        ("closes_at", _TIME),
        ("sha256", _TEXT),
        ("filename_before", _TEXT),
        ("environments", pa.list_(_TEXT)),
    ]
)
# The columns shown to a person.
SHOWN: Final = ("filename", "finding", "verdict", "why")
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Preflight:
    """What an upload would meet: a state for each file, in the order of the files, then the other findings."""

    states: Sequence[FileState]
    findings: Sequence[SetFinding]

    @property
    def is_refused(self) -> bool:
        """Whether a file would be refused, or has a name that no installer accepts."""
        return any(each.is_refused for each in self.states)

    def has(self, checks: Collection[Check]) -> bool:
        """Whether one of these checks found something."""
        return any(each.check in checks for each in self.findings)

    def rows(self) -> pa.Table:
        """One row for each file, then one for each finding."""
        rows = [*map(_of_state, self.states), *map(_of_finding, self.findings)]
        return pa.Table.from_pylist(rows, schema=SCHEMA)

    def summary(self) -> str:
        """The files by verdict, as a sentence."""
        counts = {verdict: sum(each.verdict is verdict for each in self.states) for verdict in Verdict}
        counted = ", ".join(f"{count:,} {verdict.value}" for verdict, count in counts.items() if count)
        return f"{len(self.states):,} {'file' if len(self.states) == 1 else 'files'}: {counted}."


def preflight(
    files: Sequence[BuiltFile],
    listed: Mapping[NormalizedName, Listed],
    rule: UploadRule | None,
    at: datetime,
    environment: str = ERAS[0],
) -> Preflight:
    """What an upload of the files at ``at`` would meet; ``listed`` has each of their projects.

    ``environment`` is today, past, all, this, or the name of one: where picks are compared.

    Raises:
        UsageError: there is no such environment.
    """
    states = states_of(files, listed, rule, at)
    sets = sets_of(states, listed, rule)
    return Preflight(states, [*check_sets(sets), *check_displacing(sets, at, environment)])


def projects_of(files: Sequence[BuiltFile]) -> list[NormalizedName]:
    """The projects of the files, each once, sorted."""
    return sorted({file.project for file in files if file.project is not None})


def _of_state(state: FileState) -> _Row:
    file = state.file
    return {
        "filename": file.filename,
        "project": file.project,
        "version": state.release or (str(file.version) if file.version is not None else None),
        "finding": state.state.value,
        "verdict": state.verdict.value,
        "why": state.why,
        "age_us": None if state.age is None else state.age // timedelta(microseconds=1),
        "closes_at": state.closes_at,
        "sha256": file.sha256,
    }


def _of_finding(found: SetFinding) -> _Row:
    return {
        "filename": found.filename,
        "project": found.project,
        "version": None if found.version is None else str(found.version),
        "finding": found.check.value,
        "verdict": found.level.value,
        "why": found.why,
        "filename_before": found.filename_before,
        "environments": None if found.environments is None else list(found.environments),
    }
