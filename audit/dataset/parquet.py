"""Parquet as the dataset writes it: the same rows give the same bytes."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.table import TEXT, Table
from audit.disk.sync import sync_file

# A row group is in memory while it is written, and the next one while it is gathered, so a small crawl needs little
# memory. With many rows, groups of four times that size are read a third faster.
ROW_GROUP_ROWS: Final = 30_720
MANY_ROWS: Final = 2_000_000
_LARGER_THAN_A_COLUMN: Final = 1 << 28
# Values that hardly repeat gain nothing from a dictionary.
_WITHOUT_DICTIONARY: Final = {"filename", "detail", "failure_detail", "etag", "uploaded_at", "first_seen_at"}
# Numbers near each other are very small as differences. Between digests, lengths only disturb the compression.
_ENCODINGS: Final = {
    "release_number": "DELTA_BINARY_PACKED",
    "file_number": "DELTA_BINARY_PACKED",
    "size_bytes": "DELTA_BINARY_PACKED",
    "sha256": "DELTA_LENGTH_BYTE_ARRAY",
}


def rows_in_group(row_count: int) -> int:
    """How many rows a row group has, in a table of ``row_count`` rows."""
    return ROW_GROUP_ROWS * (4 if row_count >= MANY_ROWS else 1)


def write_table(
    table: Table, parts: Iterable[pa.Table], path: Path, metadata: Mapping[bytes, bytes] | None = None
) -> None:
    """Writes a table's file, each part as a row group; it is synced to disk at the end.

    The same parts give the same bytes, however they are chunked. ``metadata`` is added to the file's own.

    Raises:
        OSError: it cannot be written.
    """
    schema = table.schema.with_metadata({**table.schema.metadata, **(metadata or {})})
    layout = {
        "compression": "zstd",
        "write_batch_size": 16_384,  # values encoded in one call: many calls with few values each take longer
        # One page and one dictionary for each column of a row group: smaller ones would depend on how the rows are
        # chunked.
        "data_page_size": _LARGER_THAN_A_COLUMN,
        "dictionary_pagesize_limit": _LARGER_THAN_A_COLUMN,
        "use_dictionary": [name for name in schema.names if name not in _WITHOUT_DICTIONARY | _ENCODINGS.keys()],
        "column_encoding": {name: _ENCODINGS[name] for name in schema.names if name in _ENCODINGS},
        # Only projects are in order, so only their ranges of texts help a reader to skip row groups.
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
