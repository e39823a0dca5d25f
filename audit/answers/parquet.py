"""An answer as a Parquet file: every type unchanged; the same rows give the same bytes."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from audit.answers.values import distinct
from audit.errors import UsageError


def render(rows: pa.Table) -> bytes:
    """The file as bytes; times keep their zone, which is UTC, and their microseconds.

    Columns of the same name become ``a``, ``a_2``: PyArrow and pandas cannot read a file with a name twice.

    Raises:
        UsageError: a column has a type that Parquet does not have.
    """
    rows, sink = rows.rename_columns(distinct(rows.column_names)), io.BytesIO()
    try:
        pq.write_table(rows, sink, compression="zstd", coerce_timestamps="us")
    except pa.ArrowNotImplementedError as error:
        raise UsageError(f"the answer cannot be written as Parquet ({error}): cast that column to text") from None
    return sink.getvalue()
