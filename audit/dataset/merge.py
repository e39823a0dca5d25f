"""The merge: what was staged and what the last generation keeps, as one table in the dataset's order.

Every source is sorted like its table, and a project's rows lie together, so only the projects' names are sorted. Only a
few row groups are in memory, however large the dataset is.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.parquet import read_columns
from audit.dataset.pieces import Numbers, Pieces, ranges
from audit.dataset.schema import FIRST_SEEN
from audit.dataset.staged_schema import staged_schema
from audit.dataset.staging import Staging, read_segment
from audit.dataset.table import Table

_OLD = -1
# Neighbouring projects lie in nearby segments, and in one row group: so what was read is cached for a while.
_KEPT_SEGMENTS = 8
_KEPT_ROW_GROUPS = 2
# This many rows are copied one by one in the time that one slice takes.
_WORTH_A_SLICE = 64


class Merge:
    """One table's rows after a crawl; ``before`` is the last generation (None: there is none).

    ``replaced`` are the projects whose old rows are dropped; ``crawl_at`` is the time at which new rows were first
    seen; ``releases`` is the merge that renumbers the releases, if the rows are files.
    """

    def __init__(
        self,
        table: Table,
        before: Path | None,
        staging: Staging,
        replaced: pa.Array,
        crawl_at: datetime,
        releases: "Merge | None" = None,
    ) -> None:
        """Reads where each project's rows lie, but no rows yet."""
        self.table = table
        self._count = f"{table.name.removesuffix('s')}_count"
        self._key = ("project", table.order[-1])
        self._names = [name for name in table.schema.names if name != table.number]
        self._releases = releases
        self._crawl_at = crawl_at
        segments = staging.segments()
        # Nothing here refers back to this object, so all that it has read is freed with it, without the cycle
        # collector.
        self._read_segment = lru_cache(_KEPT_SEGMENTS)(lambda number: read_segment(segments[number], table.name))
        self._group_ends = np.empty(0, np.int64)
        if before:
            old = pq.ParquetFile(before / f"{table.name}.parquet", memory_map=True)
            self._read_group = lru_cache(_KEPT_ROW_GROUPS)(
                partial(old.read_row_group, columns=self._names, use_threads=False)
            )
            groups = [old.metadata.row_group(number).num_rows for number in range(old.num_row_groups)]
            self._group_ends = np.cumsum(groups, dtype=np.int64)
        listed = self._listed(before)
        self._gone = listed.of(replaced)
        staged = (self._staged(number, path) for number, path in enumerate(segments))
        self._pieces = Pieces.joined([listed.of(replaced, others=True), *staged]).by_project()
        self._ends = np.cumsum(self._pieces.counts)
        self._moved = self._ends - self._pieces.counts - self._pieces.starts
        self._nothing_staged = staged_schema(table).empty_table()

    @property
    def row_count(self) -> int:
        """How many rows there are after the crawl."""
        return int(self._ends[-1]) if len(self._ends) else 0

    def parts(self, rows: int, until: Callable[[str | None], None] = lambda _: None) -> Iterator[pa.Table]:
        """The rows in the table's order, ``rows`` at a time.

        After each part ``until`` is called with the project that may have more rows (None: all are done). What
        `both_sides` needs for the projects before it is then probably cached.
        """
        number = self.table.schema.field(self.table.number)
        for begin in range(0, self.row_count, rows):
            end = min(begin + rows, self.row_count)
            pieces = self._pieces.cut(begin, end, self._ends)
            yield self._gathered(pieces).append_column(number, pa.array(np.arange(begin, end)))
            until(pieces.projects[-1].as_py())
        until(None)

    def both_sides(self, projects: pa.Array, names: Sequence[str]) -> tuple[pa.Table, pa.Table]:
        """Columns of the old rows of some replaced projects, and of their new rows."""
        near = self._pieces.span(projects)
        staged = self._pieces.take(np.arange(near.start, near.stop)).of(projects)
        return self._old_rows(self._old_of(projects).rows, names), self._staged_rows(staged, names)

    def keys(self, rows: pa.Table) -> pa.Array:
        """The key that identifies a row from crawl to crawl; no project's name contains a slash."""
        return pc.binary_join_element_wise(*(rows[name] for name in self._key), "/").combine_chunks()

    def renumbered(self, files: pa.Table, pieces: Pieces) -> pa.Table:
        """The files of ``pieces``, with the new numbers of their releases instead of those in their source."""
        some = self._pieces.span(pieces.projects)
        theirs = pc.index_in(pieces.projects, value_set=self._pieces.projects[some]).to_numpy()
        moved = self._moved[some][theirs]
        place = files.schema.get_field_index("release_number")
        numbers = pc.add(files["release_number"], pa.array(np.repeat(moved, pieces.counts)))
        return files.set_column(place, files.schema.field(place), numbers)

    def _listed(self, before: Path | None) -> Pieces:
        """Where each project's rows lie in the last generation: in order, and their count is known."""
        if before is None:
            return Pieces.of_source(_OLD, pa.array([], pa.string()), np.empty(0, np.int64))
        projects = read_columns(before / "projects.parquet", ["project", self._count])
        counts = projects[self._count].combine_chunks().to_numpy()
        return Pieces.of_source(_OLD, projects["project"].combine_chunks(), counts)

    def _staged(self, number: int, path: Path) -> Pieces:
        """The rows of one segment."""
        results = read_segment(path, "results")
        counts = results[self._count].combine_chunks().to_numpy()
        return Pieces.of_source(number, results["project"].combine_chunks(), counts)

    def _gathered(self, pieces: Pieces) -> pa.Table:
        """The rows of these pieces, in their order."""
        is_old = pieces.sources == _OLD
        shares = [np.flatnonzero(is_old), np.flatnonzero(~is_old)]
        old, new = (pieces.take(share) for share in shares)
        staged = self._with_first_seen(self._staged_rows(new, self._nothing_staged.column_names), new)
        rows = _in_order([self._old_rows(old.rows, self._names), staged.select(self._names)], shares, pieces)
        return self._releases.renumbered(rows, pieces) if self._releases else rows

    def _staged_rows(self, pieces: Pieces, names: Sequence[str]) -> pa.Table:
        """Columns of staged rows, from all segments that have them."""
        numbers = np.flatnonzero(np.bincount(pieces.sources))
        shares = [np.flatnonzero(pieces.sources == number) for number in numbers]
        tables = [
            _at(self._read_segment(int(number)).select(names), pieces.take(share).rows)
            for number, share in zip(numbers, shares, strict=True)
        ]
        return _in_order([self._nothing_staged.select(names), *tables], shares, pieces)

    def _old_rows(self, rows: Numbers, names: Sequence[str]) -> pa.Table:
        """Columns of old rows by their numbers, which must ascend."""
        if not len(rows):
            return self.table.schema.empty_table().select(names)
        tables = []
        first, last = np.searchsorted(self._group_ends, [rows[0], rows[-1]], "right")
        for number in range(first, last + 1):
            began, end = (self._group_ends[number - 1] if number else 0), self._group_ends[number]
            theirs = slice(*np.searchsorted(rows, [began, end]))
            tables.append(_at(self._read_group(number).select(names), rows[theirs] - began))
        return pa.concat_tables(tables)

    def _with_first_seen(self, rows: pa.Table, pieces: Pieces) -> pa.Table:
        """Staged rows with the time at which the old row of the same name was first seen, or with this crawl's."""
        field = self.table.schema.field(FIRST_SEEN)
        now = pa.scalar(self._crawl_at, field.type)
        theirs = self._old_of(pieces.projects)
        if not len(theirs.counts):
            return rows.append_column(field, pa.repeat(now, rows.num_rows))
        old = self._old_rows(theirs.rows, [*self._key, FIRST_SEEN])
        seen = old[FIRST_SEEN].take(pc.index_in(self.keys(rows), value_set=self.keys(old)))
        return rows.append_column(field, pc.fill_null(seen, now))

    def _old_of(self, projects: pa.Array) -> Pieces:
        """The old rows of projects that are replaced."""
        if not len(projects):
            return self._gone.take(np.empty(0, np.int64))
        near = self._gone.span(projects)
        return self._gone.take(np.arange(near.start, near.stop)).of(projects)


def _at(table: pa.Table, rows: Numbers) -> pa.Table:
    """The rows of the table at these numbers, in that order: by slices, if most numbers follow each other."""
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    if len(rows) < _WORTH_A_SLICE * len(breaks):
        return table.take(pa.array(rows))
    begins, ends = (np.concatenate(parts) for parts in (([0], breaks), (breaks, [len(rows)])))
    return pa.concat_tables(
        [table.slice(int(rows[at]), int(end - at)) for at, end in zip(begins, ends, strict=True) if end > at]
        or [table.slice(0, 0)]
    )


def _in_order(tables: Sequence[pa.Table], shares: Sequence[Numbers], pieces: Pieces) -> pa.Table:
    """The rows of all tables in the order of the pieces; each share says which pieces its table has."""
    places = np.cumsum(pieces.counts) - pieces.counts
    place = np.concatenate([ranges(places[share], pieces.counts[share]) for share in [np.empty(0, np.int64), *shares]])
    order = np.empty_like(place)
    order[place] = np.arange(len(place))
    return _at(pa.concat_tables(tables), order)
