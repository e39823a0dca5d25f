"""Exports of the public table of PyPI's uploads, made of the recorded sample: Parquet of exactly its schema.

The schema is that of ``pypi.distribution_metadata`` in BigQuery's public data: types, what is REQUIRED, descriptions.
ClickHouse's copy has the same columns with times in milliseconds, and empty texts where BigQuery has nulls.
"""

import functools
import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from packaging.utils import NormalizedName

from audit.model import Api
from audit.replay.recording import Recording
from tests.recorded import SAMPLE, projects

Row = Mapping[str, Any]

# What uploads; every third row was uploaded before the index kept that.
_TOOLS: Final = ("twine/5.1.1 CPython/3.12.4", "uv/0.4.18", None)
_TEXTS: Final = {
    "metadata_version": "Version of the metadata that describes the file",
    "name": "The name of the project",
    "version": "The version of the release",
    "summary": "A one-line summary of what the project does",
    "description": "A longer description of the project",
    "description_content_type": "The markup of the description",
    "author": "Name of the author",
    "author_email": "Address of the author",
    "maintainer": "Name of the maintainer",
    "maintainer_email": "Address of the maintainer",
    "license": "The licence",
    "keywords": "Words to search for",
}
_LISTS: Final = (
    *("classifiers", "platform", "requires", "provides", "obsoletes", "requires_dist", "provides_dist"),
    *("obsoletes_dist", "requires_external", "project_urls", "license_files"),
)
_REQUIRED: Final = {"name", "version", "packagetype", "md5_digest", "sha256_digest", "blake2_256_digest"}
_NAMES: Final = (
    *_TEXTS,
    *("classifiers", "platform", "home_page", "download_url", "requires_python", "requires", "provides", "obsoletes"),
    *("requires_dist", "provides_dist", "obsoletes_dist", "requires_external", "project_urls", "uploaded_via"),
    *("upload_time", "filename", "size", "path", "python_version", "packagetype", "comment_text", "has_signature"),
    *("md5_digest", "sha256_digest", "blake2_256_digest", "license_expression", "license_files"),
)
# Uploads of these days were added later.
GAP: Final = (datetime(2024, 3, 20, tzinfo=UTC), datetime(2025, 1, 13, tzinfo=UTC))
# The columns that docs/import.md has exported, in its order.
EXPORTED: Final = (
    *("name", "version", "filename", "upload_time", "size", "packagetype", "requires_python", "sha256_digest"),
    *("uploaded_via", "metadata_version", "python_version", "path", "has_signature", "md5_digest", "blake2_256_digest"),
)


def _type(name: str, time: pa.DataType) -> pa.DataType:
    special = {"upload_time": time, "size": pa.int64(), "has_signature": pa.bool_()}
    return pa.list_(pa.string()) if name in _LISTS else special.get(name, pa.string())


def schema(time: pa.DataType | None = None) -> pa.Schema:
    """The whole table's schema; ``time`` is the type of its times (None: BigQuery's microseconds)."""
    return pa.schema(
        [
            pa.field(
                name,
                _type(name, time or pa.timestamp("us", tz="UTC")),
                nullable=name not in _REQUIRED,
                metadata={"description": _TEXTS.get(name, f"What the upload gives as {name}")},
            )
            for name in _NAMES
        ]
    )


@functools.cache
def sample_rows() -> Sequence[Row]:
    """A row for each file of the recorded sample, in the order of the uploads."""
    recording = Recording(SAMPLE)
    rows: list[Row] = []
    for project in projects():
        answer = recording.answer(Api.JSON, NormalizedName(project))
        assert answer is not None
        document = json.loads(gzip.decompress(answer.packed))
        for version, files in document["releases"].items():
            rows += [_row(document["info"]["name"], version, file) for file in files]
    return sorted(rows, key=lambda row: (row["upload_time"], row["filename"]))


def _row(name: str, version: str, file: Mapping[str, Any]) -> Row:
    sha256 = file["digests"]["sha256"]
    return row(
        file["filename"],
        name=name,
        version=version,
        upload_time=datetime.fromisoformat(file["upload_time_iso_8601"]),
        size=file["size"],
        packagetype=file["packagetype"],
        python_version=file["python_version"],
        requires_python=file["requires_python"],
        sha256_digest=sha256,
        uploaded_via=_TOOLS[int(sha256[:2], 16) % len(_TOOLS)],
    )


def row(filename: str | None, upload_time: datetime | None = datetime(2020, 1, 1, tzinfo=UTC), **fields: Any) -> Row:
    """One row of the table, by default of ``spam`` 1.0."""
    digest = hashlib.sha256((filename or "").encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "name": "spam",
        "version": "1.0",
        "filename": filename,
        "upload_time": upload_time,
        "size": 10,
        "path": f"ab/cd/{filename}",
        "packagetype": "sdist",
        "python_version": "source",
        "metadata_version": "2.1",
        "has_signature": False,
        "md5_digest": digest[:32],
        "sha256_digest": digest,
        "blake2_256_digest": digest,
        **fields,
    }


def with_gap(rows: Iterable[Row], existing: Set[str]) -> list[Row]:
    """The rows as the table has them that was filled later for some months, from what still existed then."""
    return [each for each in rows if not GAP[0] <= each["upload_time"] <= GAP[1] or each["filename"] in existing]


def write(path: Path, rows: Iterable[Row], *, names: Sequence[str] = EXPORTED, group: int = 4_096) -> Path:
    """Writes an export of these columns, in row groups of so many rows; returns ``path``."""
    return _written(path, rows, schema(), names, group)


def write_clickhouse(path: Path, rows: Iterable[Row], *, names: Sequence[str] = EXPORTED) -> Path:
    """The same as ClickHouse writes it: milliseconds, and texts that are never null."""
    texts = {field.name for field in schema() if field.type == pa.string()}
    exported = [
        {name: "" if name in texts and row.get(name) is None else row.get(name) for name in names} for row in rows
    ]
    return _written(path, exported, schema(pa.timestamp("ms", tz="UTC")), names, 4_096)


def _written(path: Path, rows: Iterable[Row], whole: pa.Schema, names: Sequence[str], group: int) -> Path:
    some = pa.schema([whole.field(name) for name in names])
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=some)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=group, compression="snappy")
    return path
