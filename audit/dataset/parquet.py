"""Parquet as the dataset keeps it: the same rows are the same bytes."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.table import TEXT, Table
from audit.disk.sync import sync_file

# A row group is in memory while it is written, and the next one while it is gathered: a small crawl stays small. Many
# rows are read a third faster in groups of four times that size.
ROW_GROUP_ROWS: Final = 30_720
MANY_ROWS: Final = 2_000_000
_LARGER_THAN_A_COLUMN: Final = 1 << 28
# What hardly repeats gains nothing from a dictionary.
_WITHOUT_DICTIONARY: Final = {"filename", "detail", "failure_detail", "etag", "uploaded_at", "first_seen_at"}
# Numbers near each other weigh next to nothing as differences. Between digests, lengths only disturb the compression.
_ENCODINGS: Final = {
    "release_number": "DELTA_BINARY_PACKED",
    "file_number": "DELTA_BINARY_PACKED",
    "size_bytes": "DELTA_BINARY_PACKED",
    "sha256": "DELTA_LENGTH_BYTE_ARRAY",
}


def rows_in_group(row_count: int) -> int:
    """How many rows a row group holds, of so many in all."""
    return ROW_GROUP_ROWS * (4 if row_count >= MANY_ROWS else 1)


def write_table(
    table: Table, parts: Iterable[pa.Table], path: Path, metadata: Mapping[bytes, bytes] | None = None
) -> None:
    """Writes a table's file, each part as a row group; after this it survives a power cut.

    The same parts are the same bytes, in however many chunks each comes. ``metadata`` goes into the file's own.

    Raises:
        OSError: it cannot be written.
    """
    schema = table.schema.with_metadata({**table.schema.metadata, **(metadata or {})})
    layout = {
        "compression": "zstd",
        "write_batch_size": 16_384,  # values encoded at once: many calls for few values each take longer
        # One page, and one dictionary, for each column of a row group: smaller ones would end where a piece ends.
        "data_page_size": _LARGER_THAN_A_COLUMN,
        "dictionary_pagesize_limit": _LARGER_THAN_A_COLUMN,
        "use_dictionary": [name for name in schema.names if name not in _WITHOUT_DICTIONARY | _ENCODINGS.keys()],
        "column_encoding": {name: _ENCODINGS[name] for name in schema.names if name in _ENCODINGS},
        # Only the order of projects makes a range of texts tell which row groups to pass over.
        "write_statistics": [field.name for field in schema if field.name == "project" or field.type != TEXT],
    }
    with pq.ParquetWriter(path, schema, **layout) as writer:
        for part in parts:
            writer.write_table(part.select(schema.names).cast(schema), max(1, part.num_rows))
    sync_file(path)


def read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    """Some columns of a small table. (PyArrow's own function for it would first load all that reads whole folders.)"""
    with pq.ParquetFile(path) as file:
        return file.read(list(columns))
