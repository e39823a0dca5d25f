"""The findings of a scan: a row for each pinned file and rule that it breaks, and one for a file that breaks none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa

from audit.findings.level import Level
from audit.scan.pins import Input

__all__ = ["FINDINGS", "Level", "LockTime", "Scanned"]

_TEXT, _TEXTS, _TIME, _FLAG = pa.string(), pa.list_(pa.string()), pa.timestamp("us", "UTC"), pa.bool_()


# The columns of every format, in order. Null in `rule`, `level` and `why`: nothing was found for this file.
FINDINGS: Final = pa.schema(
    [
        ("source", _TEXT),
        ("line", pa.int64()),
        ("project", _TEXT),
        ("version", _TEXT),
        ("filename", _TEXT),
        ("pinned_by", _TEXT),
        ("uploaded_at", _TIME),
        ("first_uploaded_at", _TIME),
        ("lag_us", pa.int64()),
        ("reason", _TEXT),
        ("first_seen_at", _TIME),
        ("appeared_after_lock", _FLAG),
        ("effect", _TEXT),
        ("picked_before", _TEXT),
        ("environments", _TEXTS),
        ("refused_by", _TEXTS),
        ("cooldown_sees", _TEXTS),
        ("signs", _TEXTS),
        ("is_yanked", _FLAG),
        ("index_status", _TEXT),
        ("rule", _TEXT),
        ("level", _TEXT),
        ("why", _TEXT),
    ]
)


@dataclass(frozen=True, slots=True)
class LockTime:
    """When an input was made, and how it is known: ``given`` by the user, ``git``, ``newest upload`` (lower bound)."""

    at: datetime
    known_by: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """A whole scan: the inputs, when each was made (None: unknown), and the rows, of the schema ``FINDINGS``.

    ``caveats`` are sentences that each report shows, such as what an offline scan cannot know.
    ``is_incomplete``: something could not be decided, for example because a project was not reached.
    """

    inputs: Sequence[Input]
    locked: Sequence[LockTime | None]
    rows: pa.Table
    caveats: Sequence[str] = ()
    is_incomplete: bool = False
