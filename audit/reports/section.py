"""One answer with what it means: what every report of several answers is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa


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
    def left_out_count(self) -> int:
        """Rows that the query has and ``rows`` has not."""
        return self.row_count - len(self.rows)
