"""Which deleted files an answer counts, in words: shown with every number that depends on them; pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from audit.model import Source

_GAP = (
    "Those of bigquery have their upload times from its import alone, and its table was filled later for uploads from "
    "2024-03-20 to 2025-01-13, from what still existed: what came and went in these days is not in it, so a lag is "
    "still a lower bound."
)
_SEEN = "What went before the first crawl nobody saw, so a lag is still a lower bound."


def deleted_note(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows of the view ``deleted_sources`` as text, for an answer that counts deleted files."""
    told = {str(row["source"]): int(row["file_count"]) for row in rows}
    if not told:
        return (
            "No deleted file is known: this is the answer without them. "
            "`release-audit import bigquery --against-crawl` tells of them."
        )
    known = ", ".join(f"{told[source]:,} told by {source}" for source in sorted(told))
    return (
        "Deleted files count: a lag is that after the first upload that is known. "
        f"Deleted files known: {known}. {_GAP if Source.BIGQUERY in told else _SEEN} "
        "Reasons and picks look at the files that are left."
    )
