"""One number for all that an index listed: the digest of the lines of the view ``fingerprint_lines``."""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

# Lines are sorted so many at a time, as all of them would not fit into memory: four row groups of a large dataset.
_LINES_OF_PART: Final = 491_520
# Larger buffers take a fifth longer: the system has to clear their memory each time.
_LINES_AT_ONCE: Final = 16_384
LINES: Final = """
    select place + case when is_release then 0 else 4611686018427387904 end as place, line || chr(10) as line
    from fingerprint_lines
"""
_LAST: Final = (
    "select is_release, max(place) as last from fingerprint_lines group by is_release order by is_release desc"
)
_PART: Final = """
    select place, line || chr(10) as line from fingerprint_lines
    where is_release = $is_release and place >= $first and place < $end
    order by place
"""

# SQL, its parameters, and how many rows a batch has. Where not all batches are wanted, it is closed.
Ask = Callable[[str, Mapping[str, object] | None, int], Generator[pa.RecordBatch]]


class _OutOfOrderError(Exception):
    """A line came after one with a greater place."""


def fingerprint(ask: Ask) -> str:
    """The SHA-256 of the lines, in the order that their view says, as 64 hex digits.

    Tables on disk are in this order. Those that were copied by several threads need not be: their lines are sorted.
    """
    with suppress(_OutOfOrderError), closing(ask(LINES, None, _LINES_AT_ONCE)) as lines:
        return _digest(_in_order(lines))
    return _digest(_sorted(ask))


def _in_order(lines: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same lines.

    Raises:
        _OutOfOrderError: they are not by place.
    """
    last = -1
    for each in lines:
        places = each.column("place")
        if places[0].as_py() <= last or not pc.all(pc.greater(places[1:], places[:-1]), min_count=0).as_py():
            raise _OutOfOrderError
        last = places[-1].as_py()
        yield each


def _sorted(ask: Ask) -> Iterator[pa.RecordBatch]:
    for kind in [row for rows in ask(_LAST, None, _LINES_AT_ONCE) for row in rows.to_pylist()]:
        for first in range(0, kind["last"] + 1, _LINES_OF_PART):
            part = {"is_release": kind["is_release"], "first": first, "end": first + _LINES_OF_PART}
            yield from ask(_PART, part, _LINES_AT_ONCE)


def _digest(lines: Iterable[pa.RecordBatch]) -> str:
    digest = hashlib.sha256()
    # Lines are digested while the next ones come.
    with ThreadPoolExecutor(1) as pool:
        added = pool.submit(digest.update, b"")
        for each in lines:
            added.result()
            added = pool.submit(digest.update, _bytes_of(each.column("line")))
        added.result()
    return digest.hexdigest()


def _bytes_of(texts: pa.StringArray) -> memoryview:
    """The UTF-8 of texts, none of which is null, one after the other: in Arrow's own memory, not copied."""
    _, ends, data = texts.buffers()
    first, last = (memoryview(ends).cast("i")[texts.offset + place] for place in (0, len(texts)))
    return memoryview(data or b"")[first:last]
