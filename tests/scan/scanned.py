"""Scans made by hand: what tests of the verdict and of the formats start from."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from packaging.utils import NormalizedName

from audit.scan.findings import FINDINGS, LockTime, Scanned
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedBy
from audit.scan.verdict import Judged, judge

TODAY = date(2026, 11, 27)
FIRST = datetime(2019, 2, 24, 1, 4, tzinfo=UTC)
LATE = datetime(2021, 1, 29, 23, 50, tzinfo=UTC)
WHEEL = "MarkupSafe-1.1.1-cp38-cp38-manylinux2010_x86_64.whl"
# A finding of each level, one on the same file, a file without a finding, and one that cannot be decided.
ROWS: Sequence[Mapping[str, Any]] = (
    {
        "line": 2,
        "filename": WHEEL,
        "pinned_by": "version",
        "uploaded_at": LATE,
        "first_uploaded_at": FIRST,
        "lag_us": (LATE - FIRST) // timedelta(microseconds=1),
        "reason": "overlap",
        "effect": "displaces",
        "picked_before": "MarkupSafe-1.1.1-cp38-cp38-manylinux1_x86_64.whl",
        "environments": ["cp38-manylinux_2_28_x86_64"],
        "rule": "RA001",
        "level": "error",
        "why": "No hash pins it, and the file that pip picks came 705.9 days after the release's first.",
    },
    {"line": 2, "filename": WHEEL, "rule": "RA003", "level": "warning", "why": "19 files came after the lock."},
    {"line": 3, "project": "idna", "version": "3.10", "filename": "idna-3.10-py3-none-any.whl", "pinned_by": "hash"},
    {"line": 4, "project": "numpy", "version": "1.6.0", "filename": "numpy.whl", "rule": "RA002", "level": "note"},
    {"line": 5, "project": "gone", "version": None, "rule": "RA008", "level": "note", "why": "It was not reached."},
)


def scanned(rows: Sequence[Mapping[str, Any]] = ROWS, *, is_incomplete: bool = False) -> Scanned:
    """A scan of one list of requirements, with these rows; what a row does not say is MarkupSafe 1.1.1's, or null."""
    usual: Mapping[str, Any] = {"source": "requirements.txt", "project": "markupsafe", "version": "1.1.1"}
    table = pa.Table.from_pylist([{**usual, **row} for row in rows], schema=FINDINGS)
    pins = [
        Pin("requirements.txt", line, NormalizedName(name), version, f"=={version}", PinnedBy.VERSION)
        for line, name, version in [(2, "markupsafe", "1.1.1"), (3, "idna", "3.10"), (4, "numpy", "1.6.0")]
    ]
    elsewhere = [NotOnIndex("requirements.txt", 6, "spam", "git+https://example.org/spam.git")]
    return Scanned(
        [Input("requirements.txt", "requirements", pins, elsewhere)],
        [LockTime(LATE, "git")],
        table,
        ["Deleted files are not seen."],
        is_incomplete,
    )


def judged(rows: Sequence[Mapping[str, Any]] = ROWS, **changes: Any) -> Judged:
    """The verdict on such a scan, with nothing changed, ignored or known unless it is said."""
    is_incomplete = changes.pop("is_incomplete", False)
    usual: dict[str, Any] = {"levels": {}, "ignores": [], "baseline": None, "today": TODAY}
    return judge(scanned(rows, is_incomplete=is_incomplete), **(usual | changes))
