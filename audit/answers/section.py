"""One answer with what it means: what every report of several answers is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

# A first column of this name says when: the newest rows are what is looked for.
_TIMES = frozenset({"year", "month"})


@dataclass(frozen=True, slots=True)
class Section:
    """An answer, or its first rows: the query had ``row_count``; ``command`` shows all of them.

    ``title`` is the query's name with dashes. ``meanings`` says of each column, in one line, what it is and what it is
    a part of, ``parameters`` of each one its value and what it is.
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
        """The rows, those of the newest year or month first; the order within one stays, and that of other answers."""
        time, *_ = self.rows.column_names
        if time not in _TIMES:
            return self.rows
        values = self.rows[time].to_pylist()
        newest = sorted(range(len(values)), key=values.__getitem__, reverse=True)
        return self.rows.take(pa.array(newest, pa.int64()))

    @property
    def left_out_count(self) -> int:
        """Rows that the query has and ``rows`` has not."""
        return self.row_count - len(self.rows)
