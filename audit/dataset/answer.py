"""The rows of one query, and the forms in which they can be used."""

import reprlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from audit.answers.values import distinct, rounded
from audit.errors import ExtraError, UsageError, hint
from audit.extras import needing
from audit.queries.header import Header

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

# Kinds that must agree: Arrow would turn a text into a number, and a number into a boolean.
_KINDS = (pa.types.is_string, pa.types.is_boolean)


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The rows of one query, in its order.

    ``name`` is the query's name with dashes, ``header`` what it promises (both None for free SQL), ``parameters`` are
    those it was asked with, including defaults, but without those that are null. A notebook shows an answer as a table
    to read.
    """

    table: pa.Table
    name: str | None = None
    header: Header | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self.table.column_names)

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table: times in UTC and microseconds."""
        return self.table

    def select(self, columns: Sequence[str]) -> "Answer":
        """The same rows with only these columns, in this order.

        Raises:
            UsageError: there is no such column; says which there are.
        """
        self._check_columns(columns)
        return self._with(self.table.select(list(columns)))

    def where(self, **values: object) -> "Answer":
        """Only the rows that have the value, or one of the values, in each named column; None, or pandas' NaN, is null.

        ``policies.where(policy="after-first", window=["14d", None])``. The order stays.

        Raises:
            UsageError: there is no such column, or a value is of another type than the column.
        """
        self._check_columns(list(values))
        kept = self.table
        for column, value in values.items():
            kept = kept.filter(pc.is_in(kept[column], value_set=_as_values(column, value, kept[column].type)))
        return self._with(kept)

    def df(self, *, readable: bool = False) -> "pd.DataFrame":
        """The rows as a data frame; whole numbers and booleans stay exact beside nulls (nullable types).

        ``readable`` makes a table to read, not to compute with: lengths of time, shares and times are text, as in
        tables on a terminal (``1802.7 d``, ``1.0%``, ``2016-04-20 04:35Z``), and no text can control a terminal.

        Raises:
            ExtraError: pandas is not installed.
        """
        with needing("pandas", "a data frame of pandas"):
            import pandas as pd  # noqa: PLC0415 - an optional extra

        exact = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
        table = rounded(self.table) if readable else self.table
        frame: pd.DataFrame = table.to_pandas(types_mapper=exact.get)
        return frame

    def pl(self) -> "pl.DataFrame":
        """The rows as a frame of polars.

        Raises:
            ExtraError: polars is not installed.
        """
        with needing("polars", "a frame of polars"):
            import polars  # noqa: PLC0415 - an optional extra
        return polars.DataFrame(self)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows for any library that speaks Arrow, such as ``duckdb``, ``polars`` or ``audit.charts``."""
        return self.table.__arrow_c_stream__(requested_schema)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as dicts by column; times are aware datetimes in UTC.

        Columns of the same name become ``a``, ``a_2``: a dict has a key only once.
        """
        rows: list[dict[str, Any]] = self.table.rename_columns(distinct(self.columns)).to_pylist()
        return rows

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __repr__(self) -> str:
        return f"<Answer {self.name or 'of SQL'}: {len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str | None:
        """The first rows as a notebook shows them: the question, a table to read, the count of rows, the caveat.

        Where the query's header shows only some columns, the others are named below. Strangers' text is inert.
        None where the extra ``report`` is not installed: then a notebook shows the answer's text.
        """
        try:
            with needing("report", "an answer as HTML"):
                from audit.page.html import answer  # noqa: PLC0415 - only a notebook needs Jinja
        except ExtraError:
            return None
        header = self.header
        if header is None:
            return answer.render(self.table)
        is_whole = self.columns == list(header.columns)
        return answer.render(
            self.table,
            shown=header.shown if is_whole and header.shown else self.columns,
            name=self.name or "",
            question=header.question,
            caveat=header.caveat,
            meanings={name: column.meaning for name, column in header.columns.items()},
            parameters=self.parameters,
        )

    def _with(self, table: pa.Table) -> "Answer":
        return Answer(table, self.name, self.header, self.parameters)

    def _check_columns(self, columns: Sequence[str]) -> None:
        unknown = [column for column in columns if column not in self.columns]
        if unknown:
            raise UsageError(f"no column {', '.join(map(repr, unknown))}: {hint(unknown[0], self.columns)}")


def _as_values(column: str, value: object, type_: pa.DataType) -> pa.Array:
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes)
    values = list(value) if isinstance(value, Iterable) and several else [value]
    try:
        found = pa.array(values, from_pandas=True)
        fits = pa.types.is_null(found.type) or all(test(found.type) == test(type_) for test in _KINDS)
        if fits:
            return found.cast(type_)
    except (pa.ArrowException, OverflowError):
        pass
    raise UsageError(f"{column} = {reprlib.repr(values if several else value)} does not fit: expected {type_}")
