"""The measurements of the site: of the sample once, and of many times that under other names."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import run
from benchmarks.repeated import stage_repeated
from benchmarks.rows import MEGABYTE, Row, Sizes

_ONCE = 1


def sites(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """``release-audit site`` as a user runs it, start-up and all."""
    yield from _site(folder / "sample", _ONCE, most_seconds=30, most_megabytes=80)
    yield from _site(folder / "repeated", sizes.repeated, most_seconds=300, most_megabytes=None)


def _site(folder: Path, files: int, *, most_seconds: int, most_megabytes: int | None) -> Iterator[Row]:
    dataset, out = folder / "dataset", folder / "site"
    stage_repeated(dataset, files)
    told = run("committer", [dataset]).told
    asked = run("asker", ["site", "--dataset", dataset, "--out", out])
    value = f"{asked.seconds:.1f} s ({asked.told['cpu_seconds']:.1f} s of processors)"
    yield Row(f"site of {told['files']:,} files", value, f"≤ {most_seconds} s", asked.seconds <= most_seconds)
    peak = asked.peak_bytes / MEGABYTE
    yield Row("its peak memory", f"{peak:,.0f} MB", "≤ 6,000 MB", peak <= 6_000)
    found = [file for file in out.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in found) / MEGABYTE
    required, is_met = ("", None) if most_megabytes is None else (f"≤ {most_megabytes} MB", size <= most_megabytes)
    yield Row("its files", f"{len(found):,}, {size:.1f} MB", required, is_met)
