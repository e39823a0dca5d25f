"""Any crawls after each other leave the rows that a plain walk over them leaves, in the dataset's order."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.utils import NormalizedName
from packaging.version import InvalidVersion, Version

from audit.crawl.decode import Decoded
from audit.crawl.segment import segment_of
from audit.dataset import differences, parquet
from audit.dataset.commit import commit
from audit.dataset.staging import Plan, Staging, write_segment
from audit.dataset.store import Store
from audit.model import Outcome, Result, crawl_id_of
from tests.examples import examples

START = datetime(2026, 1, 1, tzinfo=UTC)
PROJECTS = [NormalizedName(name) for name in ("a", "a-b", "ab", "b", "c")]
VERSIONS = ["1.0", "1.0.0", "1.10", "1.9", "2.0rc1", "no-version"]

Listing = dict[str, dict[int, int | None]]  # of each version the numbers of its files, and when they came
days = st.none() | st.integers(0, 3)
files = st.dictionaries(st.integers(0, 6), st.tuples(st.sampled_from(VERSIONS), days), max_size=7)


def listing_of(empty: list[str], files: dict[int, tuple[str, int | None]]) -> Listing:
    """No two files of a project have the same number; ``empty`` releases may have none."""
    versions = dict.fromkeys([*empty, *(version for version, _ in files.values())])
    return {v: {number: day for number, (other, day) in files.items() if other == v} for v in versions}


listings = st.builds(listing_of, st.lists(st.sampled_from(VERSIONS), max_size=2), files)
# None: found as it was before. It is staged again, as when a serial moved for a change that no listing shows.
outcomes = listings | st.none() | st.sampled_from([Outcome.MISSING, Outcome.FAILED, Outcome.UNCHANGED])
crawls = st.lists(st.dictionaries(st.sampled_from(PROJECTS), outcomes, max_size=5), min_size=1, max_size=4)

Row = tuple[str, str, str, datetime | None, datetime]


def name_of(project: str, number: int) -> str:
    return f"{project}-{number}.zip"


def is_yanked(day: int | None) -> bool:
    return day == 3


def time_of(day: int | None) -> datetime | None:
    return None if day is None else START + timedelta(days=day)


def decoded(project: NormalizedName, listing: Listing) -> Decoded:
    files = [(v, n, at) for v, some in reversed(listing.items()) for n, at in some.items()]
    nothing: Sequence[object] = [None] * len(files)
    names = ("kind", "declared_kind", "size_bytes", "sha256", "requires_python", "yanked_reason", "has_provenance")
    wheels = ("build", "python_tag", "abi_tag", "platform_tag")
    columns = dict.fromkeys((*names, *wheels), nothing)
    columns |= {"filename": [name_of(project, n) for _, n, _ in files]}
    columns |= {"is_yanked": [is_yanked(day) for *_, day in files]}
    columns["time_precision_us"] = [1] * len(files)
    columns["uploaded_at"] = [time_of(day) for *_, day in files]
    return Decoded(project, list(listing), [v for v, _, _ in files], columns)


def stage(staging: Staging, asked: dict[NormalizedName, Listing | Outcome], size: int) -> None:
    """Segments of ``size`` projects, in the order of the answers."""
    answers = list(asked.items())
    for number, at in enumerate(range(0, len(answers), size)):
        found, results = [], []
        for project, answer in sorted(answers[at : at + size], key=lambda pair: pair[0]):
            if isinstance(answer, Outcome):
                results.append(Result(project, answer))
            else:
                found.append(decoded(project, answer))
                count = sum(map(len, answer.values()))
                results.append(Result(project, Outcome.FOUND, file_count=count, release_count=len(answer)))
        write_segment(staging.next_path(number), segment_of(results, found))


def order(row: Row) -> tuple[object, ...]:
    project, version, filename, at, _ = row
    try:
        key: tuple[object, ...] = (False, Version(version))
    except InvalidVersion:
        key = (True,)
    return project, *key, version, at is None, at or START, filename


@pytest.mark.slow
@pytest.mark.hypothesis  # its property is in the test: the plugin does not see it
@pytest.mark.parametrize("size", [1, 2, 5])
def test_commits_keep_what_a_walk_over_the_crawls_keeps(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP_ROWS", 3)
    monkeypatch.setattr(parquet, "MANY_ROWS", 20)
    monkeypatch.setattr(differences, "_AT_ONCE", 2)
    monkeypatch.setattr(differences, "ROW_GROUP_ROWS", 4)
    monkeypatch.setattr("os.fsync", lambda _: None)

    @settings(max_examples=examples(15), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(crawls)
    def check(many: list[dict[NormalizedName, Listing | Outcome | None]]) -> None:
        held: dict[str, list[Row]] = {}
        known: dict[str, Listing] = {}
        changed: dict[str, datetime] = {}
        with TemporaryDirectory() as folder:
            store = Store(Path(folder) / "dataset")
            staging = Staging(store.staging)
            for number, some in enumerate(many):
                asked = {
                    project: known.get(project, {}) if answer is None else answer for project, answer in some.items()
                }
                at = START + timedelta(days=number)
                plan = Plan(crawl_id_of(at), "json", "http://127.0.0.1/simple/")
                staging.begin(plan)
                stage(staging, asked, size)
                generation = commit(store, staging, plan)
                walk(held, asked, at)
                expected = sorted((row for rows in held.values() for row in rows), key=order)
                assert rows_of(generation) == expected
                events = changes(known, asked, changed, at)
                assert events_of(generation, plan.crawl_id) == sorted(events)
                projects = pq.read_table(generation / "projects.parquet")
                times = zip(projects["project"].to_pylist(), projects["last_changed_at"].to_pylist(), strict=True)
                assert {project: time for project, time in times if time} == changed

    check()


def walk(held: dict[str, list[Row]], asked: dict[NormalizedName, Listing | Outcome], at: datetime) -> None:
    for project, answer in asked.items():
        if answer in (Outcome.FAILED, Outcome.UNCHANGED):
            continue
        seen = {row[2]: row[4] for row in held.pop(project, [])}
        listing = {} if isinstance(answer, Outcome) else answer
        held[project] = [
            (project, v, name_of(project, n), time_of(day), first)
            for v, files in listing.items()
            for n, day in files.items()
            for first in [seen.get(name_of(project, n), at)]
        ]


def rows_of(generation: Path) -> list[Row]:
    table = pq.read_table(generation / "files.parquet")
    names = ("project", "version", "filename", "uploaded_at", "first_seen_at")
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))


Event = tuple[str, ...]


def changes(
    known: dict[str, Listing],
    asked: dict[NormalizedName, Listing | Outcome],
    changed: dict[str, datetime],
    at: datetime,
) -> Iterator[Event]:
    """What a crawl's events should be; notes in ``known`` and ``changed`` what it leaves."""
    for project, answer in asked.items():
        if answer in (Outcome.FAILED, Outcome.UNCHANGED):
            continue
        listing = {} if isinstance(answer, Outcome) else answer
        if project in known:
            events = list(changes_of(project, known[project], listing, "missing" if answer is Outcome.MISSING else ""))
            yield from events
            if events or set(known[project]) != set(listing):
                changed[project] = at
        elif listing:
            changed[project] = at
        if project in known or not isinstance(answer, Outcome):
            known[project] = listing


