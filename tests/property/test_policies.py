"""The rules and the reasons in SQL against a walk over each release in plain Python."""

import functools
import itertools
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.tags import parse_tag

from audit.dataset.dataset import Dataset
from audit.queries.environments import all_environments
from tests.dataset_builder import make_dataset
from tests.examples import examples

START = datetime(2020, 1, 1, tzinfo=UTC)
HOUR_US = 3_600_000_000
HOURS = {"1h": 1, "24h": 24, "48h": 48, "72h": 72, "7d": 168, "14d": 336, "30d": 720, "90d": 2160, "365d": 8760}
# Versions that sort as their keys; 1.0 and 1.0.0 are equal, 2.0rc1 is no stable release, "odd" is not PEP 440.
VERSIONS = {"1.0": ("b", False), "1.0.0": ("b", False), "2.0rc1": ("c", True), "2.0": ("d", False), "odd": (None, None)}
MOMENTS = st.builds(
    lambda hours, off: max(0, hours * HOUR_US + off),
    st.sampled_from([0, 1, 2, 24, 25, 48, 72, 168, 336, 337, 720, 9000]),
    st.sampled_from([-1, 0, 1]),
)
WHEELS = st.tuples(
    st.none() | st.just("1"),
    st.sampled_from(["cp38-none", "cp39-none", "cp38.cp39-none", "cp38-abi3", "cp312-cp312", "py3-none", "cp26-none"]),
    st.sampled_from(["win32", "macosx_10_9_x86_64", "macosx_10_9_universal2", "macosx_10_6_intel", "any"]),
)
FILES = st.lists(
    st.tuples(st.sampled_from(sorted(VERSIONS)), MOMENTS, st.none() | st.just("egg") | WHEELS), max_size=14
)
PLATFORMS = {
    "win32": {"win"},
    "macosx_10_9_x86_64": {"mac x"},
    "macosx_10_9_universal2": {"mac x", "mac a"},
    "macosx_10_6_intel": {"mac x", "mac i"},
    "any": {"any"},
}
# No environment runs these, so fitting those that there are does not say that all are served.
UNKNOWN_PYTHONS, UNKNOWN_PLATFORMS = {"cp26"}, {"mac i"}
File = tuple[str, int, str | tuple[str | None, str, str] | None]


def rows(files: list[File]) -> list[dict[str, Any]]:
    return [row(number, *file) for number, file in enumerate(files)]


def row(number: int, version: str, moment: int, what: Any) -> dict[str, Any]:
    key, is_prerelease = VERSIONS[version]
    fields: dict[str, Any] = {"kind": "sdist"} if what is None else {"kind": what}
    if isinstance(what, tuple):
        python, _, abi = what[1].partition("-")
        fields = {"kind": "wheel", "build": what[0], "python_tag": python, "abi_tag": abi, "platform_tag": what[2]}
    uploaded_at = START + timedelta(microseconds=moment)
    return {
        "version": version,
        "version_key": key,
        "is_prerelease": is_prerelease,
        "filename": f"f{number:02}",
        "uploaded_at": uploaded_at,
        **fields,
    }


def walk(files: list[dict[str, Any]], policy: str, window: timedelta) -> list[str]:
    """The files that the rule refuses, release by release, file by file."""
    firsts = {v: min(f["uploaded_at"] for f in files if f["version"] == v) for v in {f["version"] for f in files}}
    refused = []
    for version, first in firsts.items():
        key = VERSIONS[version][0]
        greater = [
            firsts[v] for v in firsts if key is not None and VERSIONS[v][1] is False and (VERSIONS[v][0] or "") > key
        ]
        mine = sorted((f["uploaded_at"], f["filename"]) for f in files if f["version"] == version)
        last = first
        for uploaded_at, name in mine[1:]:
            is_superseded = any(first < other < uploaded_at for other in greater)
            is_late = uploaded_at - (last if policy.startswith("after-last") else first) > window
            is_refused = {
                "superseded": is_superseded,
                "superseded-by-any": any(other < uploaded_at for other in greater),
            }.get(policy, is_late)
            if policy.endswith("-or-superseded"):
                is_refused = is_late or is_superseded
            elif policy.endswith("-and-superseded"):
                is_refused = is_late and is_superseded
            refused += [name] if is_refused else []
            last = last if is_refused else uploaded_at
    return refused


