"""A dataset: whether it is there, of this schema, whole, consistent, and at nobody's work just now."""

import os
from collections.abc import Iterator
from pathlib import Path

from audit.dataset.unfinished import Unfinished, read_unfinished
from audit.doctor.finding import Finding, fail, ok, warn
from audit.errors import AuditError, DatasetError
from audit.scan import Dataset

ABOUT = "dataset"


def check_dataset(path: Path) -> Iterator[Finding]:
    """What the folder ``path`` holds; nothing in it is changed."""
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


def _unfinished(left: Unfinished) -> Finding:
    begun = f"{left.crawl_id} of {left.index_url}, {left.staged_count:,} projects so far"
    if left.process is not None:
        return warn("running crawl", f"process {left.process} writes: {begun}; another crawl must wait")
    return warn("unfinished crawl", f"{begun}: the same crawl command resumes it, --fresh drops it")


def _contents(dataset: Dataset) -> Iterator[Finding]:
    for broken in dataset.check():
        yield fail("assertion", f"{broken.name}: {len(broken):,} rows that should not be: see release-audit check")
    held = dataset.describe()
    counts = f"{held.file_count:,} files, {held.release_count:,} releases, {held.project_count:,} projects"
    yield ok("contents", f"{counts}, last crawl {held.last_crawl_id or 'unknown'}")
    if held.not_reached_count:
        reasons = ", ".join(f"{count:,} x {reason}" for reason, count in sorted(held.not_reached.items()))
        told = f"{held.not_reached_count:,} projects not reached ({reasons}): crawl --retry-failed asks again"
        yield warn("coverage", told)
    if held.untimed_file_count:
        share = f"{held.untimed_file_count:,} of {held.file_count:,} files have no upload time"
        some = held.untimed_file_count < held.file_count
        yield warn("upload times", f"{share}: {'no lag is known of them' if some else 'nothing can be said of lags'}")
