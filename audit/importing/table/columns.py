"""The columns of the tables that can be imported, and whether files have them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as kinds

from audit.dataset.engine import identifier, literal
from audit.errors import DatasetError, UsageError

_TIME: Final = "upload_time"
_SIZE: Final = "size"
_LARGEST: Final = 2**63 - 1
# The columns that are read; a table may have more, in any order.
NEEDED: Final = (
    *("name", "version", "filename", _TIME, _SIZE, "packagetype", "requires_python", "sha256_digest", "uploaded_via"),
)


def relation_of(files: Sequence[Path]) -> str:
    """SQL that reads the needed columns of the files as one relation: texts, a time in UTC, a whole number.

    Raises:
        UsageError: there is no such file, it is not Parquet, or it lacks a column, which the message names.
        DatasetError: a file cannot be read.
    """
    if not files:
        raise UsageError("no file to import: name the Parquet files of the export")
    return " union all ".join(_select(file) for file in files)


def _select(file: Path) -> str:
    schema = _schema(file)
    read = ", ".join(_read(file, schema, name) for name in NEEDED)
    return f"(select {read} from read_parquet({literal(str(file.resolve()))}))"  # noqa: S608 - the program's own names


def _schema(file: Path) -> pa.Schema:
    try:
        schema = pq.read_schema(file)
    except FileNotFoundError:
        raise UsageError(f"there is no file {str(file)!r}: name the Parquet files of the export") from None
    except pa.ArrowException as error:
        why = str(error).partition("\n")[0]
        raise UsageError(f"{file} is not a Parquet file ({why}): export the table as Parquet") from None
    except OSError as error:
        raise DatasetError(f"{file} cannot be read: {error.strerror or error}") from error
    missing = [name for name in NEEDED if name not in schema.names]
    if missing:
        raise UsageError(
            f"{file} has no column {', '.join(map(repr, missing))}: export the columns that docs/import.md names"
        )
    return schema


def _read(file: Path, schema: pa.Schema, name: str) -> str:
    """SQL that reads one column.

    Raises:
        UsageError: it has another type than it should.
    """
    type_: pa.DataType = schema.field(name).type
    column = identifier(name)
    if name == _TIME and kinds.is_timestamp(type_):
        return f"{column}::timestamptz as {column}"  # a time without a zone is UTC, the engine's own zone
    if name == _SIZE and kinds.is_integer(type_):
        # A size that is too large cannot be real, like a negative one.
        return f"if({column} > {_LARGEST}, -1, {column})::bigint as {column}"
    if name not in {_TIME, _SIZE}:
        if kinds.is_string(type_) or kinds.is_large_string(type_) or kinds.is_dictionary(type_):
            return f"{column}::varchar as {column}"
        if kinds.is_binary(type_) or kinds.is_large_binary(type_):  # some versions of ClickHouse write texts so
            return f"decode({column}) as {column}"
    expected = {_TIME: "a timestamp", _SIZE: "a whole number"}.get(name, "text")
    raise UsageError(
        f"{file} has {type_} in its column {name!r}, expected {expected}: export it as docs/import.md says"
    )
