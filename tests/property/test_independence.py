"""What one project does changes no other project's numbers, and later files change nothing about earlier ones."""

import itertools
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.dataset.dataset import Dataset
from audit.dataset.snapshot import find_snapshot
from tests import recorded
from tests.crawled import crawled
from tests.dataset_builder import make_dataset
from tests.examples import examples
from tests.property.test_policies import FILES, File, rows

Row = dict[str, Any]

BY_PROJECT = ["timeline", "late-files", "late-releases", "suspicious-releases", "equal-versions"]
# A project's own; not its shares of all, nor its rank.
WHO = ["project", "late_files", "late_releases", "files", "late_share", "last_late_at"]
# A build tag's base can come later: that sign is of the release as it is now.
OF_A_FILE = ["lag_us", "reason", "batch", "is_superseded", "is_out_of_order", "lost_provenance"]


def numbers(dataset: Dataset, without: str) -> dict[str, Any]:
    """All answers about each project except one."""
    answers = {name: [r for r in dataset.query(name).rows() if r["project"] != without] for name in BY_PROJECT}
    who = [{name: r[name] for name in WHO} for r in dataset.query("who").rows() if r["project"] != without]
    return answers | {"who": who}


def file_facts(dataset: Dataset, names: set[str]) -> dict[str, Any]:
    """Lag, reason, batch and signs of each of these files; the lag alone of those that are not late."""
    lags = dataset.sql("select filename, lag_us from file_lags").rows()
    late = {r["filename"]: r for r in dataset.query("late-files", window_days=1).rows()}
    by_name = {r["filename"]: late.get(r["filename"], r) for r in lags if r["filename"] in names}
    return {name: [row.get(column) for column in OF_A_FILE] for name, row in by_name.items()}


def asked(files: Sequence[Row], ask: Callable[[Dataset], Any]) -> Any:
    """What a dataset of these files answers."""
    with tempfile.TemporaryDirectory() as folder, Dataset(make_dataset(Path(folder), files)) as dataset:
        return ask(dataset)


def named(project: str, files: list[File]) -> list[Row]:
    return [row | {"project": project, "filename": f"{project} {row['filename']}"} for row in rows(files)]


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(20))
@given(kept=FILES, removed=FILES)
def test_removing_a_project_changes_no_other_ones_numbers(kept: list[File], removed: list[File]) -> None:
    ours, theirs = named("spam", kept), named("eggs", removed)
    ask = partial(numbers, without="eggs")
    assert asked(ours + theirs, ask) == asked(ours, ask)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(20))
@given(before=FILES.filter(bool), after=FILES, hours=st.integers(0, 1000))
def test_files_added_later_change_nothing_for_those_before(before: list[File], after: list[File], hours: int) -> None:
    ours = rows(before)
    last = max(row["uploaded_at"] for row in ours)
    moments = (last + timedelta(hours=hours, microseconds=number) for number in itertools.count(1))
    added = [
        row | {"filename": f"z {row['filename']}", "uploaded_at": moment}
        for row, moment in zip(rows(after), moments, strict=False)
    ]
    ask = partial(file_facts, names={row["filename"] for row in ours})
    assert asked(ours + added, ask) == asked(ours, ask)


@pytest.fixture(scope="module")
def sample(sample_of_index_api: Path) -> Any:
    with Dataset(sample_of_index_api) as dataset:
        yield dataset


@pytest.mark.slow
def test_the_sample_without_numpy_says_the_same_about_the_rest(sample: Dataset, tmp_path: Path) -> None:
    names = [name for name in recorded.projects() if name != "numpy"]
    with crawled(tmp_path, recorded.SAMPLE, *names) as rest:
        assert numbers(rest, "numpy") == numbers(sample, "numpy")


@pytest.mark.slow
def test_one_more_file_in_every_release_of_the_sample_changes_no_other_lag(sample: Dataset, tmp_path: Path) -> None:
    snapshot = find_snapshot(sample.path)
    files = pq.read_table(snapshot / "files.parquet").to_pylist()
    last = max(row["uploaded_at"] for row in files)
    added = [
        row | {"filename": f"later {number}", "kind": "sdist", "uploaded_at": last + timedelta(days=number)}
        for number, row in enumerate({(row["project"], row["version"]): row for row in files}.values(), start=1)
    ]
    releases = pq.read_table(snapshot / "releases.parquet").to_pylist()
    names = {row["filename"] for row in files}
    with Dataset(make_dataset(tmp_path, files + added, releases)) as grown:
        assert file_facts(grown, names) == file_facts(sample, names)
        assert len(grown.query("late-files")) == len(sample.query("late-files")) + len(added) - _young(added, files)


def _young(added: Sequence[Row], files: Sequence[Row]) -> int:
    """How many of the added files are not late: their release began at most 14 days before."""
    firsts: dict[tuple[str, str], Any] = {}
    for row in files:
        key = (row["project"], row["version"])
        firsts[key] = min(firsts.get(key, row["uploaded_at"]), row["uploaded_at"])
    window = timedelta(days=14)
    return sum(row["uploaded_at"] - firsts[row["project"], row["version"]] <= window for row in added)
