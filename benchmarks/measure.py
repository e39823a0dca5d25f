"""The measurements: each gives rows of the table, measured in processes of their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.engines import engines
from benchmarks.export import write_export
from benchmarks.index import Index, make_index
from benchmarks.nights import nights
from benchmarks.others import others
from benchmarks.process import Run, best_of, run, run_program
from benchmarks.reports import reports
from benchmarks.rows import MEGABYTE, Row, Sizes
from benchmarks.server import serving
from benchmarks.sites import sites
from benchmarks.staged import stage
from benchmarks.statistics import statistics
from benchmarks.varied import write_varied
from benchmarks.wholes import whole

_LOOPS = ("httpx", "pyreqwest")


def helped(_: Path, sizes: Sizes) -> Iterator[Row]:
    """The time until the program's help is there, which no command should be far above."""
    wall = best_of(4 * sizes.repeats, ["-m", "audit", "--help"])
    yield Row("release-audit --help", f"{wall:.3f} s", "≤ 0.15 s", wall <= 0.15)


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of each that is held against the others: what else the machine does hits them alike.

    ``alone`` crawls one project; ``second`` is the crawl after ``crawl``, into the same dataset.
    """

    httpx: Run
    pyreqwest: Run
    crawl: Run
    alone: Run
    second: Run
    second_requests: int

    @property
    def share(self) -> float:
        """What of the first crawl's time the second takes, the start-up aside."""
        start = self.alone.seconds
        return (self.second.seconds - start) / (self.crawl.seconds - start)

    @property
    def cpu_share(self) -> float:
        """The same of processors."""
        start = self.alone.cpu_seconds
        return (self.second.cpu_seconds - start) / (self.crawl.cpu_seconds - start)


