"""When releases were complete, what reached the newest, what strayed and what overlaps: SQL against plain Python."""

import functools
import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.tags import parse_tag
from packaging.version import Version

from audit.crawl.decode.version import facts_of
from audit.dataset.dataset import Dataset
from audit.queries.environments import all_environments
from tests.dataset_builder import make_dataset
from tests.examples import examples

START = datetime(2020, 1, 1, tzinfo=UTC)
HOUR, WINDOW = timedelta(hours=1), timedelta(days=14)
HOURS = {"1h": 1, "24h": 24, "48h": 48, "72h": 72, "7d": 168, "14d": 336, "30d": 720, "90d": 2160, "365d": 8760}
# 1.0 and 1.0.0 are equal; 1.0.5 is of their series and two places away; "odd" is not PEP 440.
VERSIONS = ["0.9", "1.0", "1.0.0", "1.0.1", "1.0.5", "1.1rc1", "1.1", "odd"]
MOMENTS = st.builds(
    lambda hours, off: START + timedelta(hours=hours, microseconds=off),
    st.sampled_from([0, 1, 2, 24, 336, 337, 338, 9000]),
    st.sampled_from([-1, 0, 1]),
)
TAGS = ["py3-none-any", "cp312-cp312-win_amd64", "cp312-abi3-win_amd64", "cp313-cp313-win_amd64", "cp26-cp26m-win32"]
FILES = st.lists(st.tuples(st.sampled_from(VERSIONS), MOMENTS, st.none() | st.sampled_from(TAGS)), max_size=12)


@dataclass(frozen=True)
class File:
    number: int
    version: str
    at: datetime
    tags: str | None

    @property
    def pep440(self) -> Version | None:
        return None if self.version == "odd" else Version(self.version)


def row(file: File) -> dict[str, Any]:
    fields: dict[str, Any] = {"kind": "sdist"}
    if file.tags:
        fields = dict(zip(("python_tag", "abi_tag", "platform_tag"), file.tags.split("-"), strict=True))
        fields["kind"] = "wheel"
    facts = facts_of(file.version)
    return {
        "version": file.version,
        "version_key": facts.version_key,
        "is_prerelease": facts.is_prerelease,
        "filename": f"f{file.number:02}",
        "uploaded_at": file.at,
        **fields,
    }


def release_rows(files: Sequence[File]) -> list[dict[str, Any]]:
    names = ("version_key", "is_prerelease", "is_postrelease", "series")
    versions = sorted({file.version for file in files})
    return [{"version": v} | {name: getattr(facts_of(v), name) for name in names} for v in versions]


def completed(releases: dict[str, list[File]]) -> dict[str, int]:
    spans = [max(f.at for f in mine) - min(f.at for f in mine) for mine in releases.values()]
    within = [next((name for name, hours in HOURS.items() if span <= hours * HOUR), "more") for span in spans]
    return {name: within.count(name) for name in [*HOURS, "more"]}


def is_newest(file: File, firsts: dict[str, datetime]) -> bool:
    """Whether nothing stable and greater was there before the file."""
    mine = file.pep440
    stable = [Version(v) for v, first in firsts.items() if v != "odd" and first < file.at]
    return mine is not None and not mine.is_prerelease and all(v <= mine for v in stable if not v.is_prerelease)


def kin(file: File, firsts: dict[str, datetime]) -> list[Version]:
    """The neighbours of a file's version whose first file came within an hour of it."""
    known = sorted({Version(version) for version in firsts if version != "odd"})
    mine = file.pep440
    if mine is None:
        return []
    place = known.index(mine)
    beside = {known[at] for at in (place - 1, place + 1) if 0 <= at < len(known)}
    series = {v for v in known if v != mine and (v.epoch, v.major, v.minor) == (mine.epoch, mine.major, mine.minor)}
    near = {Version(v) for v, first in firsts.items() if v != "odd" and abs(file.at - first) <= HOUR}
    return sorted((beside | series) & near)


@functools.cache
def environments_of(tags: str) -> frozenset[str]:
    return frozenset(
        each.name for each in all_environments() if each.era == "today" and not parse_tag(tags).isdisjoint(each.tags)
    )


def overlap(wheels: Sequence[File]) -> bool:
    return any(
        environments_of(a.tags or "") & environments_of(b.tags or "") for a, b in itertools.combinations(wheels, 2)
    )


@settings(deadline=None, max_examples=examples(25))
@given(made=FILES)
def test_statistics_are_those_of_plain_python(made: list[tuple[str, datetime, str | None]]) -> None:
    files = [File(number, *each) for number, each in enumerate(made)]
    with (
        tempfile.TemporaryDirectory() as folder,
        Dataset(make_dataset(Path(folder), map(row, files), release_rows(files))) as dataset,
    ):
        completion = dataset.query("completion").rows()
        newest, overlaps = (dataset.query(name).rows()[0] for name in ("late-to-newest", "overlaps"))
        stray_counts, strays = (dataset.query(name).rows() for name in ("stray-uploads-counts", "stray-uploads"))
    releases = {f.version: [g for g in files if g.version == f.version] for f in files}
    firsts = {version: min(f.at for f in mine) for version, mine in releases.items()}
    late = [f for f in files if f.at - firsts[f.version] > WINDOW]

    assert {each["within"]: each["releases"] for each in completion} == completed(releases)
    assert completion[-1]["cumulative_release_count"] == len(releases)

    assert newest["late_files"] == len(late)
    assert newest["newest_file_count"] == sum(is_newest(f, firsts) for f in late)

    found = {f"f{f.number:02}": near for f in late if (near := kin(f, firsts))}
    assert {each["filename"] for each in strays} == found.keys()
    assert all(Version(each["other_version"]) in found[each["filename"]] for each in strays)
    assert all((Version(each["other_version"]) > Version(each["version"])) == each["is_greater"] for each in strays)
    assert stray_counts[0]["stray_file_count"] == len(strays)
    assert stray_counts[0]["greater_file_count"] == sum(each["is_greater"] for each in strays)

    wheels = {version: [f for f in mine if f.tags] for version, mine in releases.items()}
    overlapping = [mine for mine in wheels.values() if overlap(mine)]
    assert overlaps["wheel_release_count"] == sum(map(bool, wheels.values()))
    assert overlaps["several_release_count"] == sum(len(mine) > 1 for mine in wheels.values())
    assert overlaps["overlap_release_count"] == len(overlapping)
    assert overlaps["late_overlap_release_count"] == sum(
        not overlap([f for f in mine if f not in late]) for mine in overlapping
    )
