"""The measurements of the report: of the sample once, and of many times that under other names."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import run, run_twice
from benchmarks.repeated import stage_repeated
from benchmarks.rows import MEGABYTE, Row, Sizes

_ONCE = 1


def reports(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """``release-audit report`` as a user runs it, start-up and all."""
    yield from _report(folder / "sample", _ONCE, most_seconds=10)
    yield from _report(folder / "repeated", sizes.repeated, most_seconds=30)


def _report(folder: Path, files: int, *, most_seconds: int) -> Iterator[Row]:
    dataset, page = folder / "dataset", folder / "report.html"
    stage_repeated(dataset, files)
    made = run("committer", [dataset]).printed
    asked = run_twice("asker", ["report", "--dataset", dataset, "--out", page])
    yield Row(f"report on {made['files']:,} files", asked.times, f"≤ {most_seconds} s", asked.seconds <= most_seconds)
    peak, size = asked.peak_bytes / MEGABYTE, page.stat().st_size / MEGABYTE
    yield Row("its peak memory", f"{peak:,.0f} MB", "≤ 2,500 MB", peak <= 2_500)
    yield Row("its page", f"{size:.1f} MB", "≤ 6 MB", size <= 6)
