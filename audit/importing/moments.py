"""Groups kept pages into moments, each of which becomes one crawl; pure.

A mirror writes a page when the project changed, and records when. It does not record which pages one run wrote. So, in
the order of their times, a moment ends if the next page is of another day (UTC), or of a project that it has already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pyarrow as pa

_SECOND_US: Final = 1_000_000
_DAY_US: Final = 86_400 * _SECOND_US
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PIECE_ROWS: Final = 65_536


@dataclass(frozen=True, slots=True)
class Moment:
    """The pages of one crawl: by the project's number, the time when its page was written (microseconds, UTC).

    ``at`` is the time at which all of them were there: a whole second, later than that of the moment before.
    """

    at: datetime
    pages: Mapping[int, int]


def moments_of(numbers: Sequence[int], times_us: Sequence[int]) -> Iterator[Moment]:
    """The moments of the pages of projects ``numbers``, written at ``times_us``, in their order."""
    table = pa.table({"time": pa.array(times_us, pa.int64()), "number": pa.array(numbers, pa.int64())})
    pages: dict[int, int] = {}
    at, day = _EPOCH, -1
    for batch in table.sort_by([("time", "ascending"), ("number", "ascending")]).to_batches(_PIECE_ROWS):
        for time, number in zip(batch["time"].to_pylist(), batch["number"].to_pylist(), strict=True):
            if pages and (time // _DAY_US != day or number in pages):
                at = _end(pages, at)
                yield Moment(at, pages)
                pages = {}
            day = time // _DAY_US
            pages[number] = time
    if pages:
        yield Moment(_end(pages, at), pages)


def _end(pages: Mapping[int, int], before: datetime) -> datetime:
    """The end of the second in which the last page was written; if two moments share it, one second more."""
    seconds = -(-max(pages.values()) // _SECOND_US)
    return max(_EPOCH + timedelta(seconds=seconds), before + timedelta(seconds=1))
