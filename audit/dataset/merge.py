"""The merge: what was staged and what the last generation keeps, as one table in the dataset's order.

Every source is sorted as its table is, and a project's rows lie together, so only the projects' names are sorted; no
more than some row groups are in memory, however large the dataset is.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.pieces import Numbers, Pieces, ranges
from audit.dataset.schema import Table, staged_schema
from audit.dataset.staging import Staging, read_segment

_OLD = -1
# A project's neighbours lie in segments near each other, and in one row group: what was read is kept a while.
_KEPT_SEGMENTS = 8
_KEPT_ROW_GROUPS = 2
# So many rows are copied one by one in the time that one slice takes.
_WORTH_A_SLICE = 64


class Merge:
    """One table's rows after a crawl; ``before`` is the last generation (None: there is none).

    ``replaced`` are the projects whose old rows go; ``crawl_at`` is when rows that are new were first seen;
    ``releases`` is the merge that numbers the releases anew, where the rows are files.
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
        """Reads where each project's rows lie, and no row yet."""
        self.table = table
        self._count = f"{table.name.removesuffix('s')}_count"
        self._names = [name for name in table.schema.names if name != table.number]
        self._releases = releases
        self._crawl_at = crawl_at
        self._segments = staging.segments()
        self._read_segment = lru_cache(_KEPT_SEGMENTS)(lambda number: read_segment(self._segments[number], table.name))
        self._group_ends = np.empty(0, np.int64)
        if before:
            old = pq.ParquetFile(before / f"{table.name}.parquet", memory_map=True)
            self._read_group = lru_cache(_KEPT_ROW_GROUPS)(partial(old.read_row_group, columns=self._names))
            groups = [old.metadata.row_group(number).num_rows for number in range(old.num_row_groups)]
            self._group_ends = np.cumsum(groups, dtype=np.int64)
        listed = self._listed(before)
        self._gone = listed.of(replaced)
        staged = (self._staged(number) for number in range(len(self._segments)))
        self._pieces = Pieces.joined([listed.of(replaced, others=True), *staged]).by_project()
        self._ends = np.cumsum(self._pieces.counts)
        self._moved = self._ends - self._pieces.counts - self._pieces.starts
        self._nothing_staged = staged_schema(table).empty_table()

    @property
    def row_count(self) -> int:
        """How many rows there are after the crawl."""
        return int(self._ends[-1]) if len(self._ends) else 0

    def parts(self, rows: int) -> Iterator[pa.Table]:
        """The rows in the table's order, so many at a time."""
        for begin in range(0, self.row_count, rows):
            end = min(begin + rows, self.row_count)
            gathered = self._gathered(self._pieces.cut(begin, end, self._ends))
            yield gathered.append_column(self.table.schema.field(self.table.number), pa.array(np.arange(begin, end)))

    def renumbered(self, files: pa.Table, pieces: Pieces) -> pa.Table:
        """Files, which ``pieces`` tell, with their releases' numbers here in place of those in the files' source."""
        some = self._pieces.span(pieces.projects)
        theirs = pc.index_in(pieces.projects, value_set=self._pieces.projects[some]).to_numpy()
        moved = self._moved[some][theirs]
        place = files.schema.get_field_index("release_number")
        numbers = pc.add(files["release_number"], pa.array(np.repeat(moved, pieces.counts)))
        return files.set_column(place, files.schema.field(place), numbers)

    def _listed(self, before: Path | None) -> Pieces:
        """Where each project's rows lie in the last generation: one after the other, and their count is known."""
        if before is None:
            return Pieces.of_source(_OLD, pa.array([], pa.string()), np.empty(0, np.int64))
        projects = pq.read_table(before / "projects.parquet", columns=["project", self._count])
        counts = projects[self._count].combine_chunks().to_numpy()
        return Pieces.of_source(_OLD, projects["project"].combine_chunks(), counts)

    def _staged(self, number: int) -> Pieces:
        """The rows of one segment."""
        results = read_segment(self._segments[number], "results")
        counts = results[self._count].combine_chunks().to_numpy()
        return Pieces.of_source(number, results["project"].combine_chunks(), counts)

    def _gathered(self, pieces: Pieces) -> pa.Table:
        """The rows of these pieces, in their order."""
        is_old = pieces.sources == _OLD
        shares = [np.flatnonzero(is_old), np.flatnonzero(~is_old)]
        old, new = (pieces.take(share) for share in shares)
        tables = [self._old_rows(old.rows), self._with_first_seen(self._staged_rows(new), new)]
        rows = _in_order([table.select(self._names) for table in tables], shares, pieces)
        return self._releases.renumbered(rows, pieces) if self._releases else rows

    def _staged_rows(self, pieces: Pieces) -> pa.Table:
        """Staged rows, from as many segments as they lie in."""
        numbers = np.unique(pieces.sources)
        shares = [np.flatnonzero(pieces.sources == number) for number in numbers]
        tables = [
            _at(self._read_segment(int(number)), pieces.take(share).rows)
            for number, share in zip(numbers, shares, strict=True)
        ]
        return _in_order([self._nothing_staged, *tables], shares, pieces)

    def _old_rows(self, rows: Numbers) -> pa.Table:
        """Old rows by their numbers, which ascend."""
        if not len(rows):
            return self.table.schema.empty_table()
        groups = np.searchsorted(self._group_ends, rows, "right")
        tables = []
        for number in np.unique(groups):
            began = self._group_ends[number - 1] if number else 0
            tables.append(_at(self._read_group(int(number)), rows[groups == number] - began))
        return pa.concat_tables(tables)

    def _with_first_seen(self, rows: pa.Table, pieces: Pieces) -> pa.Table:
        """Staged rows with the time at which the old row of the same name was first seen, or with this crawl's."""
        field = self.table.schema.field("first_seen_at")
        now = pa.scalar(self._crawl_at, field.type)
        theirs = self._old_of(pieces.projects)
        if not len(theirs.counts):
            return rows.append_column(field, pa.repeat(now, rows.num_rows))
        old = self._old_rows(theirs.rows)
        seen = old["first_seen_at"].take(pc.index_in(self._keys(rows), value_set=self._keys(old)))
        return rows.append_column(field, pc.fill_null(seen, now))

    def _old_of(self, projects: pa.Array) -> Pieces:
        """The old rows of projects that are replaced."""
        if not len(projects):
            return self._gone.take(np.empty(0, np.int64))
        near = self._gone.span(projects)
        return self._gone.take(np.arange(near.start, near.stop)).of(projects)

    def _keys(self, rows: pa.Table) -> pa.Array:
        """What a row is known by from crawl to crawl; no project's name holds a slash."""
        return pc.binary_join_element_wise(rows["project"], rows[self.table.order[-1]], "/").combine_chunks()


def _at(table: pa.Table, rows: Numbers) -> pa.Table:
    """The rows of the table at these numbers, in their order: slices, where most of them follow each other."""
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    if len(rows) < _WORTH_A_SLICE * len(breaks):
        return table.take(pa.array(rows))
    begins, ends = (np.concatenate(parts) for parts in (([0], breaks), (breaks, [len(rows)])))
    return pa.concat_tables(
        [table.slice(int(rows[at]), int(end - at)) for at, end in zip(begins, ends, strict=True) if end > at]
        or [table.slice(0, 0)]
    )


def _in_order(tables: Sequence[pa.Table], shares: Sequence[Numbers], pieces: Pieces) -> pa.Table:
    """The rows of all tables as the pieces follow each other; each share says which of them its table holds."""
    places = np.cumsum(pieces.counts) - pieces.counts
    place = np.concatenate([ranges(places[share], pieces.counts[share]) for share in [np.empty(0, np.int64), *shares]])
    order = np.empty_like(place)
    order[place] = np.arange(len(place))
    return _at(pa.concat_tables(tables), order)
