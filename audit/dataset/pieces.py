"""Pieces: where each project's rows lie, in the last generation and in the staged segments."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Each is ``counts`` rows of one project, from row ``starts`` on in source number ``sources``."""

    projects: pa.Array
    sources: Numbers
    starts: Numbers
    counts: Numbers

    @classmethod
    def of_source(cls, source: int, projects: pa.Array, counts: Numbers) -> Self:
        """The pieces of one source, where they lie one after the other."""
        return cls(projects, np.full(len(counts), source, np.int64), np.cumsum(counts) - counts, counts)

    @classmethod
    def joined(cls, some: Sequence["Pieces"]) -> Self:
        """All of these joined, in this order."""
        arrays = ([each.sources for each in some], [each.starts for each in some], [each.counts for each in some])
        projects = pa.chunked_array([each.projects for each in some], pa.string()).combine_chunks()
        return cls(projects, *(np.concatenate([np.empty(0, np.int64), *parts]) for parts in arrays))

    def take(self, rows: Numbers) -> Self:
        """The pieces at ``rows``."""
        projects = self.projects.take(pa.array(rows))
        return type(self)(projects, self.sources[rows], self.starts[rows], self.counts[rows])

    def of(self, projects: pa.Array, *, others: bool = False) -> Self:
        """The pieces of these projects, or of all ``others``."""
        is_theirs = pc.is_in(self.projects, value_set=projects).to_numpy(zero_copy_only=False)
        return self.take(np.flatnonzero(is_theirs != others))

    def span(self, projects: pa.Array) -> slice:
        """The range of pieces from the first of ``projects`` to the last; both are sorted by project."""
        begin = bisect_left(self.projects, projects[0].as_py(), key=pa.StringScalar.as_py)
        return slice(begin, bisect_right(self.projects, projects[-1].as_py(), key=pa.StringScalar.as_py))

    def by_project(self) -> Self:
        """Sorted by project; those of one project keep their order."""
        return self.take(pc.sort_indices(self.projects).to_numpy().astype(np.int64))

    def cut(self, begin: int, end: int, ends: Numbers) -> Self:
        """The pieces of rows ``begin`` to before ``end``, over all pieces; ``ends`` is where each piece ends."""
        some = np.arange(np.searchsorted(ends, begin, "right"), np.searchsorted(ends, end, "left") + 1)
        cut = self.take(some)
        skipped = np.maximum(begin - (ends[some] - cut.counts), 0)
        beyond = np.maximum(ends[some] - end, 0)
        return type(self)(cut.projects, cut.sources, cut.starts + skipped, cut.counts - skipped - beyond)

    @property
    def rows(self) -> Numbers:
        """The number of each row in its source, piece by piece."""
        return ranges(self.starts, self.counts)


def ranges(starts: Numbers, counts: Numbers) -> Numbers:
    """``counts`` numbers from each of ``starts`` on, one range after the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(counts.sum(), dtype=np.int64)
