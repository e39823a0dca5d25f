"""The changes that crawls saw, for a person: one line on what happened instead of a column for every case; pure."""

from collections.abc import Mapping

import pyarrow as pa

LOUD = "changed"
_SHOWN = ["seen_at", "event", "project", "version", "filename"]


def for_people(changes: pa.Table) -> pa.Table:
    """The columns that fit side by side, and ``what``: which release grew, why a file vanished, how a value changed."""
    return changes.select(_SHOWN).append_column("what", pa.array(map(_what, changes.to_pylist()), pa.string()))


def loud_note(changes: pa.Table) -> str | None:
    """A warning if files changed their contents or time, which should never happen; None: none did."""
    files = {(row["project"], row["filename"]) for row in changes.to_pylist() if row["event"] == LOUD}
    if not files:
        return None
    return (
        f"WARNING: {len(files):,} of these files changed their hash, size, upload time or release, which should never "
        f"happen: --event {LOUD} lists only those."
    )


def _what(row: Mapping[str, object]) -> str:
    if row["event"] == LOUD:
        return f"{row['field']}: {row['before']} -> {row['after']}"
    if row["event"] == "appeared":
        return "in a known release" if row["is_known_release"] else "with a new release"
    return str(row["reason"] or "")
