"""Values that Arrow or Python cannot represent; a column with such a value becomes text. Pure."""

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

# DuckDB's types that lose something in Arrow (an unsigned hugeint its size, 24:00 its hour, a time its zone or its
# nanoseconds), or become bytes or a type that few programs support.
_UNFIT_TYPES: Final = frozenset(
    {
        *("bignum", "bit", "geometry", "interval", "time", "time with time zone", "time_ns"),
        *("timestamp_ns", "timestamptz_ns", "uhugeint", "union", "variant"),
    }
)
# The first and last day and microsecond, since 1970, of Python's datetime: in the years 1 and 9999.
_DAYS: Final = (-719_162, 2_932_896)
_DAY_OF: Final = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def is_unfit(type_: Any) -> bool:
    """Whether a DuckDB type, by its ``id`` and ``children``, is or contains one that becomes text."""
    if type_.id in _UNFIT_TYPES:
        return True
    nested = {"list", "array", "struct", "map", "tuple"}
    return type_.id in nested and any(is_unfit(child) for _, child in type_.children if hasattr(child, "id"))


def is_beyond_python(column: pa.ChunkedArray) -> bool:
    """Whether a column has, at any depth, a day or a time outside the years 1 to 9999, such as infinity."""
    return any(_is_beyond(leaf) for chunk in column.chunks for leaf in _leaves(chunk))


def _leaves(array: pa.Array) -> Iterator[pa.Array]:
    if not pa.types.is_nested(array.type):
        yield array
        return
    if pa.types.is_map(array.type):
        parts = [array.keys, array.items]
    else:
        parts = array.flatten() if pa.types.is_struct(array.type) else [array.flatten()]
    for part in parts:
        yield from _leaves(part)


def _is_beyond(array: pa.Array) -> bool:
    if pa.types.is_date32(array.type):
        numbers, (least, most) = array.view(pa.int32()), _DAYS
    elif pa.types.is_timestamp(array.type):
        in_day = _DAY_OF[array.type.unit]
        numbers, (least, most) = array.view(pa.int64()), (_DAYS[0] * in_day, (_DAYS[1] + 1) * in_day - 1)
    else:
        return False
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to load, and many answers have no time

    found = pc.min_max(numbers).as_py()
    return found["min"] is not None and (found["min"] < least or found["max"] > most)
