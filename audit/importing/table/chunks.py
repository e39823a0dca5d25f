"""The rows of a table, project by project: sorted on disk, and cut where a project ends."""

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from audit.dataset.engine import Engine

# A chunk becomes a segment: few enough rows to fit in memory with their neighbours, enough to be worth a statement.
CHUNK_ROWS: Final = 122_880
_SORTED: Final = """
    select numbers.number, source.* exclude (name)
    from source
    join numbers using (name)
    order by numbers.number
"""


def chunks(engine: Engine, rows: int = CHUNK_ROWS) -> Iterator[pa.Table]:
    """Yields several whole projects at a time, about ``rows`` rows, in the order of their numbers.

    ``source`` and ``numbers`` are relations of the engine; no other statement may run before this ends.
    """
    return _whole_projects(engine.batches(_SORTED, rows), rows)


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
