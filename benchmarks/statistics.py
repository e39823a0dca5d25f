"""The measurements of what is asked of a large dataset: statistics, assertions, and lags held against pandas."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.process import Run, run, run_twice
from benchmarks.repeated import stage_repeated
from benchmarks.rows import MEGABYTE, Row, Sizes


def statistics(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The recorded sample under other names: all statistics, all assertions, the lag of every release."""
    dataset = folder / "dataset"
    stage_repeated(dataset, sizes.repeated)
    made = run("committer", [dataset]).printed
    yield Row("the sample under other names", f"{made['files']:,} files, {made['bytes'] / MEGABYTE:,.0f} MB")
    runs = [run("teller", [dataset, "lags"], is_watched=False) for _ in range(sizes.repeats)]
    asked = sorted(runs, key=lambda each: each.seconds)[len(runs) // 2]
    what = f"all {len(asked.printed['each'])} statistics of files and lags"
    yield Row(what, asked.times, "≤ 12 s", asked.seconds <= 12)
    peak = run("teller", [dataset, "lags"]).peak_bytes / MEGABYTE
    yield Row("their peak memory", f"{peak:,.0f} MB", "≤ 2,000 MB", peak <= 2_000)
    asked = run_twice("asker", ["stats", "all", "--dataset", dataset, "--format", "markdown"])
    yield Row("stats all, with installers' picks", _with_peak(asked), "≤ 45 s", asked.seconds <= 45)
    checked = run_twice("asker", ["check", "--all", "--dataset", dataset])
    yield Row("check --all: all assertions", _with_peak(checked))
    yield from _lags(dataset, sizes.repeats)


def _with_peak(asked: Run) -> str:
    return f"{asked.times}, {asked.peak_bytes / MEGABYTE:,.0f} MB"


def _lags(dataset: Path, repeats: int) -> Iterator[Row]:
    """The two in turns, so that other load affects both alike; the result is the median of the turns' ratios."""
    turns = [
        (run("lags", ["engine", dataset]).printed, run("lags", ["pandas", dataset]).printed) for _ in range(repeats)
    ]
    if any(mine["answer"] != its["answer"] for mine, its in turns):
        raise RuntimeError("the two do not find the same lags")
    parts = (
        ("lag of all releases, from Parquet to the result", "seconds", "seconds"),
        ("its group-by alone, rows in memory", "group_seconds", "group_seconds"),
    )
    for what, mine, its in parts:
        seconds = [median(turn[side][name] for turn in turns) for side, name in ((0, mine), (1, its))]
        ratio = median(turn[1][its] / turn[0][mine] for turn in turns)
        value = f"{ratio:.1f} times as fast as pandas by project and version ({seconds[0]:.2f} s, {seconds[1]:.2f} s)"
        yield Row(what, value, "≥ 4 times", ratio >= 4)
    by_number = median(its["by_number_seconds"] for _, its in turns)
    yield Row("the same in pandas by release_number, which files.parquet is sorted by", f"{by_number:.2f} s")
