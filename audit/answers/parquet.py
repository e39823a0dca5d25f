"""An answer as a Parquet file: every type unchanged; the same rows give the same bytes."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from audit.errors import UsageError


def render(rows: pa.Table) -> bytes:
    """The file as bytes; times keep their zone, which is UTC, and their microseconds.

    Raises:
        UsageError: a column has a type that Parquet does not have.
    """
    sink = io.BytesIO()
    try:
        pq.write_table(rows, sink, compression="zstd", coerce_timestamps="us")
    except pa.ArrowNotImplementedError as error:
        raise UsageError(f"the answer cannot be written as Parquet ({error}): cast that column to text") from None
    return sink.getvalue()
