"""Any crawls after each other leave the rows that a plain walk over them leaves, in the dataset's order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.utils import NormalizedName
from packaging.version import InvalidVersion, Version

from audit.crawl.rows import Rows
from audit.dataset import commit
from audit.dataset.staging import Plan, Staging, write_segment
from audit.dataset.store import Store
from audit.decode import Decoded
from audit.model import Outcome, Result, crawl_id_of

START = datetime(2026, 1, 1, tzinfo=UTC)
PROJECTS = [NormalizedName(name) for name in ("a", "a-b", "ab", "b", "c")]
VERSIONS = ["1.0", "1.0.0", "1.10", "1.9", "2.0rc1", "no-version"]

Listing = dict[str, dict[int, int | None]]  # of each version the numbers of its files, and when they came
listings: st.SearchStrategy[Listing] = st.dictionaries(
    st.sampled_from(VERSIONS), st.dictionaries(st.integers(0, 6), st.none() | st.integers(0, 3), max_size=5)
)
outcomes = listings | st.sampled_from([Outcome.MISSING, Outcome.FAILED, Outcome.UNCHANGED])
crawls = st.lists(st.dictionaries(st.sampled_from(PROJECTS), outcomes, max_size=5), min_size=1, max_size=4)

Row = tuple[str, str, str, datetime | None, datetime]


def name_of(project: str, version: str, number: int) -> str:
    return f"{project}-{version}-{number}.zip"


def decoded(project: NormalizedName, listing: Listing) -> Decoded:
    files = [(v, n, at) for v, some in reversed(listing.items()) for n, at in some.items()]
    nothing: Sequence[object] = [None] * len(files)
    names = ("kind", "size_bytes", "sha256", "requires_python", "yanked_reason", "has_provenance")
    wheels = ("build", "python_tag", "abi_tag", "platform_tag")
    columns = dict.fromkeys((*names, *wheels), nothing)
    columns |= {"filename": [name_of(project, v, n) for v, n, _ in files], "is_yanked": [False] * len(files)}
    columns["uploaded_at"] = [None if at is None else START + timedelta(days=at) for _, _, at in files]
    return Decoded(project, list(listing), [v for v, _, _ in files], columns)


def stage(staging: Staging, asked: dict[NormalizedName, Listing | Outcome], size: int) -> None:
    """Segments of ``size`` projects, in the order of the answers."""
    answers = list(asked.items())
    for number, at in enumerate(range(0, len(answers), size)):
        rows, results = Rows(), []
        for project, told in sorted(answers[at : at + size], key=lambda pair: pair[0]):
            if isinstance(told, Outcome):
                results.append(Result(project, told))
            else:
                rows.add(decoded(project, told))
                count = sum(map(len, told.values()))
                results.append(Result(project, Outcome.FOUND, file_count=count, release_count=len(told)))
        write_segment(staging.next_path(number), rows.segment(results))


def order(row: Row) -> tuple[object, ...]:
    project, version, filename, at, _ = row
    try:
        key: tuple[object, ...] = (False, Version(version))
    except InvalidVersion:
        key = (True,)
    return project, *key, version, at is None, at or START, filename


@pytest.mark.parametrize("size", [1, 2, 5])
def test_commits_keep_what_a_walk_over_the_crawls_keeps(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "ROW_GROUP_ROWS", 3)
    monkeypatch.setattr(commit, "MANY_ROWS", 20)
    monkeypatch.setattr("os.fsync", lambda _: None)

    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(crawls)
    def check(many: list[dict[NormalizedName, Listing | Outcome]]) -> None:
        held: dict[str, list[Row]] = {}
        with TemporaryDirectory() as folder:
            store = Store(Path(folder) / "dataset")
            staging = Staging(store.staging)
            for number, asked in enumerate(many):
                at = START + timedelta(days=number)
                plan = Plan(crawl_id_of(at), "json", "http://127.0.0.1/simple/")
                staging.begin(plan)
                stage(staging, asked, size)
                generation = commit.commit(store, staging, plan)
                walk(held, asked, at)
                expected = sorted((row for rows in held.values() for row in rows), key=order)
                assert rows_of(generation) == expected

    check()


def walk(held: dict[str, list[Row]], asked: dict[NormalizedName, Listing | Outcome], at: datetime) -> None:
    for project, told in asked.items():
        if told in (Outcome.FAILED, Outcome.UNCHANGED):
            continue
        seen = {row[2]: row[4] for row in held.pop(project, [])}
        listing = {} if isinstance(told, Outcome) else told
        held[project] = [
            (project, v, name_of(project, v, n), None if day is None else START + timedelta(days=day), first)
            for v, files in listing.items()
            for n, day in files.items()
            for first in [seen.get(name_of(project, v, n), at)]
        ]


def rows_of(generation: Path) -> list[Row]:
    table = pq.read_table(generation / "files.parquet")
    names = ("project", "version", "filename", "uploaded_at", "first_seen_at")
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))
