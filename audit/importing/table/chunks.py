"""The rows of a table, project by project: sorted on disk, and cut where a project ends."""

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from audit.dataset.engine import Engine
from audit.errors import QueryError

# A chunk becomes a segment: few enough rows to fit in memory with their neighbours, enough to be worth a statement.
CHUNK_ROWS: Final = 122_880
_SORTED: Final = """
    select numbers.number, source.* exclude (name)
    from source
    join numbers using (name)
    where numbers.number between {first} and {last}
    order by numbers.number
"""


def chunks(engine: Engine, rows: int = CHUNK_ROWS) -> Iterator[pa.Table]:
    """Yields several whole projects at a time, about ``rows`` rows, in the order of their numbers.

    ``source`` and ``numbers`` are relations of the engine; no other statement may run before this ends.
    """
    [last] = engine.table("select coalesce(max(number), 0) as last from numbers")["last"].to_pylist()
    return _whole_projects(_sorted(engine, rows, 0, last), rows)


def _sorted(engine: Engine, rows: int, first: int, last: int) -> Iterator[pa.RecordBatch]:
    """The rows of the projects from ``first`` to ``last``; those that cannot be sorted at once are, one half at a time.

    DuckDB 2.0 now and then ends the sorting of more than its memory before the first row, with "Out of Memory".
    """
    batches = engine.batches(_SORTED.format(first=first, last=last), None, rows)
    try:
        begun = next(batches, None)
    except QueryError:
        if first == last:
            raise
        middle = (first + last) // 2
        yield from _sorted(engine, rows, first, middle)
        yield from _sorted(engine, rows, middle + 1, last)
        return
    if begun is not None:
        yield begun
        yield from batches


def _whole_projects(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    count = 0
    for batch in batches:
        held.append(pa.Table.from_batches([batch]))
        count += batch.num_rows
        if count < rows:
            continue
        some = pa.concat_tables(held)
        ended = _before_the_last(some)
        if ended:
            yield some.slice(0, ended)
        held, count = [some.slice(ended)], len(some) - ended
    if count:
        yield pa.concat_tables(held)


def _before_the_last(some: pa.Table) -> int:
    """How many rows belong to projects that are complete: all projects but the last."""
    last = some["number"][-1]
    return len(some) - (pc.sum(pc.equal(some["number"], last)).as_py() or 0)
