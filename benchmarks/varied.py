"""The recorded sample many times under other names, each time with other files missing: no two releases are alike."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.dataset.schema import FILES, HISTORY_TABLES, SNAPSHOT_TABLES
from audit.dataset.table import Table
from audit.replay.server import serving
from tests.recorded import SAMPLE

_KEPT_OF_256 = 205
_NAMED = {"project": "r{:05d}-", "filename": "r{:05d}_"}


def write_varied(folder: Path, files: int, seed: int = 1) -> Path:
    """A dataset of about ``files`` files, as one plain commit; the same arguments give the same.

    Each time one file in five is left out by chance; versions, times and tags are as recorded.
    """
    with serving(SAMPLE) as address:
        request = CrawlRequest(folder / "sample", resolve_address(address), None)
        crawl(request, datetime(2026, 11, 23, 10, 15, tzinfo=UTC))
    sample = {table.name: pq.read_table(folder / "sample" / f"{table.name}.parquet") for table in SNAPSHOT_TABLES}
    repeats = round(files / (len(sample["files"]) * _KEPT_OF_256 / 256))
    varied = folder / "varied"
    varied.mkdir()
    for table in SNAPSHOT_TABLES:
        releases = len(sample["releases"])
        _write(varied / f"{table.name}.parquet", table, sample[table.name], repeats, releases, random.Random(seed))
    for table in HISTORY_TABLES:
        (varied / table.name).mkdir()
    return varied


def _write(path: Path, table: Table, rows: pa.Table, repeats: int, releases: int, chance: random.Random) -> None:
    """The rows ``repeats`` times; each time has so many releases, which are numbered through, and so are the files."""
    written = 0
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for number in range(repeats):
            some = _renamed(_some(rows, chance) if table is FILES else rows, number)
            if "release_number" in some.column_names:
                some = _set(some, "release_number", pc.add(some["release_number"], number * releases))
            if "file_number" in some.column_names:
                some = _set(some, "file_number", pa.array(range(written, written + len(some)), pa.int64()))
            writer.write_table(some.cast(table.schema))
            written += len(some)


def _set(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index(name), name, values)


def _some(rows: pa.Table, chance: random.Random) -> pa.Table:
    drawn = pa.Array.from_buffers(pa.uint8(), len(rows), [None, pa.py_buffer(chance.randbytes(len(rows)))])
    return rows.filter(pc.less(drawn, _KEPT_OF_256))


def _renamed(rows: pa.Table, number: int) -> pa.Table:
    for place, field in enumerate(rows.schema):
        if field.name in _NAMED:
            named = pc.binary_join_element_wise(_NAMED[field.name].format(number), rows[field.name], "")
            rows = rows.set_column(place, field, named)
    return rows
