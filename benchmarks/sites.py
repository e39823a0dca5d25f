"""The measurements of the site: of the sample once, and of many times that under other names."""

import time
from collections.abc import Iterator
from pathlib import Path

from audit.site.workbench import PATH
from benchmarks.process import run
from benchmarks.repeated import stage_repeated
from benchmarks.rows import MEGABYTE, Row, Sizes
from tests.browser import chromium, tab
from tests.served import files_served

_ONCE = 1


def sites(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """``release-audit site`` as a user runs it, start-up and all."""
    yield from _site(folder / "sample", _ONCE, most_seconds=30, most_megabytes=80)
    yield from _workbench(folder / "sample" / "site")
    yield from _site(folder / "repeated", sizes.repeated, most_seconds=300, most_megabytes=None)


def _workbench(site: Path) -> Iterator[Row]:
    """From the address to the answer of the first question, in the machine's Chromium; nothing if none is built."""
    if not (site / PATH).is_file():
        return
    with files_served(site) as address, chromium() as browser, tab(browser) as (page, _):
        began = time.perf_counter()
        page.goto(f"{address}/{PATH}")
        page.wait_for_selector("#workbench[data-state=answered]")
        seconds = time.perf_counter() - began
    yield Row("its workbench has answered, over loopback", f"{seconds:.1f} s", "≤ 6 s", seconds <= 6)


def _site(folder: Path, files: int, *, most_seconds: int, most_megabytes: int | None) -> Iterator[Row]:
    dataset, out = folder / "dataset", folder / "site"
    stage_repeated(dataset, files)
    made = run("committer", [dataset]).printed
    asked = run("asker", ["site", "--dataset", dataset, "--out", out])
    yield Row(f"site of {made['files']:,} files", asked.times, f"≤ {most_seconds} s", asked.seconds <= most_seconds)
    peak = asked.peak_bytes / MEGABYTE
    yield Row("its peak memory", f"{peak:,.0f} MB", "≤ 6,000 MB", peak <= 6_000)
    found = [file for file in out.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in found) / MEGABYTE
    required, is_met = ("", None) if most_megabytes is None else (f"≤ {most_megabytes} MB", size <= most_megabytes)
    yield Row("its files", f"{len(found):,}, {size:.1f} MB", required, is_met)
