"""One number for all that an index listed: the digest of the lines of the view ``fingerprint_lines``."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pyarrow as pa

# The lines are sorted for some projects at a time: all of them would not fit into memory. A part of fewer lines than a
# few row groups have would read most rows twice.
_LINES: Final = 400_000
PARTS: Final = """
    with sizes as (select project, count(*) as lines from fingerprint_lines group by project),
    places as (select project, sum(lines) over (order by project) // $line_count as part from sizes)
    select min(project) as first, max(project) as last from places group by part order by part
"""
_LINES_OF_PART: Final = """
    select line || chr(10) as line from fingerprint_lines where project between $first and $last
    order by project, version, filename nulls first
"""


def fingerprint(select: Callable[[str, Mapping[str, object]], pa.Table]) -> str:
    """The SHA-256 of the lines, as 64 hex digits; ``select`` answers SQL with its parameters, `PARTS` first."""
    digest = hashlib.sha256()

    def add(lines: Sequence[pa.StringArray]) -> None:
        for each in lines:
            digest.update(_bytes_of(each))

    # Lines are digested while the next ones are sorted; no more than two parts are in memory.
    with ThreadPoolExecutor(1) as pool:
        added = pool.submit(add, [])
        for part in select(PARTS, {"line_count": _LINES}).to_pylist():
            lines = select(_LINES_OF_PART, part).column("line").chunks
            added.result()
            added = pool.submit(add, lines)
        added.result()
    return digest.hexdigest()


def _bytes_of(texts: pa.StringArray) -> memoryview:
    """The UTF-8 of texts, none of which is null, one after the other: in Arrow's own memory, not copied."""
    _, ends, data = texts.buffers()
    first, last = (memoryview(ends).cast("i")[texts.offset + place] for place in (0, len(texts)))
    return memoryview(data or b"")[first:last]
