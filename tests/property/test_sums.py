"""The headline numbers that a commit counts itself, against the statistics that define them."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audit.dataset import sums
from audit.dataset.dataset import Dataset
from audit.dataset.numbers import KEPT_NUMBERS, numbers_of
from tests.dataset_builder import CRAWL_ID, make_dataset
from tests.examples import examples

START = datetime(2020, 1, 1, tzinfo=UTC)
HOUR_US = 3_600_000_000
# Versions that sort as their keys; 1.0 and 1.0.0 are equal, 2.0rc1 is no stable release, "odd" is not PEP 440.
VERSIONS = {"1.0": ("b", False), "1.0.0": ("b", False), "2.0rc1": ("c", True), "2.0": ("d", False), "odd": (None, None)}
MOMENTS = st.none() | st.builds(
    lambda hours, off: max(0, hours * HOUR_US + off),
    st.sampled_from([0, 1, 24, 72, 73, 144, 168, 336, 337, 720]),
    st.sampled_from([-1, 0, 1]),
)
FILES = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(sorted(VERSIONS)), MOMENTS), max_size=25)
PROJECTS = st.lists(
    st.tuples(
        st.sampled_from(["found", "missing", "quarantined", "unknown"]),
        st.sampled_from(["found", "unchanged", "missing", "quarantined", "stale", "failed"]),
    ),
    max_size=4,
)
ASIDE = st.lists(st.booleans(), max_size=3)
# Equal versions do not supersede each other; 2.0 supersedes 1.0 from the microsecond after it came, and 2.0rc1 never
# does; a file exactly at the window is not late, nor refused; one file is superseded though others came between.
BOUNDARIES = [
    *(("a", "1.0", 0), ("a", "1.0.0", 24 * HOUR_US), ("a", "1.0", 73 * HOUR_US), ("a", "1.0", 145 * HOUR_US)),
    *(("b", "1.0", 0), ("b", "2.0rc1", 0), ("b", "2.0", 0), ("b", "1.0", 336 * HOUR_US), ("b", "1.0", None)),
    *(("c", "1.0", 0), ("c", "odd", 1), ("c", "2.0rc1", 2), ("c", "1.0", HOUR_US), ("c", "2.0", HOUR_US)),
    *(("c", "1.0", HOUR_US + 1), ("c", "odd", 72 * HOUR_US + 1), ("c", "2.0rc1", 336 * HOUR_US + 3)),
]


def release(project: str, version: str) -> dict[str, Any]:
    key, is_prerelease = VERSIONS[version]
    return {"project": project, "version": version, "version_key": key, "is_prerelease": is_prerelease}


def row(number: int, project: str, version: str, moment: int | None) -> dict[str, Any]:
    uploaded_at = None if moment is None else START + timedelta(microseconds=moment)
    return release(project, version) | {"filename": f"f{number:02}", "uploaded_at": uploaded_at}


def counts(files: list[dict[str, Any]], releases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each project that lists something, with the counts of its rows."""
    names = sorted({each["project"] for each in releases})
    return [
        {
            "project": name,
            "release_count": sum(each["project"] == name for each in releases),
            "file_count": sum(each["project"] == name for each in files),
        }
        for name in names
    ]


@pytest.mark.slow
@pytest.mark.hypothesis  # its property is in the test: the plugin does not see it
@pytest.mark.parametrize("at_once", [1, 4, 1 << 20])
def test_each_number_is_what_its_definition_gives(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "_AT_ONCE", at_once)

    @settings(max_examples=examples(40), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @example(files=BOUNDARIES, others=[("unknown", "failed"), ("found", "stale")], aside=[True, False], empty=True)
    @given(files=FILES, others=PROJECTS, aside=ASIDE, empty=st.booleans())
    def check(files: list[Any], others: list[Any], aside: list[bool], empty: bool) -> None:
        file_rows = [row(number, *each) for number, each in enumerate(files)]
        listed = {(each["project"], each["version"]) for each in file_rows} | ({("b", "2.0")} if empty else set())
        releases = [release(*each) for each in sorted(listed)]
        projects = [
            *counts(file_rows, releases),
            *({"project": f"z{n}", "status": each[0], "last_outcome": each[1]} for n, each in enumerate(others)),
        ]
        set_aside = [{"is_whole_file": each} for each in aside]
        with tempfile.TemporaryDirectory() as folder:
            dataset = make_dataset(Path(folder), file_rows, releases, projects, set_aside=set_aside)
            counted = {each["number"]: each for each in numbers_of(dataset, CRAWL_ID).to_pylist()}
            with Dataset(dataset) as opened:
                for number in KEPT_NUMBERS:
                    defined = [*opened.sql(number.definition).rows()[0].values(), None][:2]
                    kept = counted[number.name]
                    assert [kept["value_count"], kept["whole_count"]] == defined, number.name

    check()
