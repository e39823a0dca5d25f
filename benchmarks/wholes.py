"""The measurement of two crawls of an index as large as the largest: between them, 1 % of its projects move."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.index import make_index
from benchmarks.process import run
from benchmarks.rows import Row, Sizes
from benchmarks.server import serving

# With this mean, 750,000 documents list 17 million files.
_MEAN_BYTES = 16_500


def whole(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """A crawl of the whole index, and the one after it, each as a process of its own and with its commit."""
    index, dataset = make_index(folder / "pages", sizes.whole, _MEAN_BYTES), folder / "dataset"
    moved = max(1, sizes.whole // 100)
    with serving(index.folder, folder / "nginx") as served:
        first = run("crawler", [served.address, dataset], is_watched=False)
    files = first.printed["files"]
    rate = f"{first.times}, {first.rate:,.0f} documents/s"
    yield Row(f"crawl of a whole index, {sizes.whole:,} documents, {files:,} files", rate)
    index.move(moved)
    with serving(index.folder, folder / "nginx", index.moved) as served:
        second = run("crawler", [served.address, dataset], is_watched=False)
    # The log is complete now that the server has ended.
    is_exact = served.request_count == 1 + moved == 1 + second.printed["outcomes"]["found"]
    what = "the crawl after it, 1 % of the serials moved"
    yield Row(what, f"{served.request_count:,} requests", f"= 1 + {moved:,}", is_exact)
    share = second.seconds / first.seconds
    yield Row("its wall time", f"{share:.1%} of the first crawl's ({second.times})", "≤ 10 %", share <= 0.1)
