"""Cells as text, where every format agrees."""

from datetime import UTC, datetime

import pyarrow as pa

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


def utc(time: datetime) -> str:
    """An aware time as ISO 8601 in UTC with six digits of fraction: ``2016-04-20T04:35:21.354894Z``."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def exact(value: object) -> str:
    """Any cell as text without loss: null is empty, booleans are ``true`` and ``false``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return utc(value) if value.tzinfo else value.isoformat()
    return str(value)


def human_lag(microseconds: int) -> str:
    """A length of time for a person: days from one day on (``1802.7 d``), else hours, minutes or seconds."""
    seconds = microseconds / 1_000_000
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if abs(seconds) >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.6f}".rstrip("0").rstrip(".") + " s"


def is_number(type_: pa.DataType) -> bool:
    """Whether a column holds numbers, which stand to the right."""
    return any(test(type_) for test in _NUMBERS)
