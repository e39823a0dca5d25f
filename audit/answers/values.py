"""Cells as text, the same for all formats."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import pyarrow as pa

from audit.answers.text import plain

LAG_SUFFIX = "_us"
SHARE_SUFFIX = "_share"
# Spreadsheets skip blanks and characters without width, and read full-width signs as the usual ones.
_FORMULA = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text as a formula, or split its start into a cell of its own."""
    return _FORMULA.match(text) is not None


def utc(time: datetime) -> str:
    """An aware time as ISO 8601 in UTC with six digits of fraction: ``2016-04-20T04:35:21.354894Z``."""
    return _iso(time, "microseconds") + "Z"


def _iso(time: datetime, timespec: str) -> str:
    # strftime leaves out the zeros of years before 1000 on some systems.
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=timespec)


def exact(value: object) -> str:
    """Any cell as text without loss: null is empty, booleans are ``true`` and ``false``, a list is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return utc(value) if value.tzinfo else value.isoformat()
    if isinstance(value, list):
        return msgspec.json.encode(value).decode()
    return str(value)


def readable(column: str, value: object) -> str:
    """A cell for a person: ``*_us`` as a length of time, ``*_share`` as a percentage, times to the minute."""
    if isinstance(value, datetime) and value.tzinfo:
        return _iso(value, "minutes").replace("T", " ") + "Z"
    if column.endswith(LAG_SUFFIX) and isinstance(value, int):
        return human_lag(value)
    if column.endswith(SHARE_SUFFIX) and isinstance(value, float):
        return percent(value)
    if isinstance(value, list):
        return ", ".join(map(exact, value))
    return exact(value)


def rounded(table: pa.Table) -> pa.Table:
    """The same columns; those that `readable` rounds, and all text columns, as its text. Null stays null."""
    columns = [
        _as_text(field.name, column) if _is_rounded(field) or pa.types.is_string(field.type) else column
        for field, column in zip(table.schema, table.columns, strict=True)
    ]
    return pa.table(columns, names=table.column_names)


def _is_rounded(field: pa.Field) -> bool:
    return field.name.endswith((LAG_SUFFIX, SHARE_SUFFIX)) or bool(pa.types.is_timestamp(field.type))


def _as_text(name: str, column: pa.ChunkedArray) -> pa.Array:
    cells = [None if value is None else plain(readable(name, value)) for value in column.to_pylist()]
    return pa.array(cells, pa.string())


def percent(share: float) -> str:
    """A share as a percentage with one decimal; below 1 % with two, so that a small share is not shown as zero."""
    per_cent = share * 100
    if 0 < per_cent < 0.01:
        return "<0.01%"
    return f"{per_cent:.2f}%" if 0 < per_cent < 0.95 else f"{per_cent:.1f}%"


def days(count: int) -> str:
    """A number of days in words: ``1 day``, ``14 days``."""
    return f"{count} day" if count == 1 else f"{count} days"


def human_lag(microseconds: int) -> str:
    """A length of time for a person: days from one day on (``1802.7 d``), else hours, minutes or seconds.

    Below a second it is exact, so a small length is never shown as zero.
    """
    seconds = microseconds / 1_000_000
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if abs(seconds) >= length:
            return f"{seconds / length:.1f} {unit}"
    digits = 1 if abs(seconds) >= 1 else 6
    return f"{seconds:.{digits}f}".rstrip("0").rstrip(".") + " s"


def is_number(type_: pa.DataType) -> bool:
    """Whether a column has numbers, which are aligned to the right."""
    return any(test(type_) for test in _NUMBERS)


def distinct(names: Sequence[str]) -> list[str]:
    """The names with a number where one comes again: ``a``, ``a_2``."""
    found: list[str] = []
    for name in names:
        candidate, number = name, 1
        while candidate in found:
            number += 1
            candidate = f"{name}_{number}"
        found.append(candidate)
    return found
