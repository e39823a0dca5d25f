"""A committed dataset as a reader finds it."""

from collections.abc import Iterable
from pathlib import Path
from shlex import quote

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.layout import CURRENT, dataset_of
from audit.dataset.schema import SNAPSHOT_TABLES, TABLES
from audit.dataset.table import SCHEMA_VERSION, UPGRADABLE, Table
from audit.errors import DatasetError


def find_snapshot(path: Path) -> Path:
    """The folder that holds the tables: what ``current`` links to now, else ``path`` itself (a plain copy).

    NAME.parquet for each snapshot table, NAME/CRAWL.parquet for each table of the history.

    Raises:
        DatasetError: there is no dataset at ``path``.
    """
    for folder in (path / CURRENT, path):
        if (folder / f"{SNAPSHOT_TABLES[0].name}.parquet").is_file():
            return folder.resolve()
    raise DatasetError(f"no dataset at {path}: write one with `release-audit crawl --dataset {path}`")


def files_of(snapshot: Path, table: Table) -> list[Path]:
    """The Parquet files of a table, for a table of the history oldest first, and possibly none yet.

    Raises:
        DatasetError: its folder cannot be read: an unreadable history is not an empty one.
    """
    if table in SNAPSHOT_TABLES:
        return [snapshot / f"{table.name}.parquet"]
    folder = snapshot / table.name
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".parquet")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DatasetError(f"{folder} cannot be read: {error.strerror}") from error


def check_schema(snapshot: Path) -> None:
    """Checks every file of a snapshot against the schema: its version, and each column with its type.

    Raises:
        DatasetError: a file is damaged, was written by another version of the schema, or by something else.
    """
    for table in TABLES:
        for file in files_of(snapshot, table):
            try:
                schema = pq.read_schema(file)
            except (OSError, pa.ArrowException) as error:
                raise _damaged(file, error) from error
            _check_version(file, schema, snapshot)
            _check_columns(file, schema, table)


def check_readable(files: Iterable[Path]) -> None:
    """Reads every value of Parquet files, to name the damaged one: DuckDB's errors do not always name it.

    Raises:
        DatasetError: a file is damaged.
    """
    for file in files:
        try:
            with pq.ParquetFile(file) as opened:
                for batch in opened.iter_batches():
                    batch.validate(full=True)
        except (OSError, pa.ArrowException) as error:
            raise _damaged(file, error) from error


def _damaged(file: Path, error: Exception) -> DatasetError:
    if isinstance(error, FileNotFoundError):
        return DatasetError(f"{file} is gone: open the dataset again if crawls have dropped it, else restore a backup")
    why = (isinstance(error, OSError) and error.strerror) or str(error).splitlines()[0]
    return DatasetError(f"{file} cannot be read ({why}): put the file of a backup in its place")


def schema_version(snapshot: Path) -> str:
    """The version of the schema that a snapshot was written with; ``none``: it is not a dataset of this program.

    Raises:
        DatasetError: its first file is damaged.
    """
    file = snapshot / f"{SNAPSHOT_TABLES[0].name}.parquet"
    try:
        return _version(pq.read_schema(file))
    except (OSError, pa.ArrowException) as error:
        raise _damaged(file, error) from error


def _version(schema: pa.Schema) -> str:
    version: bytes = (schema.metadata or {}).get(b"release-audit.schema", b"none")
    return version.decode(errors="replace")


def _check_version(file: Path, schema: pa.Schema, snapshot: Path) -> None:
    version = _version(schema)
    if version == SCHEMA_VERSION:
        return
    if version in UPGRADABLE:
        old = quote(str(dataset_of(snapshot)))
        advice = f"`release-audit dataset upgrade {old} NEW` writes it, with its history, to the new folder NEW"
    elif version.isdecimal() and int(version) > int(SCHEMA_VERSION):
        advice = "a newer release-audit wrote it, and can read it"
    else:
        advice = "put the file of a backup in its place"
    raise DatasetError(f"{file} has schema version {version}, not {SCHEMA_VERSION} as this program reads: {advice}")


def _check_columns(file: Path, schema: pa.Schema, table: Table) -> None:
    for column in table.columns:
        found = [field.type for field in schema if field.name == column.name]
        if found != [column.type]:
            what = f"is {' and '.join(map(str, found))}" if found else "is missing"
            raise DatasetError(
                f"{file} was not written by this program: column {column.name!r} {what}, expected {column.type}: "
                "put the file of a backup in its place"
            )
    if schema.names != table.schema.names:
        strange = next((name for name in schema.names if name not in table.schema.names), None)
        what = f"column {strange!r} is unknown" if strange is not None else "its columns are in another order"
        raise DatasetError(f"{file} was not written by this program: {what}: put the file of a backup in its place")
