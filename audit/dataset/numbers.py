"""The headline numbers of one commit, for the history of numbers; each with the total that it is a part of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from audit.dataset.engine import literal
from audit.dataset.parquet import read_columns
from audit.dataset.schema import NUMBERS
from audit.dataset.sums import Sums, sums_of
from audit.dataset.table import TEXT
from audit.model import INCOMPLETE, Outcome, started_at


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the history: the column ``value`` of a statistic, a part of the column ``whole`` (None: of nothing).

    ``chosen`` are the values of its row in other columns; empty: the first row.
    """

    name: str
    statistic: str
    value: str
    whole: str | None = None
    chosen: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def definition(self) -> str:
        """SQL for it, and for the total that it is a part of, over the dataset as it was."""
        columns = ", ".join(filter(None, [self.value, self.whole]))
        tests = [f'"{name}" {_is(value)}' for name, value in self.chosen.items()]
        where = f" where {' and '.join(tests)}" if tests else ""
        return f"select {columns} from {self.statistic}(){where} limit 1"  # noqa: S608 - it is shown, not run


def _is(value: str | None) -> str:
    return "is null" if value is None else f"= {literal(value)}"


# This rule refuses the late files: those with a lag greater than 14 days.
_AFTER_FIRST: Final = {"policy": "after-first", "window": "14d"}
# Only numbers without an installer's picks: those take longer than the commit of a whole index. A test compares each
# with its definition.
KEPT_NUMBERS: Final = (
    Number("projects", "coverage", "found_project_count", "asked_project_count"),
    Number("projects-not-reached", "coverage", "failed_project_count", "asked_project_count"),
    Number("releases", "coverage", "releases"),
    Number("files", "coverage", "files"),
    Number("files-without-time", "coverage", "untimed_file_count", "files"),
    Number("files-set-aside", "coverage", "set_aside_file_count"),
    Number("late-files", "policies", "refused_files", "files", _AFTER_FIRST),
    Number("late-files-of-later", "policies", "refused_files", "later_file_count", _AFTER_FIRST),
    Number("late-releases", "policies", "affected_releases", "releases", _AFTER_FIRST),
    Number("late-projects", "policies", "affected_projects", "projects", _AFTER_FIRST),
    Number("refused-after-last-72h", "policies", "refused_files", "files", {"policy": "after-last", "window": "72h"}),
    Number("refused-superseded", "policies", "refused_files", "files", {"policy": "superseded", "window": None}),
)


def numbers_of(generation: Path, crawl_id: str) -> pa.Table:
    """The rows of `NUMBERS` for a commit whose other tables lie in ``generation``.

    Raises:
        OSError: one of these cannot be read.
    """
    projects = read_columns(generation / "projects.parquet", ["status", "last_outcome"])
    aside = read_columns(generation / "set_aside.parquet", ["is_whole_file"])
    counts = _of_projects(projects) | _of_listings(sums_of(generation))
    counts["files-set-aside"] = _count(aside["is_whole_file"]), None
    columns = {
        "number": [number.name for number in KEPT_NUMBERS],
        "value_count": [counts[number.name][0] for number in KEPT_NUMBERS],
        "whole_count": [counts[number.name][1] for number in KEPT_NUMBERS],
        "definition": [number.definition for number in KEPT_NUMBERS],
        "crawl_id": [crawl_id] * len(KEPT_NUMBERS),
        "seen_at": [started_at(crawl_id)] * len(KEPT_NUMBERS),
    }
    return pa.Table.from_pydict(columns, NUMBERS.schema).sort_by("number")


# A number by its name, and the total that it is a part of.
_Counts = dict[str, tuple[int, int | None]]


def _of_projects(projects: pa.Table) -> _Counts:
    is_found = pc.equal(projects["status"], Outcome.FOUND.value)
    is_failed = pc.is_in(projects["last_outcome"], value_set=pa.array(sorted(INCOMPLETE), TEXT))
    asked = projects.num_rows
    return {"projects": (_count(is_found), asked), "projects-not-reached": (_count(is_failed), asked)}


def _count(flags: pa.ChunkedArray) -> int:
    """How many are true."""
    return int(pc.sum(flags).as_py() or 0)


def _of_listings(sums: Sums) -> _Counts:
    return {
        "releases": (sums.releases, None),
        "files": (sums.files, None),
        "files-without-time": (sums.files - sums.timed_files, sums.files),
        "late-files": (sums.late_files, sums.timed_files),
        "late-files-of-later": (sums.late_files, sums.later_files),
        "late-releases": (sums.late_releases, sums.timed_releases),
        "late-projects": (sums.late_projects, sums.timed_projects),
        "refused-after-last-72h": (sums.refused_after_last, sums.timed_files),
        "refused-superseded": (sums.refused_superseded, sums.timed_files),
    }
