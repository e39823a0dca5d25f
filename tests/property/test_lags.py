"""SQL against a few lines of plain Python, over random releases in random row order."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.dataset.dataset import Dataset
from tests.dataset_builder import make_dataset
from tests.examples import examples

START = datetime(2020, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
# Few projects, versions and moments, close to the window's edges, so that ties and edges happen.
MOMENTS_US = st.one_of(
    st.none(),
    st.builds(lambda days, off: max(0, days * DAY_US + off), st.integers(0, 30), st.sampled_from([-1, 0, 1])),
)
FILES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["1.0", "1.0.0"]), MOMENTS_US), max_size=12).map(
    lambda rows: [(*row, f"f{number}") for number, row in enumerate(rows)]
)


def late(files: list[tuple[str, str, int | None, str]], window_days: int) -> list[tuple[str, str, str, int]]:
    found = []
    for project, version, moment, filename in files:
        moments = [m for p, v, m, _ in files if (p, v) == (project, version) and m is not None]
        if moment is not None and moment - min(moments) > window_days * DAY_US:
            found.append((project, version, filename, moment - min(moments)))
    return sorted(found, key=lambda row: (-row[3], row[2], row[0], row[1]))


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(50))
@given(files=FILES.flatmap(st.permutations), window_days=st.integers(1, 20))
def test_late_files_and_releases_are_those_of_plain_python(
    files: list[tuple[str, str, int | None, str]], window_days: int
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "project": project,
            "version": version,
            "filename": filename,
            # A file of unknown kind was uploaded like any other.
            "kind": (None, "sdist", "egg")[number % 3],
            "uploaded_at": None if moment is None else START + timedelta(microseconds=moment),
        }
        for number, (project, version, moment, filename) in enumerate(files)
    ]
    with tempfile.TemporaryDirectory() as folder, Dataset(make_dataset(Path(folder), rows)) as dataset:
        flagged = dataset.query("late-files", window_days=window_days).rows()
        releases = dataset.query("late-releases", window_days=window_days).rows()
        assert dataset.check() == []
    expected = late(files, window_days)
    assert [(r["project"], r["version"], r["filename"], r["lag_us"]) for r in flagged] == expected
    counts = {(r["project"], r["version"]): r["late_file_count"] for r in releases}
    keys = [(project, version) for project, version, _, _ in expected]
    assert counts == {key: keys.count(key) for key in keys}
    longest = [r["longest_lag_us"] for r in releases]
    assert longest == sorted((max(r[3] for r in expected if r[:2] == key) for key in counts), reverse=True)


def test_a_file_of_no_known_kind_can_be_the_first(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"filename": "unknown", "kind": None, "uploaded_at": START},
        {"filename": "late", "kind": "sdist", "uploaded_at": START + timedelta(days=15)},
    ]
    with Dataset(make_dataset(tmp_path, rows)) as dataset:
        assert [row["filename"] for row in dataset.query("late-files").rows()] == ["late"]
