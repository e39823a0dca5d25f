"""What a dataset holds, counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Description:
    """What a dataset has, and what it lacks.

    ``projects_by_status`` sums to ``project_count``; ``not_reached`` counts, by reason, projects whose last
    asking had no usable answer (their rows are from an older crawl). Times are UTC; None: there is none.
    """

    project_count: int
    projects_by_status: Mapping[str, int]
    not_reached: Mapping[str, int]
    release_count: int
    empty_release_count: int
    file_count: int
    untimed_file_count: int
    unlisted_release_count: int
    misdeclared_file_count: int
    set_aside_file_count: int
    set_aside_field_count: int
    first_uploaded_at: datetime | None
    last_uploaded_at: datetime | None
    last_crawl_id: str | None

    @property
    def not_reached_count(self) -> int:
        """Projects whose last asking had no usable answer."""
        return sum(self.not_reached.values())


def described(totals: Mapping[str, Any], outcomes: Iterable[Mapping[str, Any]]) -> Description:
    """The one row of the statistic ``totals`` and the rows of ``project-outcomes`` as a description."""
    by_status: dict[str, int] = {}
    not_reached: dict[str, int] = {}
    for row in outcomes:
        by_status[row["status"]] = by_status.get(row["status"], 0) + row["project_count"]
        if not row["is_reached"]:
            reason = row["failure_reason"] or row["last_outcome"]
            not_reached[reason] = not_reached.get(reason, 0) + row["project_count"]
    return Description(projects_by_status=by_status, not_reached=not_reached, **totals)
