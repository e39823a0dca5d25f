"""What a scan asks about: the rows that it lends to the queries as ``scan_pins``."""

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

# One row for each pin and file that it names; one without filename and digest for a pin that names none.
PINS: Final = pa.schema(
    [
        ("pin_number", pa.int64()),
        ("source", pa.string()),
        ("line", pa.int64()),
        ("project", pa.string()),
        ("version", pa.string()),
        ("versions", pa.list_(pa.string())),  # those that a range allows, best first
        ("pinned_by", pa.string()),
        ("filename", pa.string()),
        ("sha256", pa.string()),
        ("size_bytes", pa.int64()),
        ("uploaded_at", pa.timestamp("us", "UTC")),
        ("is_inferred", pa.bool_()),
        ("locked_at", pa.timestamp("us", "UTC")),
    ]
)

# The relations whose rows a caller gives, by name: empty until then.
LENT: Final[Mapping[str, pa.Schema]] = {"scan_pins": PINS}
