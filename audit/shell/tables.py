"""A person's own tables: files that Arrow reads, so that DuckDB need not open any."""

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from audit.answers.text import plain
from audit.errors import UsageError

_BLOCK_BYTES: Final = 16 * 1024 * 1024  # no row is longer


def read_table(file: Path) -> pa.Table:
    """The rows of a Parquet file (``.parquet``), or of a CSV file with a header, every column of which is text.

    CSV has no types: a version ``1.10`` would become the number 1.1. An empty unquoted value is null.

    Raises:
        UsageError: it cannot be read, or two columns have the same name.
    """
    try:
        rows = pq.ParquetFile(file).read() if file.suffix.lower() == ".parquet" else _read_csv(file)
    except (OSError, pa.ArrowException, ValueError) as error:
        why = getattr(error, "strerror", None) or plain(str(error).partition("\n")[0])
        raise UsageError(f"{file} cannot be read as a table: {why}") from None
    names = [name.lower() for name in rows.column_names]
    if twice := [name for name in names if names.count(name) > 1]:
        raise UsageError(f"{file} has two columns {twice[0]!r}: give each a name of its own")
    return rows


def _read_csv(file: Path) -> pa.Table:
    reading = pa_csv.ReadOptions(block_size=_BLOCK_BYTES)
    lines = pa_csv.ParseOptions(newlines_in_values=True)
    with pa_csv.open_csv(file, reading, lines) as first:
        texts = dict.fromkeys(first.schema.names, pa.string())
    kept = pa_csv.ConvertOptions(
        column_types=texts, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
    )
    return pa_csv.read_csv(file, reading, lines, kept)
