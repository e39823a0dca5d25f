"""What a user would pick instead, over the same pages: others' programs, and DuckDB alone."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Final

import pyarrow.parquet as pq

from audit.dataset.dataset import Dataset
from benchmarks.index import make_index
from benchmarks.process import Run, run, run_other
from benchmarks.rows import MEGABYTE, Row, Sizes
from benchmarks.server import serving
from benchmarks.simple_loop import THREADS
from tests.recorded import BOTH_FORMS, SAMPLE

_SERVERS: Final = Path(sys.prefix) / "servers" / "bin"
_TURNS: Final = 3
_FILES: Final = "https://files.example.org"  # bandersnatch accepts only absolute addresses
_BLOCK: Final = 512  # as POSIX counts st_blocks
_MOST_SHOWN: Final = 5
# Its defaults, except what makes it a mirror of metadata only, for an index on loopback that speaks no XML-RPC, and
# for the most workers that it takes.
_MIRROR: Final = """\
[mirror]
directory = {tree}
master = {master}
allow-non-https = true
api-method = simple
json = true
release-files = false
root_uri = {files}
workers = 10
stop-on-error = true
"""
_CRAWL: Final = ["-m", "audit", "crawl", "--quiet", "--whole-index", "--own-index", "--workers", THREADS]


@dataclass(frozen=True, slots=True)
class Kept:
    """One run: how long it took, and what it left on the disk."""

    run: Run
    file_count: int
    disk_bytes: int


def others(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """Each brings every project of one index; then the late files of the sample are asked of JSON."""
    yield from _brought(folder, sizes.others)
    yield from _late(folder / "sample")


def _brought(folder: Path, documents: int) -> Iterator[Row]:
    index = make_index(folder / "pages", documents, 140_000, f"{_FILES}/packages/")
    index.add_pages()
    programs: dict[str, Callable[[str, Path], Kept]] = {
        "release-audit, JSON API": partial(_crawled, "json"),
        "release-audit, Index API": partial(_crawled, "simple"),
        f"pypi-simple {version('pypi-simple')} and requests, {THREADS} threads, into CSV": _looped,
    }
    bandersnatch = _installed()
    if bandersnatch:
        programs[f"{bandersnatch}, metadata alone, 10 workers"] = _mirrored
    turns: list[dict[str, Kept]] = []
    with serving(index.folder, folder / "nginx") as served:
        for number in range(_TURNS):
            home = folder / f"turn-{number}"
            kept = {
                name: keep(served.address, _made(home / str(at))) for at, (name, keep) in enumerate(programs.items())
            }
            turns.append(kept)
    if len({each.file_count for turn in turns for each in turn.values()}) != 1:
        raise RuntimeError(f"they do not list the same files: {turns}")
    first = next(iter(programs))
    for name in programs:
        yield _row(name, documents, [(turn[first], turn[name]) for turn in turns])
    if not bandersnatch:
        yield Row("bandersnatch", "not installed: `make servers` brings it")


def _row(name: str, documents: int, turns: list[tuple[Kept, Kept]]) -> Row:
    """Medians of the turns; the ratio to the first is one of each turn."""
    seconds = median(kept.run.seconds for _, kept in turns)
    cpu = median(kept.run.cpu_seconds for _, kept in turns)
    size = turns[0][1].disk_bytes / MEGABYTE
    ratio = median(kept.run.seconds / first.run.seconds for first, kept in turns)
    value = f"{documents / seconds:,.0f} documents/s ({cpu:.1f} s of processors), {size:.1f} MB on disk"
    longer = "" if ratio == 1 else f"; takes {ratio:.1f} times as long"
    return Row(f"{documents:,} documents by {name}", f"{value}{longer}")


def _crawled(api: str, address: str, home: Path) -> Kept:
    dataset = home / "dataset"
    done = run_other([sys.executable, *_CRAWL, "--index-url", address, "--api", api, "--dataset", dataset])
    return Kept(done, pq.read_metadata(dataset / "files.parquet").num_rows, _on_disk(dataset))


def _looped(address: str, home: Path) -> Kept:
    path = home / "files.csv"
    done = run_other([sys.executable, "-m", "benchmarks.simple_loop", address, path])
    with path.open(encoding="utf-8", newline="") as file:
        count = sum(1 for _ in csv.reader(file)) - 1
    return Kept(done, count, _on_disk(home))


def _mirrored(address: str, home: Path) -> Kept:
    tree, settings = home / "tree", home / "bandersnatch.conf"
    settings.write_text(_MIRROR.format(tree=tree, master=address.removesuffix("/simple/"), files=_FILES), "utf-8")
    environment = {"PATH": f"{_SERVERS}:{os.defpath}", "HOME": str(home), "LC_ALL": "C.UTF-8"}
    done = run_other([_SERVERS / "bandersnatch", "--config", settings, "mirror"], environment)
    documents = (tree / "web" / "json").glob("*")
    return Kept(done, sum(map(_file_count, documents)), _on_disk(tree))


def _installed() -> str | None:
    """The release of bandersnatch in the environment of others' servers; None: there is none."""
    program = _SERVERS / "bandersnatch"
    if not program.exists():
        return None
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()


def _file_count(document: Path) -> int:
    return sum(map(len, json.loads(document.read_bytes())["releases"].values()))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _on_disk(folder: Path) -> int:
    """What a folder takes of its file system, in bytes: whole blocks, and what has several names once."""
    found = {(status.st_dev, status.st_ino): status for status in (path.lstat() for path in folder.rglob("*"))}
    return sum(status.st_blocks * _BLOCK for status in found.values())


def _late(folder: Path) -> Iterator[Row]:
    """The late files of the sample, of its pages and of its documents, held against what this program says."""
    program = [sys.executable, "-m", "audit"]
    run_other([*program, "replay", SAMPLE, "--", *program, "crawl", "--quiet", "--whole-index", "--dataset", folder])
    asked = run_other([*program, "flags", "late-files", "--dataset", folder])
    with Dataset(folder) as dataset:
        rows = dataset.query("late-files").rows()
    ours = {row["filename"]: (row["project"], row["version"]) for row in rows}
    yield Row(
        "late files of the sample, `flags late-files`", f"{len(ours):,} in {asked.seconds:.1f} s, start-up and all"
    )
    yield _same("Index API pages", "pages", SAMPLE / "index", ours)
    of_five = {name: release for name, release in ours.items() if release[0] in BOTH_FORMS}
    yield _same(f"JSON API documents of {len(BOTH_FORMS)} projects", "documents", SAMPLE / "json", of_five)


def _same(what: str, form: str, folder: Path, ours: Mapping[str, tuple[str, str]]) -> Row:
    """Which of our late files DuckDB finds, and which others."""
    read = run("json_reader", [form, folder / "*.json.gz"])
    theirs = set(read.printed["late"])
    lacking = Counter(f"{project} {number}" for name, (project, number) in ours.items() if name not in theirs)
    found = f"{len(theirs & ours.keys()):,} of these {len(ours):,}, {len(theirs - ours.keys()):,} others"
    lacks = "".join(f"; lacks {count} of {release}" for release, count in sorted(lacking.items())[:_MOST_SHOWN])
    return Row(f"the same in DuckDB alone, over the {what}", f"{found}, in {read.seconds:.1f} s{lacks}")