def crawls(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The whole crawl against the bare loops, and the crawl after it."""
    index = make_index(folder / "pages", sizes.documents, 140_000)
    size = f"{index.raw_bytes / 1000:.0f} KB raw, {index.gzip_bytes / 1000:.1f} KB gzip on average"
    yield Row("documents", f"{sizes.documents:,}: {size}")
    count = max(1, sizes.documents // 100)
    turns = [_turn(index, count, folder / f"turn-{number}") for number in range(sizes.repeats)]
    yield from _rates(turns)
    yield from _again(turns, count)


def _turn(index: Index, moved: int, folder: Path) -> Turn:
    """Between the first crawl and the second so many documents are moved."""
    dataset = folder / "dataset"
    with serving(index.folder, folder / "nginx", index.moved) as served:
        httpx, pyreqwest = (run("loops", [name, served.address], is_watched=False) for name in _LOOPS)
        crawl = run("crawler", [served.address, dataset], is_watched=False)
        alone = run("crawler", [served.address, folder / "alone", next(iter(index.serials))], is_watched=False)
    index.move(moved)
    with serving(index.folder, folder / "nginx", index.moved) as served:
        second = run("crawler", [served.address, dataset], is_watched=False)
    # The log is complete now that the server has ended.
    return Turn(httpx, pyreqwest, crawl, alone, second, served.request_count)


def _rates(turns: list[Turn]) -> Iterator[Row]:
    """The median of the turns' ratios, not the ratio of medians."""
    for name in _LOOPS:
        yield Row(f"bare loop, {name}", _rate([getattr(turn, name) for turn in turns]))
    files = turns[0].crawl.printed["files"]
    yield Row(f"whole crawl into a committed dataset, {files:,} files", _rate([turn.crawl for turn in turns]))
    for name, least in (("httpx", 3.0), ("pyreqwest", 0.6)):
        ratio = median(turn.crawl.rate / getattr(turn, name).rate for turn in turns)
        yield Row(f"crawl : bare loop, {name}", f"{ratio:.2f} times", f"≥ {least}", ratio >= least)


def _rate(runs: list[Run]) -> str:
    cpu = median(each.cpu_seconds for each in runs)
    return f"{median(each.rate for each in runs):,.0f} documents/s ({cpu:.1f} s of processors)"


def _again(turns: list[Turn], moved: int) -> Iterator[Row]:
    requests = {turn.second_requests for turn in turns}
    is_exact = requests == {1 + moved} and all(turn.second.printed["outcomes"]["found"] == moved for turn in turns)
    counts = " or ".join(map(str, sorted(requests)))
    yield Row("second crawl, 1 % of the serials moved", f"{counts} requests", f"= 1 + {moved}", is_exact)
    share = median(turn.share for turn in turns)
    first, second, start = (
        median(getattr(turn, name).seconds for turn in turns) for name in ("crawl", "second", "alone")
    )
    seconds = f"{second:.2f} s of {first:.2f} s, start-up of {start:.2f} s aside"
    yield Row("its wall time", f"{share:.1%} of the first crawl's ({seconds})")
    yield Row("what it takes of all processors", f"{median(turn.cpu_share for turn in turns):.1%} of the first crawl's")


def memory(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The peak memory of crawls of many small documents, as a user runs them: with their assertions."""
    for count in sizes.small:
        index = make_index(folder / f"small-{count}", count, 2_000)
        with serving(index.folder, folder / "nginx") as served:
            address = ["--index-url", served.address, "--own-index", "--workers", "32", "--whole-index"]
            crawl = run_program(["crawl", "--quiet", *address, "--dataset", folder / f"memory-{count}"])
        peak, rate = crawl.peak_bytes / MEGABYTE, count / crawl.seconds
        yield Row(f"peak memory, {count:,} small documents", f"{peak:,.0f} MB ({rate:,.0f}/s)", "≤ 300 MB", peak <= 300)


def commits(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The time and memory of large commits, and what their Parquet weighs."""
    for projects, files, most in sizes.commits:
        dataset = folder / f"commit-{files}"
        stage(dataset, projects, files)
        done = run("committer", [dataset])
        peak, printed = done.peak_bytes / MEGABYTE, done.printed
        what = f"commit of {projects:,} projects, {printed['files']:,} files"
        yield Row(what, f"{done.seconds:.1f} s", f"≤ {most:.0f} s", done.seconds <= most)
        yield Row("its peak memory", f"{peak:,.0f} MB", "≤ 3,000 MB", peak <= 3_000)
        yield Row("its Parquet", f"{printed['bytes'] / printed['files']:.1f} bytes for each file row")


def imports(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The import of a table of a whole index's uploads, from its files to the commit."""
    exports = write_export(folder, sizes.repeated)
    dataset = folder / "dataset"
    done = run("importer", [dataset, *exports])
    printed, peak = done.printed, done.peak_bytes / MEGABYTE
    what = f"import of a table, {printed['files']:,} files of {printed['projects']:,} projects"
    yield Row(what, f"{done.seconds:.1f} s", "≤ 90 s", done.seconds <= 90)
    yield Row("its peak memory", f"{peak:,.0f} MB", "≤ 2,000 MB", peak <= 2_000)


def displacement(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """Whom late files reach: the picks of all environments in a dataset as large as an index's."""
    folder.mkdir()
    done = run("displacer", [write_varied(folder, sizes.repeated)])
    printed, peak = done.printed, done.peak_bytes / MEGABYTE
    what = f"displacement in {printed['environments']} environments, {printed['files']:,} files"
    yield Row(what, f"{done.seconds:.1f} s", "≤ 60 s", done.seconds <= 60)
    yield Row("its peak memory, by rules too", f"{peak:,.0f} MB", "≤ 4,000 MB", peak <= 4_000)
    yield Row("the same and by rules", f"{printed['both_seconds']:.1f} s")
    for name in ("late", "grown"):
        count = printed[f"{name}_releases"]
        yield Row(
            f"releases that are {name}", f"{count:,} of {printed['releases']:,} ({count / printed['releases']:.1%})"
        )
    yield Row("different histories among the grown", f"{printed['signatures']:,}")


def measurements(folder: Path, sizes: Sizes) -> dict[str, Callable[[], Iterator[Row]]]:
    """All of them by name."""
    every = {"help": helped, "crawls": crawls, "whole": whole, "memory": memory, "commits": commits, "import": imports}
    every |= {
        "statistics": statistics,
        "displacement": displacement,
        "report": reports,
        "site": sites,
        "nights": nights,
        "engines": engines,
        "others": others,
    }
    return {name: partial(measure, folder / name, sizes) for name, measure in every.items()}
