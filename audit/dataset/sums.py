"""What the headline numbers count of the listings, project by project, without starting DuckDB.

The statistics coverage and policies define these numbers, and tests compare both. They compute all rules and windows;
a commit needs three, of rows that are sorted already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.parquet import read_columns
from audit.dataset.pieces import Numbers, ranges

Flags = npt.NDArray[np.bool_]

# About as many files are in memory, and pairs of releases.
_AT_ONCE: Final = 1 << 17
_LATE_US: Final = 14 * 86_400_000_000
_GAP_US: Final = 72 * 3_600_000_000
_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts over whole projects; ``timed`` is what has an upload time, ``later`` what came after the first file."""

    releases: int = 0
    files: int = 0
    timed_files: int = 0
    timed_releases: int = 0
    timed_projects: int = 0
    later_files: int = 0
    late_files: int = 0
    late_releases: int = 0
    late_projects: int = 0
    refused_after_last: int = 0
    refused_superseded: int = 0

    def __add__(self, other: Self) -> Self:
        """The counts over the projects of both."""
        names = [field.name for field in fields(self)]
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in names))


def sums_of(generation: Path) -> Sums:
    """The sums over the listings in ``generation``.

    Raises:
        OSError: a file cannot be read.
    """
    counts = read_columns(generation / "projects.parquet", ["release_count", "file_count"])
    releases, files = (counts[name].to_numpy() for name in counts.column_names)
    ends = _ends_of_parts(files)
    listed = _Rows(generation / "releases.parquet", ["version_key", "is_prerelease"])
    uploaded = _Rows(generation / "files.parquet", ["release_number", "uploaded_at"])
    total, begun = Sums(), 0
    for some, theirs in zip(np.split(releases, ends), np.split(files, ends), strict=True):
        total += _sums(some, listed.take(int(some.sum())), uploaded.take(int(theirs.sum())), begun)
        begun += int(some.sum())
    return total


class _Rows:
    """Columns of a table's file, read from beginning to end, so many rows at a time."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        with pq.ParquetFile(path) as file:
            self._empty = file.schema_arrow.empty_table().select(columns)
        self._batches = _batches(path, columns)
        self._held = self._empty

    def take(self, count: int) -> pa.Table:
        """The next ``count`` rows, or what is left of them."""
        parts = [self._held]
        while sum(part.num_rows for part in parts) < count and (batch := next(self._batches, None)) is not None:
            parts.append(pa.Table.from_batches([batch]))
        rows = pa.concat_tables(parts)
        self._held = rows.slice(count)
        return rows.slice(0, count)


def _batches(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(_AT_ONCE, columns=list(columns), use_threads=False)


def _sums(release_counts: Numbers, releases: pa.Table, files: pa.Table, begun: int) -> Sums:
    """The sums over some projects, which have so many releases each; ``begun`` is the number of the first of these."""
    timed = files.filter(files["uploaded_at"].is_valid())
    numbers = timed["release_number"].to_numpy() - begun
    times = timed["uploaded_at"].cast(pa.int64()).to_numpy()
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    lengths = np.diff(starts, append=len(numbers))
    grown = _Grown(
        projects=np.repeat(np.arange(len(release_counts)), release_counts)[numbers[starts]],
        firsts=times[starts],
        lasts=times[starts + lengths - 1],
        ranks=_ranks(releases)[numbers[starts]],
        is_stable=_is_stable(releases)[numbers[starts]],
    )
    lags = times - np.repeat(grown.firsts, lengths)
    is_late = grown.lasts - grown.firsts > _LATE_US
    return Sums(
        releases=releases.num_rows,
        files=files.num_rows,
        timed_files=timed.num_rows,
        timed_releases=len(starts),
        timed_projects=_distinct(grown.projects),
        later_files=int(np.count_nonzero(lags > 0)),
        late_files=int(np.count_nonzero(lags > _LATE_US)),
        late_releases=int(np.count_nonzero(is_late)),
        late_projects=_distinct(grown.projects[is_late]),
        refused_after_last=_after_gaps(times, starts, lengths),
        refused_superseded=int(np.count_nonzero(times > np.repeat(grown.superseded(), lengths))),
    )


def _ends_of_parts(counts: Numbers) -> Numbers:
    """Where to split rows of such counts, so that a part has about `_AT_ONCE`."""
    return np.flatnonzero(np.diff(np.cumsum(counts) // _AT_ONCE)) + 1


def _distinct(ascending: Numbers) -> int:
    """How many different ones there are. (NumPy's own function for it would first load masked arrays.)"""
    return int(np.count_nonzero(np.diff(ascending, prepend=-1)))


def _ranks(releases: pa.Table) -> Numbers:
    """Grows from release to release with the version; versions that are equal in PEP 440 have the same rank."""
    keys = pc.fill_null(releases["version_key"], "").combine_chunks()
    is_other = pc.not_equal(keys[1:], keys[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(is_other)])[: len(keys)]


def _is_stable(releases: pa.Table) -> Flags:
    """Whether each is known to be no pre-release; one whose version is not PEP 440 overtakes no other."""
    is_stable = pc.and_(pc.invert(releases["is_prerelease"]), releases["version_key"].is_valid())
    flags: Flags = pc.fill_null(is_stable, False).combine_chunks().to_numpy(zero_copy_only=False)
    return flags


def _after_gaps(times: Numbers, starts: Numbers, lengths: Numbers) -> int:
    """Files that came too long after the last one that a rule accepts: all files of a release after a wide gap.

    Once a file is refused, the next one is further still from the last accepted one.
    """
    is_wide = np.diff(times, prepend=0) > _GAP_US
    is_wide[starts] = False
    gaps = np.cumsum(is_wide)
    return int(np.count_nonzero(gaps > np.repeat(gaps[starts], lengths)))


@dataclass(frozen=True, slots=True)
class _Grown:
    """Releases with timed files, by project and version: the times are those of the first and of the last file."""

    projects: Numbers
    firsts: Numbers
    lasts: Numbers
    ranks: Numbers
    is_stable: Flags

    def superseded(self) -> Numbers:
        """When the first greater stable release came after each release's first file and before its last."""
        found = np.full(len(self.firsts), _NEVER)
        some = self._overlapped()
        ends = np.searchsorted(self.projects, self.projects[some], "right")
        counts = ends - some - 1
        for part in np.split(np.arange(len(some)), _ends_of_parts(counts)):
            mine = np.repeat(some[part], counts[part])
            others = ranges(some[part] + 1, counts[part])  # the greater versions of the project, and equal ones
            supersedes = (
                self.is_stable[others]
                & (self.ranks[others] > self.ranks[mine])
                & (self.firsts[others] > self.firsts[mine])
            )
            np.minimum.at(found, mine[supersedes], self.firsts[others[supersedes]])
        return found

    def _overlapped(self) -> Numbers:
        """The few releases that got a file after another release of the project had come: others need no comparing."""
        order = np.lexsort((self.firsts, self.projects))
        now, following = order[:-1], order[1:]
        is_same = self.projects[now] == self.projects[following]
        return np.sort(now[is_same & (self.firsts[following] < self.lasts[now])])
