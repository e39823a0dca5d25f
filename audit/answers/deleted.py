"""Which deleted files an answer counts, in words: shown with every number that depends on them; pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from audit.model import Source

_GAP = (
    "The upload times of those from bigquery are known from its import only. Its table has uploads from 2024-03-20 to "
    "2025-01-13 only if their files still existed when it was filled in later: files that came and went in these days "
    "are missing, so a lag is still a lower bound."
)
_SEEN = "Files that were deleted before the first crawl are not known, so a lag is still a lower bound."


def deleted_note(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows of the view ``deleted_sources`` as text, for an answer that counts deleted files."""
    counts = {str(row["source"]): int(row["file_count"]) for row in rows}
    if not counts:
        return (
            "No deleted file is known: this is the answer without them. "
            "`release-audit import bigquery --against-crawl` adds those that BigQuery knows."
        )
    known = ", ".join(f"{counts[source]:,} from {source}" for source in sorted(counts))
    return (
        "Deleted files count: a lag begins with the first upload that is known. "
        f"Deleted files known: {known}. {_GAP if Source.BIGQUERY in counts else _SEEN} "
        "Reasons and picks look only at the files that are left."
    )