def changes_of(project: str, before: Listing, after: Listing, gone: str) -> Iterator[Event]:
    was, now = ({n: (v, day) for v, some in side.items() for n, day in some.items()} for side in (before, after))
    for number in {*was, *now}:
        (old, day_before), (new, day) = was.get(number, (None, None)), now.get(number, (None, None))
        version = new or old or ""

        def change(event: str, *more: str, of: str = version, name: str = name_of(project, number)) -> Event:
            return project, of, name, event, str(of in before), *more

        if old is None:
            yield change("appeared", "", "", "", "")
        elif new is None:
            yield change("vanished", "", "", "", gone or "unlisted")
        else:
            if is_yanked(day_before) != is_yanked(day):
                yield change("yanked" if is_yanked(day) else "unyanked", "", "", "", "")
            if old != new:
                yield change("changed", "version", old, new, "")
            if day_before is not None and day is not None and day_before != day:
                times = (f"{time_of(some):%Y-%m-%dT%H:%M:%S.%fZ}" for some in (day_before, day))
                yield change("changed", "uploaded_at", *times, "")


def events_of(generation: Path, crawl_id: str) -> list[Event]:
    """The events as texts, in their order; nothing is an empty one."""
    table = pq.read_table(generation / "events" / f"{crawl_id}.parquet")
    names = ("project", "version", "filename", "event", "is_known_release", "field", "before", "after", "reason")
    columns = (["" if value is None else str(value) for value in table[name].to_pylist()] for name in names)
    return list(zip(*columns, strict=True))
