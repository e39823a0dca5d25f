"""Staged segments of many projects, made without a crawl: what a commit is measured with."""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from audit.crawl.decode.version import facts_of
from audit.crawl.segment import FACTS
from audit.dataset.staged_schema import STAGED_RELEASES, STAGED_RESULTS
from audit.dataset.staging import OWN_OF_FILES, Plan, Segment, Staging, no_rows, write_segment
from audit.dataset.store import Store
from audit.model import Api

PLAN = Plan("20261123T101500Z", Api.JSON.value, "http://127.0.0.1/simple/")
_PROJECTS_A_SEGMENT = 128
_FILES_A_RELEASE = 4
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_PLATFORMS = (None, "manylinux_2_17_x86_64.manylinux2014_x86_64", "macosx_11_0_arm64", "win_amd64")

_COUNTED = ("body_bytes", "duration_ms", "attempts", "release_count", "file_count")

Columns = dict[str, list[object]]


def stage(dataset: Path, projects: int, files: int, seed: int = 1) -> None:
    """Stages ``projects`` projects with ``files`` files in all: sizes are spread like an index's, a few hold most."""
    staging = Staging(Store(dataset).staging)
    staging.begin(PLAN)
    chance = random.Random(seed)  # repeatable, not secret
    shares = [chance.paretovariate(1.2) for _ in range(projects)]
    total = sum(shares)
    for number, some in enumerate(_chunks(projects, chance)):
        counts = {f"project-{each:07d}": max(1, round(files * shares[each] / total)) for each in some}
        write_segment(staging.next_path(number), _segment(counts, chance))


def stage_night(store: Store, plan: Plan, one_in: int) -> int:
    """Stages a night after `stage`: all projects are unchanged by their serial, but ``one_in`` so many (0: none).

    Those have the same files as before, found anew. Gives how many they are.
    """
    staging = Staging(store.staging)
    staging.begin(plan)
    assert store.current is not None  # noqa: S101 - there is a first night
    known = pq.read_table(store.current / "projects.parquet", columns=["project"])["project"].to_pylist()
    moved = set(known[::one_in]) if one_in else set[str]()
    unchanged: Columns = {name: [None] * (len(known) - len(moved)) for name in STAGED_RESULTS.names}
    unchanged["project"] = [project for project in known if project not in moved]
    unchanged |= {"outcome": ["unchanged"] * (len(known) - len(moved))}
    unchanged |= {name: [0] * (len(known) - len(moved)) for name in _COUNTED}
    write_segment(staging.next_path(0), Segment(unchanged))
    write_segment(staging.next_path(1), _segment(dict.fromkeys(sorted(moved), 5), random.Random(plan.crawl_id)))
    return len(moved)


def _chunks(projects: int, chance: random.Random) -> Iterator[list[int]]:
    """The projects of each segment: asked for in their order, they are answered nearly so."""
    answered = sorted(range(projects), key=lambda each: each + chance.uniform(0, _PROJECTS_A_SEGMENT))
    for at in range(0, projects, _PROJECTS_A_SEGMENT):
        yield sorted(answered[at : at + _PROJECTS_A_SEGMENT])


def _segment(counts: dict[str, int], chance: random.Random) -> Segment:
    results, releases, files = map(no_rows, (STAGED_RESULTS, STAGED_RELEASES, OWN_OF_FILES))
    for project, count in counts.items():
        _add_result(results, project, count)
        for at in range(0, count, _FILES_A_RELEASE):
            release = at // _FILES_A_RELEASE
            version = f"{release // 100}.{release // 10 % 10}.{release % 10}"
            _add_release(releases, project, version)
            listed = min(_FILES_A_RELEASE, count - at)
            _add_files(files, project, version, len(releases["version"]) - 1, listed, chance)
    return Segment(results, releases, files)


def _add_result(results: Columns, project: str, count: int) -> None:
    result = {"project": project, "outcome": "found", "serial": 1, "body_bytes": 1, "duration_ms": 1, "attempts": 1}
    result |= {"file_count": count, "release_count": -(-count // _FILES_A_RELEASE)}
    for name, column in results.items():
        column.append(result.get(name))


def _add_release(releases: Columns, project: str, version: str) -> None:
    facts = facts_of(version)
    releases["project"].append(project)
    releases["version"].append(version)
    for name in FACTS:
        releases[name].append(getattr(facts, name))
    releases["is_listed"].append(True)


def _add_files(files: Columns, project: str, version: str, release: int, count: int, chance: random.Random) -> None:
    began = _EPOCH + timedelta(microseconds=chance.randrange(10**14))
    for number in range(count):
        platform = _PLATFORMS[number]
        tail = f"-cp312-cp312-{platform}.whl" if platform else ".tar.gz"
        row: dict[str, object] = {
            "filename": f"{project.replace('-', '_')}-{version}{tail}",
            "kind": "wheel" if platform else "sdist",
            "uploaded_at": began + timedelta(seconds=number * 7, microseconds=chance.randrange(10**6)),
            "size_bytes": chance.randrange(10**7),
            "sha256": hashlib.sha256(chance.randbytes(16)).hexdigest(),
            "python_tag": platform and "cp312",
            "abi_tag": platform and "cp312",
            "platform_tag": platform,
            "requires_python": ">=3.9",
            "is_yanked": False,
            "source": "crawl",
            "time_precision_us": 1,
            "release_number": release,
        }
        for name, column in files.items():
            column.append(row.get(name))
