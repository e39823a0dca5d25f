"""Downloads in shards: a seeded generator writes rows of the table ``downloads`` beside the files of each shard.

Which file is downloaded goes by a law of Zipf: the file of rank r is drawn 1/r as often as the first. Rows are made and
written a row group at a time, so that neither memory nor what is open grows with their number.
"""

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.schema import DOWNLOADS

SHARDS: Final = 8
_GROUP_ROWS: Final = 1_000_000
_MONTHS: Final = ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")
_INSTALLERS: Final = ("pip", "uv", "poetry", "bandersnatch", None)
_SEED: Final = 20_261_127


def write_downloads(shards: Path, rows: int) -> int:
    """Writes about ``rows`` rows of downloads in all shards of ``shards``, and gives the bytes that they take."""
    return sum(_write(shards, shard, rows // SHARDS) for shard in range(SHARDS))


def _write(shards: Path, shard: int, rows: int) -> int:
    files = pq.read_table(shards / "files" / f"shard={shard}" / "part.parquet", columns=["filename"])["filename"]
    names = files.combine_chunks()
    draw = np.random.default_rng(_SEED + shard)
    ranks = draw.permutation(len(names))  # which file has which rank
    weights = np.cumsum(1.0 / np.arange(1, len(names) + 1)) if len(names) else np.zeros(0)
    place = shards / "downloads" / f"shard={shard}" / "part.parquet"
    with pq.ParquetWriter(place, DOWNLOADS.schema, compression="zstd", use_dictionary=["month", "installer"]) as writer:
        for start in range(0, rows if len(names) else 0, _GROUP_ROWS):
            count = min(_GROUP_ROWS, rows - start)
            drawn = ranks[np.searchsorted(weights, draw.random(count) * weights[-1])]
            drawn.sort()  # as the dataset has them: names near each other compress
            writer.write_table(_group(names, drawn, draw))
    return place.stat().st_size


def _group(
    names: pa.StringArray, drawn: "np.ndarray[tuple[int], np.dtype[np.int64]]", draw: np.random.Generator
) -> pa.Table:
    count = len(drawn)
    months, installers = (pa.array(each, pa.string()) for each in (_MONTHS, _INSTALLERS))
    columns = [
        months.take(pa.array(draw.integers(0, len(_MONTHS), count))),
        names.take(pa.array(drawn)),
        installers.take(pa.array(draw.integers(0, len(_INSTALLERS), count))),
        pa.array(draw.geometric(0.2, count)),
    ]
    return pa.table(columns, DOWNLOADS.schema)
