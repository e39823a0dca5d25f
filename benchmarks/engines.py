"""The measurements of many shards: late files weighed by synthetic downloads, on DuckDB, ClickHouse and Spark."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from audit.dataset.export.client import Client
from audit.dataset.export.formats import export
from benchmarks.process import run
from benchmarks.repeated import stage_repeated
from benchmarks.rows import MEGABYTE, Row, Sizes
from benchmarks.sharded import SHARDS, write_downloads
from benchmarks.weigher import ENGINES

_COUNTS = (1, 2, 4, 8)


def engines(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The seconds that each engine takes for 1, 2, 4 and 8 of the shards; all must answer alike."""
    dataset, shards = folder / "dataset", folder / "shards"
    stage_repeated(dataset, sizes.repeated)
    made = run("committer", [dataset]).printed
    export(dataset, Client.PARQUET_PARTITIONED, shards, shards=SHARDS)
    shutil.rmtree(dataset)
    weight = write_downloads(shards, sizes.downloads)
    contents = f"{made['files']:,} files and {sizes.downloads:,} rows of downloads ({weight / MEGABYTE:,.0f} MB)"
    yield Row(f"in {SHARDS} shards", contents)
    missing = [name for name, why in _missing() if why]
    digests: dict[int, set[str]] = {count: set() for count in _COUNTS}
    for name in [name for name in ENGINES if name not in missing]:
        asked = {count: run("weigher", [name, shards, count]) for count in _COUNTS}
        for count, answer in asked.items():
            digests[count].add(answer.printed["digest"])
        seconds = ", ".join(f"{answer.seconds:.1f} s" for answer in asked.values())
        peak = asked[SHARDS].peak_bytes / MEGABYTE
        yield Row(f"late downloads on {name}, 1, 2, 4, 8 shards", f"{seconds}; {peak:,.0f} MB")
    alike = all(len(each) == 1 for each in digests.values())
    yield Row("the engines answer alike", "yes" if alike else "no", "yes", alike)
    for name in missing:
        yield Row(f"late downloads on {name}", "not measured: `make engines` installs it, and Spark wants Java")


def _missing() -> Iterator[tuple[str, bool]]:
    installed = (Path(sys.prefix) / "engines").exists()
    yield "clickhouse", not installed
    yield "spark", not installed or shutil.which("java") is None
