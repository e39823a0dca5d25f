"""A dataset: whether it exists, has this schema, is undamaged and consistent, and is not being written now."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from audit.counting import counted
from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.dataset.unfinished import Unfinished, read_unfinished
from audit.disk.scratch import left_in
from audit.doctor.patient import Patient, topic
from audit.errors import AuditError, DatasetError
from audit.findings.assertions import case_of, rule_of
from audit.findings.finding import Case, Place
from audit.model import Source

_KIND: Final = "dataset"
_DATASET: Final = topic(_KIND, "dataset", "The folder is there, and can be read and written")
_CONTENTS: Final = topic(_KIND, "contents", "The dataset holds something")
_LEFTOVERS: Final = topic(_KIND, "leftovers", "Runs that were killed left nothing behind")
_RUNNING: Final = topic(_KIND, "running crawl", "Nobody writes just now")
_CRAWL: Final = topic(_KIND, "unfinished crawl", "No crawl was left unfinished")
_IMPORT: Final = topic(_KIND, "unfinished import", "No import was left unfinished")
_COVERAGE: Final = topic(_KIND, "coverage", "Every project that was asked for was reached")
_TIMES: Final = topic(_KIND, "upload times", "Every file has an upload time")


def check_dataset(path: Path) -> Iterator[Case]:
    """Examines the folder ``path``; changes nothing in it, except that it deletes what killed runs left."""
    patient = Patient(_KIND, Place(str(path)))
    yield from _leftovers(patient, path)
    left = None
    try:
        left = read_unfinished(path)
    except AuditError as error:
        yield patient.fail(_CRAWL, str(error))
    if left is not None:
        yield _unfinished(patient, left)
    try:
        with Dataset(path) as dataset:
            yield patient.ok(_DATASET, f"{path} can be read, and has this program's schema")
            yield from _contents(patient, dataset)
    except DatasetError as error:
        is_coming = left is not None and left.is_first
        if is_coming:
            yield patient.warn(_DATASET, f"{path} holds no committed crawl yet")
        else:
            yield patient.fail(_DATASET, str(error))
    except AuditError as error:
        yield patient.fail(_DATASET, f"{path} cannot be read ({error})", "restore a copy, or crawl into a new folder")
    if path.is_dir() and not os.access(path, os.W_OK):
        yield patient.warn(_DATASET, f"{path} cannot be written by this user", "a crawl needs that, reading does not")


def _leftovers(patient: Patient, path: Path) -> Iterator[Case]:
    left = left_in(path)
    if left:
        size = sum(file.lstat().st_size for folder in left for file in folder.rglob("*"))
        message = f"{len(left):,} hidden folders of {size / 1e6:,.1f} MB, of runs that were killed"
        yield patient.warn(_LEFTOVERS, message, "the next command that reads the dataset drops them")


def _unfinished(patient: Patient, left: Unfinished) -> Case:
    begun = f"{left.crawl_id} of {left.index_url or left.source}, {counted(left.staged_count, 'project')} so far"
    if left.process is not None:
        return patient.warn(_RUNNING, f"process {left.process} writes: {begun}; another crawl must wait")
    if left.source is not Source.CRAWL:
        return patient.warn(_IMPORT, begun, "the same import command starts it again, --fresh drops it")
    return patient.warn(_CRAWL, begun, "the same crawl command resumes it, --fresh drops it")


def _contents(patient: Patient, dataset: Dataset) -> Iterator[Case]:
    for broken in dataset.check():
        yield _assertion(patient, broken)
    held = dataset.describe()
    counts = [
        counted(held.file_count, "file"),
        counted(held.release_count, "release"),
        counted(held.project_count, "project"),
    ]
    yield patient.ok(_CONTENTS, f"{', '.join(counts)}, last crawl {held.last_crawl_id or 'unknown'}")
    if held.not_reached_count:
        reasons = ", ".join(f"{count:,} x {reason}" for reason, count in sorted(held.not_reached.items()))
        message = f"{counted(held.not_reached_count, 'project')} not reached ({reasons})"
        yield patient.warn(_COVERAGE, message, "crawl --retry-failed asks again")
    if held.untimed_file_count:
        share = f"{held.untimed_file_count:,} of {held.file_count:,} files have no upload time"
        some = held.untimed_file_count < held.file_count
        message = f"{share}: {'they have no lag' if some else 'nothing can be said about lags'}"
        yield patient.warn(_TIMES, message)


def _assertion(patient: Patient, broken: Answer) -> Case:
    """The case of an assertion that has rows; all assertions are one topic."""
    if broken.name is None or broken.header is None:
        raise TypeError("an assertion has a name and a header")
    case = case_of(rule_of(broken.name, broken.header), len(broken), patient.place.source)
    named = case.finding and replace(case.finding, message=f"{broken.name}: {case.finding.message}")
    return replace(case, suite=_KIND, name="assertion", finding=named)
