"""What a crawl changed: the rows that it replaces, compared with the new rows."""

from bisect import bisect_left
from pathlib import Path
from threading import Event
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.merge import Merge
from audit.dataset.parquet import ROW_GROUP_ROWS
from audit.dataset.schema import FILES, RELEASES
from audit.dataset.table import Table

# For each table: the columns written for both sides, and those of them that are compared. sql/new_events.sql says in
# which way a file differs.
_WRITTEN: Final = {
    FILES: (
        *("project", "filename", "version", "sha256", "size_bytes", "uploaded_at", "time_precision_us"),
        *("is_yanked", "yanked_reason"),
    ),
    RELEASES: ("project", "version"),
}
_COMPARED: Final[dict[Table, tuple[str, ...]]] = {
    FILES: ("version", "sha256", "size_bytes", "uploaded_at", "is_yanked"),
    RELEASES: (),
}
_AT_ONCE: Final = 256


class Differences:
    """Writes the pairs of a table's rows that differ to a Parquet file, while a merge yields the rows themselves.

    ``known`` are the projects that are replaced and were known before: a project seen for the first time is a baseline,
    not a change. In a pair each column is there twice, as ``before_NAME`` and ``after_NAME``; a side without the row is
    null.
    """

    def __init__(self, table: Table, known: pa.Array, path: Path) -> None:
        """Begins the file; `close` ends it."""
        self._path = path
        self._known = known.sort()
        self._done = 0
        self._pairs: list[pa.Table] = []
        self._is_closed = Event()
        fields = [table.schema.field(name).with_nullable(True) for name in _WRITTEN[table]]
        self._schema = pa.schema(
            [field.with_name(f"{side}_{field.name}") for side in ("before", "after") for field in fields]
        )
        self._writer = pq.ParquetWriter(path, self._schema)

    def close(self) -> None:
        """Completes the file, if that is not done yet."""
        if not self._is_closed.is_set():
            try:
                self._writer.close()
            finally:
                self._is_closed.set()

    def wait(self) -> Path:
        """Waits until the file is complete; returns its path."""
        self._is_closed.wait()
        return self._path

    def until(self, merge: Merge, project: str | None) -> None:
        """Compares the known projects that sort before ``project`` (None: all, which completes the file)."""
        end = len(self._known)
        if project is not None:
            end = bisect_left(self._known, project, lo=self._done, key=pa.StringScalar.as_py)
        while self._done < end:
            some = self._known.slice(self._done, min(_AT_ONCE, end - self._done))
            if (pairs := _pairs(merge, some, self._schema)).num_rows:
                self._pairs.append(pairs)
            if sum(each.num_rows for each in self._pairs) >= ROW_GROUP_ROWS:
                self._write()
            self._done += len(some)
        if project is None:
            self._write()
            self.close()

    def _write(self) -> None:
        self._writer.write_table(pa.concat_tables([self._schema.empty_table(), *self._pairs]))
        self._pairs.clear()


def _is_other(name: str, before: pa.Table, after: pa.Table) -> pa.ChunkedArray:
    """Whether two sides differ; times are equal if they differ by less than their precision."""
    if name != "uploaded_at":
        return pc.not_equal(before[name], after[name])
    apart_us = pc.abs(pc.subtract(*(side[name].cast(pa.int64()) for side in (before, after))))
    precisions = (side["time_precision_us"] for side in (before, after))
    return pc.greater_equal(apart_us, pc.max_element_wise(*precisions))


def _pairs(merge: Merge, projects: pa.Array, schema: pa.Schema) -> pa.Table:
    """The pairs that differ: a row that only one side lists, or a value that is different."""
    written = _WRITTEN[merge.table]
    before, after = merge.both_sides(projects, written)
    mine, theirs = merge.keys(before), merge.keys(after)
    place = pc.index_in(theirs, value_set=mine)
    differs = place.is_null()
    for name in _COMPARED[merge.table]:
        is_other = _is_other(name, before.take(place), after)
        differs = pc.or_(differs, pc.fill_null(is_other, False))
    vanished = before.filter(pc.invert(pc.is_in(mine, value_set=theirs)))
    nothing = [pa.nulls(vanished.num_rows, field.type) for field in after.schema]
    pairs = [
        [*before.take(place.filter(differs)).columns, *after.filter(differs).columns],
        [*vanished.columns, *nothing],
    ]
    return pa.concat_tables([pa.Table.from_arrays(columns, schema=schema) for columns in pairs])
