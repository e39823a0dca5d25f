"""Checks of upload times: whether they are given, how precisely, and whether they can be real upload times; pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from audit.doctor.conformance.check import FAIL, OK, WARN, Check, Judged, graded, pep, share
from audit.doctor.conformance.evidence import Evidence

_MILLISECOND: Final = 1000


def _are_given(evidence: Evidence) -> Judged | None:
    files = evidence.column("uploaded_at")
    timed = len(evidence.times())
    return graded(timed, len(files), share(timed, files, "files have an upload time"), FAIL)


def precision_of(times: Sequence[datetime]) -> str:
    """The finest unit that the times use: with several times, it is no accident that none has a fraction of it."""
    if all(not time.microsecond for time in times):
        return "seconds"
    return "milliseconds" if all(not time.microsecond % _MILLISECOND for time in times) else "microseconds"


def _precision(evidence: Evidence) -> Judged | None:
    times = evidence.times()
    if not times:
        return None
    precision = precision_of(times)
    return (OK if precision == "microseconds" else WARN), f"to {precision}, by {len(times):,} times"


def _plausible(evidence: Evidence) -> Judged | None:
    """Checks that times are not those of the index's own clock or disk, which are not upload times."""
    times = evidence.times()
    if not times:
        return None
    today = sum(time.date() == evidence.now.date() for time in times)
    future = sum(time > evidence.now for time in times)
    if future:
        return WARN, share(future, times, "times are in the future")
    if len(times) > 1 and len(set(times)) == 1:
        return WARN, f"all {len(times):,} files have the same time"
    if today == len(times):
        return WARN, f"all {len(times):,} files have a time of today: these look like times of files on a disk (mtime)"
    return OK, share(today, times, "files have a time of today")


CHECKS: Final = (
    Check("upload times", pep(700), "a file without one has no lag: no time is guessed", _are_given),
    Check("precision", pep(700), "files of one moment differ only by name; lags are no more exact", _precision),
    Check("plausible times", pep(700), "lags are then those of a copy, not of uploads: do not quote them", _plausible),
)
