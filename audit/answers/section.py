"""One answer with its meaning: reports of several answers are made of these."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

# If the first column has one of these names, it is a time, and readers want the newest rows.
_TIMES = frozenset({"year", "month"})


@dataclass(frozen=True, slots=True)
class Section:
    """An answer, or its first rows: the query had ``row_count``; ``command`` shows all of them.

    ``title`` is the query's name with dashes. ``meanings`` has one line for each column: what it is and what it is a
    part of. ``parameters`` has the value and meaning of each parameter.
    """

    title: str
    question: str
    grain: str
    source: str
    caveat: str
    meanings: Mapping[str, str]
    parameters: Mapping[str, str]
    rows: pa.Table
    row_count: int
    command: str

    @property
    def newest_first(self) -> pa.Table:
        """The rows, the newest year or month first; the order within one is kept, and so is that of other answers."""
        time, *_ = self.rows.column_names
        if time not in _TIMES:
            return self.rows
        values = self.rows[time].to_pylist()
        newest = sorted(range(len(values)), key=values.__getitem__, reverse=True)
        return self.rows.take(pa.array(newest, pa.int64()))

    @property
    def left_out_count(self) -> int:
        """How many rows of the query are not in ``rows``."""
        return self.row_count - len(self.rows)
