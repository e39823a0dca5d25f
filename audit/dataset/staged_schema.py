"""The schemas of staging: what a page lists, without what a commit adds."""

from typing import Final

import pyarrow as pa

from audit.dataset.schema import CRAWLS, EVENTS, FILES, FIRST_SEEN, PROJECTS, RELEASES, SET_ASIDE
from audit.dataset.table import COUNT, Column, Table

# The commit adds what only the history knows, and numbers the rows. For a staged file release_number is the row of its
# release in the segment.
_COUNTS: Final = (
    Column("release_count", COUNT, "rows of it among the staged releases"),
    Column("file_count", COUNT, "rows of it among the staged files"),
)


def staged_schema(table: Table) -> pa.Schema:
    """The columns of a table that staging holds."""
    return pa.schema([c.field for c in table.columns if c.name not in {FIRST_SEEN, table.number}])


STAGED_FILES: Final = staged_schema(FILES)
# What a source itself says about the past, which no crawl saw.
REPORTED_EVENTS: Final = pa.schema(
    [c.field for c in EVENTS.columns if c.name not in {"crawl_id", "seen_at", "is_known_release", "source"}]
)
STAGED_RELEASES: Final = staged_schema(RELEASES)
STAGED_SET_ASIDE: Final = pa.schema([c.field for c in SET_ASIDE.columns if c.name != "crawl_id"])
_OF_CRAWL: Final = {"crawl_id", "project", "project_count", "api", "index_url", "chosen_by", "source"}
STAGED_RESULTS: Final = pa.schema(
    [
        FILES.schema.field("project"),
        *[c.field for c in CRAWLS.columns if c.name not in _OF_CRAWL],
        *[c.field for c in PROJECTS.columns if c.name in {"etag", "index_status", "recorded_at", "recorded_from"}],
        *[c.field for c in _COUNTS],
    ]
)
