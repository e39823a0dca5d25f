"""What a scan asks about: the rows that it gives to the queries."""

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

# One row for each pin and file that it names; a pin without files has one row without filename and digest.
PINS: Final = pa.schema(
    [
        ("pin_number", pa.int64()),
        ("source", pa.string()),
        ("line", pa.int64()),
        ("project", pa.string()),
        ("version", pa.string()),
        ("versions", pa.list_(pa.string())),  # the versions that it allows, best first
        ("pinned_by", pa.string()),
        ("filename", pa.string()),
        ("sha256", pa.string()),
        ("size_bytes", pa.int64()),
        ("uploaded_at", pa.timestamp("us", "UTC")),
        ("is_inferred", pa.bool_()),
        ("locked_at", pa.timestamp("us", "UTC")),
    ]
)

# What is known of each: the columns of the view ``pinned_files``.
FACTS: Final = pa.schema(
    [
        ("pin_number", pa.int64()),
        ("source", pa.string()),
        ("line", pa.int64()),
        ("project", pa.string()),
        ("version", pa.string()),
        ("filename", pa.string()),
        ("pinned_by", pa.string()),
        ("is_named", pa.bool_()),
        ("is_inferred", pa.bool_()),
        ("locked_at", pa.timestamp("us", "UTC")),
        ("file_number", pa.int64()),
        ("release_number", pa.int64()),
        ("is_reached", pa.bool_()),
        ("is_current", pa.bool_()),
        ("is_release_known", pa.bool_()),
        ("uploaded_at", pa.timestamp("us", "UTC")),
        ("first_uploaded_at", pa.timestamp("us", "UTC")),
        ("lag_us", pa.int64()),
        ("is_late", pa.bool_()),
        ("lag_text", pa.string()),
        ("reason", pa.string()),
        ("first_seen_at", pa.timestamp("us", "UTC")),
        ("appeared_after_lock", pa.bool_()),
        ("effect", pa.string()),
        ("picked_before", pa.string()),
        ("environments", pa.list_(pa.string())),
        ("refused_by", pa.list_(pa.string())),
        ("cooldown_sees", pa.list_(pa.string())),
        ("signs", pa.list_(pa.string())),
        ("is_yanked", pa.bool_()),
        ("yanked_reason", pa.string()),
        ("vanished_at", pa.timestamp("us", "UTC")),
        ("recreated_at", pa.timestamp("us", "UTC")),
        ("index_status", pa.string()),
    ]
)

# The relations whose rows a caller gives, by name; empty before that.
LENT: Final[Mapping[str, pa.Schema]] = {"scan_pins": PINS, "scan_rows": FACTS}
