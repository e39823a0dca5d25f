"""A table's columns as a page shows them: text for people, and a key to sort by if the text does not sort correctly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from audit.answers.section import Section
from audit.answers.text import plain
from audit.answers.values import exact, is_number, readable, utc

_SHORT = 32


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is inert; ``key`` is what to sort by, exact (None: the text)."""

    text: str
    key: str | None

    @property
    def is_long(self) -> bool:
        """Whether the text would make its column too wide for a page."""
        return len(self.text) > _SHORT


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """``name`` is its name in SQL and data frames; ``query`` is the query that defines the column."""

    name: str
    heading: str
    meaning: str
    query: str
    is_number: bool
    cells: list[Cell]


def columns_of(section: Section) -> list[ShownColumn]:
    """The columns of a section's rows, in order; the newest rows first if the section is by time."""
    return columns(section.newest_first, section.meanings, section.title)


def columns(rows: pa.Table, meanings: Mapping[str, str], title: str = "") -> list[ShownColumn]:
    """The columns of rows in order, with the meaning of those that have one; ``title`` is the query's name."""
    return [
        ShownColumn(
            name=plain(field.name),
            heading=plain(field.name).removesuffix("_us").replace("_", " "),
            meaning=meanings.get(field.name, ""),
            query=title,
            is_number=is_number(field.type),
            cells=[Cell(plain(_text(field.name, value)), _key(value)) for value in values.to_pylist()],
        )
        for field, values in zip(rows.schema, rows.columns, strict=True)
    ]


def rows_of(columns: list[ShownColumn]) -> Iterator[tuple[Cell, ...]]:
    """The same cells by row."""
    return zip(*(column.cells for column in columns), strict=True)


def _text(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(exact, value))
    # A year is a number without thousands separators.
    is_count = isinstance(value, int) and not isinstance(value, bool) and name != "year" and not name.endswith("_us")
    return f"{value:,}" if is_count else readable(name, value)


def _key(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return repr(value)
    return utc(value) if isinstance(value, datetime) and value.tzinfo else None
