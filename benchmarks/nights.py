"""Years of nights: whether a night's commit and check take as long as what changed, and not as the history."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.process import run
from benchmarks.rows import Row, Sizes
from benchmarks.staged import stage

_FILES_OF_A_PROJECT = 4
_SOME = 5


def nights(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The last quiet nights against the first ones, and what the dataset grows by in one."""
    for projects, count, most_bytes in sizes.nights:
        dataset = folder / f"nights-{projects}"
        stage(dataset, projects, _FILES_OF_A_PROJECT * projects)
        run("committer", [dataset], is_watched=False)
        measured = run("nighter", [dataset, count], is_watched=False).printed["nights"]
        # The first one opens what all later ones find open.
        quiet = [night for night in measured[1:] if not night["moved"]]
        first, last = _seconds(quiet[:_SOME]), _seconds(quiet[-_SOME:])
        what = f"{count:,} nights of {projects:,} projects: commit and check of the last quiet ones"
        seconds = f"{last / first:.2f} times the first ones' ({last:.2f} s, {first:.2f} s)"
        yield Row(what, seconds, "≤ 1.2 times", last / first <= 1.2)
        growth = median(_growths(measured))
        yield Row(
            "what the dataset grows by in a quiet one",
            f"{growth / 1000:.1f} KB",
            f"≤ {most_bytes // 1000} KB",
            growth <= most_bytes,
        )
        grown = (measured[-1]["bytes"] - measured[0]["bytes"]) / (len(measured) - 1) / 1000
        yield Row("the same over all nights", f"{grown:.1f} KB a night, {measured[-1]['files']} files in the end")


def _seconds(some: list[dict[str, Any]]) -> float:
    return float(median(night["commit"] + night["check"] for night in some))


def _growths(measured: list[dict[str, Any]]) -> Iterator[int]:
    """What each quiet night added, where no day, month or year was over: then files are put together."""
    for before, after in pairwise(measured):
        if not after["moved"] and after["files"] > before["files"]:
            yield after["bytes"] - before["bytes"]
