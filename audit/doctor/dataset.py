"""A dataset: whether it is there, of this schema, whole, consistent, and at nobody's work just now."""

import os
from collections.abc import Iterator
from pathlib import Path

from audit.counting import counted
from audit.dataset.dataset import Dataset
from audit.dataset.unfinished import Unfinished, read_unfinished
from audit.disk.scratch import left_in
from audit.doctor.finding import Finding, fail, ok, warn
from audit.errors import AuditError, DatasetError
from audit.model import Source

ABOUT = "dataset"


def check_dataset(path: Path) -> Iterator[Finding]:
    """What the folder ``path`` holds; nothing in it is changed, but that what killed runs left is dropped."""
    yield from _leftovers(path)
    left = None
    try:
        left = read_unfinished(path)
    except AuditError as error:
        yield fail("unfinished crawl", str(error))
    if left is not None:
        yield _unfinished(left)
    try:
        with Dataset(path) as dataset:
            yield ok(ABOUT, f"{path} reads, and its schema is this program's")
            yield from _contents(dataset)
    except DatasetError as error:
        is_coming = left is not None and left.is_first
        yield warn(ABOUT, f"{path} holds no committed crawl yet") if is_coming else fail(ABOUT, str(error))
    except AuditError as error:
        yield fail(ABOUT, f"{path} does not read ({error}): restore a copy, or crawl into a new folder")
    if path.is_dir() and not os.access(path, os.W_OK):
        yield warn(ABOUT, f"{path} cannot be written by this user: a crawl needs that, reading does not")


def _leftovers(path: Path) -> Iterator[Finding]:
    left = left_in(path)
    if left:
        size = sum(file.lstat().st_size for folder in left for file in folder.rglob("*"))
        told = f"{len(left):,} hidden folders of {size / 1e6:,.1f} MB, of runs that were killed"
        yield warn("leftovers", f"{told}: the next command that reads the dataset drops them")


def _unfinished(left: Unfinished) -> Finding:
    begun = f"{left.crawl_id} of {left.index_url or left.source}, {counted(left.staged_count, 'project')} so far"
    if left.process is not None:
        return warn("running crawl", f"process {left.process} writes: {begun}; another crawl must wait")
    if left.source is not Source.CRAWL:
        return warn("unfinished import", f"{begun}: the same import command does it anew, --fresh of either drops it")
    return warn("unfinished crawl", f"{begun}: the same crawl command resumes it, --fresh drops it")


def _contents(dataset: Dataset) -> Iterator[Finding]:
    for broken in dataset.check():
        yield fail(
            "assertion", f"{broken.name}: {counted(len(broken), 'row')} that should not be: see release-audit check"
        )
    held = dataset.describe()
    counts = [
        counted(held.file_count, "file"),
        counted(held.release_count, "release"),
        counted(held.project_count, "project"),
    ]
    yield ok("contents", f"{', '.join(counts)}, last crawl {held.last_crawl_id or 'unknown'}")
    if held.not_reached_count:
        reasons = ", ".join(f"{count:,} x {reason}" for reason, count in sorted(held.not_reached.items()))
        told = f"{counted(held.not_reached_count, 'project')} not reached ({reasons}): crawl --retry-failed asks again"
        yield warn("coverage", told)
    if held.untimed_file_count:
        share = f"{held.untimed_file_count:,} of {held.file_count:,} files have no upload time"
        some = held.untimed_file_count < held.file_count
        yield warn("upload times", f"{share}: {'no lag is known of them' if some else 'nothing can be said of lags'}")
