"""A committed dataset as a reader finds it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.layout import CURRENT
from audit.dataset.schema import SCHEMA_VERSION, SNAPSHOT_TABLES
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


def check_schema(snapshot: Path) -> None:
    """Holds a snapshot against the schema's version.

    Raises:
        DatasetError: a table is damaged, or was written by another version of the schema.
    """
    for table in SNAPSHOT_TABLES:
        file = snapshot / f"{table.name}.parquet"
        try:
            metadata = pq.read_schema(file).metadata or {}
        except (OSError, pa.ArrowInvalid) as error:
            raise DatasetError(f"{file} cannot be read: {str(error).splitlines()[0]}") from error
        version = metadata.get(b"release-audit.schema", b"none").decode(errors="replace")
        if version != SCHEMA_VERSION:
            raise DatasetError(
                f"{file} has schema version {version}, not {SCHEMA_VERSION} as this program reads: "
                "crawl into a new folder"
            )