def reason(file: dict[str, Any], before: list[dict[str, Any]]) -> str:
    """The first reason that applies, by the words of ``reason-of``."""
    if file["kind"] != "wheel":
        return "sdist" if file["kind"] == "sdist" else "legacy-format"
    wheels = [f for f in before if f["kind"] == "wheel"]
    served = {pair for f in wheels for pair in itertools.product(pythons_of(f), PLATFORMS[f["platform_tag"]])}
    pythons, platforms = pythons_of(file), PLATFORMS[file["platform_tag"]]
    tags = ("python_tag", "abi_tag", "platform_tag")
    if not wheels:
        return "first-wheel"
    if any(all(f[tag] == file[tag] for tag in tags) for f in wheels):
        return "rebuild"
    news = {
        "overlap": fitted_by([file]) and fitted_by(wheels) >= fitted_by([file]) and not has_unknown(file),
        "new-python": pythons - {p for p, _ in served},
        "new-platform": platforms - {o for _, o in served},
        "fill-in": set(itertools.product(pythons, platforms)) - served,
    }
    return next((name for name, is_so in news.items() if is_so), "overlap")


def pythons_of(file: dict[str, Any]) -> set[tuple[str, str]]:
    return {(python, file["abi_tag"]) for python in file["python_tag"].split(".")}


def has_unknown(file: dict[str, Any]) -> bool:
    names = set(file["python_tag"].split("."))
    return bool(names & UNKNOWN_PYTHONS or PLATFORMS[file["platform_tag"]] & UNKNOWN_PLATFORMS)


def fitted_by(wheels: list[dict[str, Any]]) -> set[str]:
    names = ["-".join(f[part] for part in ("python_tag", "abi_tag", "platform_tag")) for f in wheels]
    return set().union(*map(environments_of, names))


@functools.cache
def environments_of(tags: str) -> frozenset[str]:
    """The environments whose installer takes one of the tags, by packaging's lists."""
    return frozenset(each.name for each in all_environments() if not parse_tag(tags).isdisjoint(each.tags))


def late_ones(files: list[dict[str, Any]], window: timedelta) -> list[str]:
    """The files with a lag greater than the window."""
    return walk(files, "after-first", window)


def reasons(files: list[dict[str, Any]], refused: list[str]) -> dict[str, tuple[str, int]]:
    """Reason and number of the batch of every file that is late, or that a rule refuses."""
    found = {}
    for version in {f["version"] for f in files}:
        mine = sorted((f for f in files if f["version"] == version), key=lambda f: (f["uploaded_at"], f["filename"]))
        late = [f for f in mine if f["filename"] in refused]
        batch, began, last = 0, START, None
        for file in late:
            if last is None or file["uploaded_at"] - last > timedelta(hours=24):
                batch, began = batch + 1, file["uploaded_at"]
            last = file["uploaded_at"]
            found[file["filename"]] = (reason(file, [f for f in mine if f["uploaded_at"] < began]), batch)
    return found


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(40))
@given(files=FILES, window_days=st.integers(1, 20))
def test_rules_and_reasons_are_those_of_plain_python(files: list[File], window_days: int) -> None:
    given_rows = rows(files)
    with tempfile.TemporaryDirectory() as folder, Dataset(make_dataset(Path(folder), given_rows)) as dataset:
        policies = dataset.query("policies").rows()
        late = dataset.query("late-files", window_days=window_days).rows()
        counted = dataset.query("policy-reasons").rows()
        assert dataset.check() == []
    for policy_row in policies:
        window = timedelta(hours=HOURS.get(policy_row["window"], 0))
        refused, rule = walk(given_rows, policy_row["policy"], window), (policy_row["policy"], policy_row["window"])
        assert policy_row["refused_files"] == len(refused), rule
        why = {row["reason"]: row["refused_files"] for row in counted if (row["policy"], row["window"]) == rule}
        assert Counter(reason for reason, _ in reasons(given_rows, refused).values()) == +Counter(why), rule
    expected = reasons(given_rows, late_ones(given_rows, timedelta(days=window_days)))
    assert {f["filename"]: (f["reason"], f["batch"]) for f in late} == expected
