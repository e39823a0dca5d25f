"""One number for all that an index listed: the digest of the lines of the view ``fingerprint_lines``."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pyarrow as pa

# Lines are sorted so many at a time, as all of them would not fit into memory: four row groups of a large dataset.
_LINES: Final = 491_520
# Larger buffers take a fifth longer: the system has to clear their memory each time.
_LINES_AT_ONCE: Final = 16_384
LAST: Final = (
    "select is_release, max(place) as last from fingerprint_lines group by is_release order by is_release desc"
)
_LINES_OF_PART: Final = """
    select line || chr(10) as line from fingerprint_lines
    where is_release = $is_release and place >= $first and place < $end
    order by place
"""

# SQL, its parameters, and how many rows a batch has.
Ask = Callable[[str, Mapping[str, object] | None, int], Iterator[pa.RecordBatch]]


def fingerprint(ask: Ask) -> str:
    """The SHA-256 of the lines, in the order that their view says, as 64 hex digits."""
    digest = hashlib.sha256()
    # Lines are digested while the next ones come.
    with ThreadPoolExecutor(1) as pool:
        added = pool.submit(digest.update, b"")
        for each in _lines(ask):
            added.result()
            added = pool.submit(digest.update, _bytes_of(each.column(0)))
        added.result()
    return digest.hexdigest()


def _lines(ask: Ask) -> Iterator[pa.RecordBatch]:
    for kind in [row for rows in ask(LAST, None, _LINES_AT_ONCE) for row in rows.to_pylist()]:
        for first in range(0, kind["last"] + 1, _LINES):
            part = {"is_release": kind["is_release"], "first": first, "end": first + _LINES}
            yield from ask(_LINES_OF_PART, part, _LINES_AT_ONCE)


def _bytes_of(texts: pa.StringArray) -> memoryview:
    """The UTF-8 of texts, none of which is null, one after the other: in Arrow's own memory, not copied."""
    _, ends, data = texts.buffers()
    first, last = (memoryview(ends).cast("i")[texts.offset + place] for place in (0, len(texts)))
    return memoryview(data or b"")[first:last]
