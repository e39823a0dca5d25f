"""One number for all that an index listed: the digest of the lines of the view ``fingerprint_lines``."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pyarrow as pa

# DuckDB reads tables in their own order, which is the one that the view promises, and keeps it.
LINES: Final = "select line || chr(10) as line from fingerprint_lines"
# Larger buffers take a fifth longer: the system has to clear their memory each time.
LINES_AT_ONCE: Final = 16_384


def fingerprint(lines: Iterable[pa.RecordBatch]) -> str:
    """The SHA-256 of the lines, in their order, as 64 hex digits; their one column has no null."""
    digest = hashlib.sha256()
    # Lines are digested while the next ones come.
    with ThreadPoolExecutor(1) as pool:
        added = pool.submit(digest.update, b"")
        for each in lines:
            added.result()
            added = pool.submit(digest.update, _bytes_of(each.column(0)))
        added.result()
    return digest.hexdigest()


def _bytes_of(texts: pa.StringArray) -> memoryview:
    """The UTF-8 of texts, none of which is null, one after the other: in Arrow's own memory, not copied."""
    _, ends, data = texts.buffers()
    first, last = (memoryview(ends).cast("i")[texts.offset + place] for place in (0, len(texts)))
    return memoryview(data or b"")[first:last]
