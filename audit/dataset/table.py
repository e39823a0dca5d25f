"""The types Table and Column, in which the schema is written."""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

SCHEMA_VERSION: Final = "4"
# `audit.dataset.upgrade` writes datasets of these in this version.
UPGRADABLE: Final = ("1", "2", "3")

TEXT: Final = pa.string()
COUNT: Final = pa.int64()
FLAG: Final = pa.bool_()
TIME: Final = pa.timestamp("us", tz="UTC")


_UNITS: Final = {
    "_at": "UTC, microseconds",
    "_bytes": "bytes",
    "_count": "count",
    "_ms": "milliseconds",
    "_us": "microseconds",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name ends in its unit, ``meaning`` says the rest.

    ``example`` is a value as CSV writes it; a column that a dataset does not keep has none.
    """

    name: str
    type: pa.DataType
    meaning: str
    example: str = ""
    is_nullable: bool = False

    @property
    def unit(self) -> str | None:
        """The unit of the values, by the suffix of the name; None: they have none."""
        return next((unit for suffix, unit in _UNITS.items() if self.name.endswith(suffix)), None)

    @property
    def field(self) -> pa.Field:
        """The column as Arrow knows it; the meaning is in the Parquet file's metadata."""
        return pa.field(self.name, self.type, nullable=self.is_nullable, metadata={"meaning": self.meaning})


@dataclass(frozen=True, slots=True)
class Table:
    """One table: ``grain`` says what a row is, ``order`` how rows are sorted in the file.

    ``number`` is the column that holds a row's place in the file, from 0; None: there is none.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    number: str | None = None

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, in column order, with the schema's version in its metadata."""
        fields = [column.field for column in self.columns]
        return pa.schema(fields, metadata={"release-audit.schema": SCHEMA_VERSION, "grain": self.grain})
