"""PyPI's rule on old releases, as the view ``pypi_rule`` states it: it is written nowhere else."""

import functools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from audit.dataset.engine import Engine
from audit.queries.catalog import load
from audit.queries.formulas import expanded


@dataclass(frozen=True, slots=True)
class PypiRule:
    """Since ``merged_at`` (UTC) PyPI refuses new files for releases that are older than ``window``."""

    merged_at: datetime
    window: timedelta


@functools.cache
def pypi_rule() -> PypiRule:
    """The rule, asked for once."""
    view = load().views["pypi_rule"]
    with Engine([]) as engine:
        [row] = engine.select(expanded(view.sql, load().views)).to_pylist()
    return PypiRule(row["merged_at"].astimezone(UTC), timedelta(microseconds=row["window_us"]))
