"""The headline numbers of one commit, for the history of numbers; each with the total that it is a part of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.engine import Engine, literal, memory_for
from audit.dataset.schema import NUMBERS, TABLES
from audit.dataset.snapshot import files_of
from audit.model import started_at
from audit.queries import run
from audit.queries.catalog import Group, load

# In addition to the memory for files: the answers are small.
_LEAST_ROWS: Final = 2_000_000


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
# Only numbers without an installer's picks: those take longer than the commit of a whole index.
NUMBERS_TOLD: Final = (
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


def numbers_of(generation: Path, crawl_id: str, spill: Path) -> pa.Table:
    """The rows of `NUMBERS` for a commit whose other tables lie in ``generation``.

    A value is null where its statistic has no such row.

    Raises:
        QueryError: DuckDB cannot answer, such as on a full disk.
    """
    rows = sorted(_rows(generation, spill), key=lambda row: str(row["number"]))
    told = {"crawl_id": crawl_id, "seen_at": started_at(crawl_id)}
    return pa.Table.from_pylist([told | row for row in rows], NUMBERS.schema)


def _rows(generation: Path, spill: Path) -> Iterator[dict[str, Any]]:
    files = pq.read_metadata(generation / "files.parquet").num_rows
    tables = [run.Relation(table.name, files_of(generation, table), table.schema) for table in TABLES]
    with Engine([generation], spill=spill, memory=memory_for(files + _LEAST_ROWS)) as engine:
        known = run.Relations(engine, tables, load())
        answers: dict[str, list[dict[str, Any]]] = {}
        for number in NUMBERS_TOLD:
            if number.statistic not in answers:
                query = load().find(number.statistic, Group.STATISTICS)
                answers[number.statistic] = known.answer(query, {}).to_pylist()
            found = (row for row in answers[number.statistic] if number.chosen.items() <= row.items())
            row = next(found, {})
            yield {
                "number": number.name,
                "value_count": row.get(number.value),
                "whole_count": row.get(number.whole) if number.whole else None,
                "definition": number.definition,
            }
