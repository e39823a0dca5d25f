"""A slice of a dataset answers as a dataset that holds only its projects."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from packaging.utils import NormalizedName, canonicalize_name

import audit
from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.dataset.dataset import Dataset, relations
from audit.dataset.engine import Engine
from audit.dataset.schema import CRAWLS, EVENTS
from audit.errors import UsageError
from audit.queries.catalog import Group, Query, load
from audit.queries.environments import all_and_this
from audit.queries.run import Relations
from audit.replay.server import serving
from tests.dataset_builder import Row, arrow, make_dataset
from tests.recorded import SAMPLE

NAMES = ["markupsafe", "numpy", "pillow", "cffi", "jinja2", "attrs", "orjson", "pydantic", "idna", "tzdata"]
# Each query has rows for these.
FIRST = NAMES[:3]
PROJECTS = [canonicalize_name(name) for name in NAMES]
STARTED = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
ASKED = load().group(Group.FLAGS, Group.STATISTICS)
CHANGED: list[Row] = [
    {"crawl_id": "20261123T101500Z", "seen_at": STARTED, "project": project, "filename": f"{project}-{event}"}
    | {"version": "1.0", "event": event, "uploaded_at": STARTED, "is_known_release": True, "source": "crawl"}
    for project, event in (
        ("numpy", "vanished"),
        ("numpy", "appeared"),
        ("certifi", "appeared"),
        ("jedi", "vanished"),
    )
]


def crawled(folder: Path, address: str, projects: list[NormalizedName] | None) -> Path:
    """A crawl of some projects (None: of all), with what such a one would have seen change."""
    crawl(CrawlRequest(folder, resolve_address(address), projects, options="--whole-index"), STARTED)
    held = folder / "current" / "events"
    held.mkdir(exist_ok=True)
    seen = [row for row in CHANGED if projects is None or row["project"] in projects]
    pq.write_table(
        arrow(EVENTS, [dict.fromkeys(EVENTS.schema.names) | {"source": "crawl"} | dict(row) for row in seen]),
        held / "0.parquet",
    )
    return folder


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Iterable[tuple[Path, Path]]:
    """The whole sample, and a dataset of `PROJECTS` alone, of one index."""
    folder = tmp_path_factory.mktemp("slice")
    with serving(SAMPLE) as address:
        yield crawled(folder / "whole", address, None), crawled(folder / "few", address, PROJECTS)


@pytest.fixture(scope="module")
def slice_and_few(datasets: tuple[Path, Path]) -> Iterable[tuple[Dataset, Dataset]]:
    whole, few = datasets
    with audit.open(whole, projects=[*PROJECTS, "not-there"]) as part, audit.open(few) as alone:
        yield part, alone


@pytest.fixture(scope="module")
def slice_and_whole(datasets: tuple[Path, Path]) -> Iterable[tuple[Dataset, Dataset]]:
    whole, _ = datasets
    with audit.open(whole) as opened:
        names = opened.sql("select project from projects").arrow()["project"].to_pylist()
        with Dataset(whole, projects=names) as part:
            yield part, opened


@pytest.fixture(scope="module")
def opened_and_undivided(datasets: tuple[Path, Path]) -> Iterable[tuple[Dataset, Relations]]:
    """A dataset that may look at one project alone, and the same relations without that."""
    folder = datasets[1] / "current"
    with Engine([folder]) as engine, Dataset(folder) as opened:
        yield opened, Relations(engine, relations(folder), load(), all_and_this)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(query, id=query.title, marks=[] if query.group is Group.FLAGS else pytest.mark.slow)
        for query in ASKED
    ],
)
def test_a_slice_answers_as_a_dataset_of_its_projects(query: Query, slice_and_few: tuple[Dataset, Dataset]) -> None:
    part, alone = (dataset.query(query.name).arrow() for dataset in slice_and_few)
    assert part.equals(alone)


@pytest.mark.slow
@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.title)
def test_a_slice_of_all_is_the_whole(query: Query, slice_and_whole: tuple[Dataset, Dataset]) -> None:
    part, whole = (dataset.query(query.name).arrow() for dataset in slice_and_whole)
    assert part.equals(whole)


@pytest.mark.slow
@pytest.mark.parametrize("names", [pytest.param(FIRST, id="three"), pytest.param(NAMES[3:], id="the others")])
@pytest.mark.parametrize(
    "query", [each for each in ASKED if "project" in each.header.parameters], ids=lambda q: q.title
)
def test_what_is_asked_of_one_project_is_what_all_would_answer(
    query: Query,
    names: list[str],
    slice_and_few: tuple[Dataset, Dataset],
    opened_and_undivided: tuple[Dataset, Relations],
) -> None:
    opened, undivided = opened_and_undivided
    found = 0
    for project in names:
        expected = undivided.answer(query, {"project": project})
        found += len(expected)
        assert opened.query(query.name, project=project).arrow().equals(expected)
        assert slice_and_few[0].query(query.name, project=project).arrow().equals(expected)
    assert found or names is not FIRST or query.name in {"recreated_releases", "remade_releases", "late_by_deleted"}, (
        "the sample has none"
    )


def test_a_slice_is_counted_fingerprinted_and_checked_alone(slice_and_few: tuple[Dataset, Dataset]) -> None:
    part, alone = slice_and_few
    assert part.describe() == alone.describe()
    assert part.describe().project_count == len(PROJECTS)
    assert part.fingerprint() == alone.fingerprint()
    assert part.check() == alone.check() == []
    assert part.sql("select distinct project from events").rows() == [{"project": "numpy"}]
    with pytest.raises(UsageError, match=r"the slice of the dataset at .* has no project 'jedi'"):
        part.query("late-files", project="jedi")


def test_rows_of_a_slice_keep_their_numbers(tmp_path: Path) -> None:
    files = [{"project": project, "filename": f"{project}-1"} for project in ("a", "b", "c")]
    with Dataset(make_dataset(tmp_path, files), projects=["c", "B"]) as part:
        numbered = part.sql("select project, file_number from files semi join releases using (release_number)").rows()
    assert numbered == [{"project": "b", "file_number": 1}, {"project": "c", "file_number": 2}]


@pytest.mark.parametrize(("projects", "expected"), [([], 0), (["x' or true --"], 0), (iter(["Spam"]), 1)])
def test_names_of_a_slice_are_only_names(tmp_path: Path, projects: Any, expected: int) -> None:
    with Dataset(make_dataset(tmp_path, [{}]), projects=projects) as part:
        assert part.describe().file_count == expected


def test_one_text_is_no_list_of_projects(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'spam', one string: give a list"):
        Dataset(make_dataset(tmp_path, [{}]), projects="spam")


OLD, LAST = "20260101T000000Z", "20260102T000000Z"
MADE = [{"project": f"p{number:02d}", "filename": f"p{number:02d}-1.zip", "kind": "deb"} for number in range(30)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([{"crawl_id": LAST, "project": "p07"}, {"crawl_id": LAST, "project": "p09", "outcome": "failed"}], 2),
        ([{"crawl_id": LAST, "project": None, "outcome": "unchanged", "project_count": 30}], 0),
        ([{"crawl_id": LAST, "project": f"p{number:02d}"} for number in range(4)], 30),
        ([], 1),
    ],
    ids=["few", "nobody", "many", "an older crawl"],
)
def test_what_the_last_crawl_wrote_is_checked(tmp_path: Path, asked: list[dict[str, Any]], expected: int) -> None:
    with Dataset(make_dataset(tmp_path, MADE, crawls=[{"crawl_id": OLD, "project": "p00"}, *asked])) as opened:
        with opened.last_written() as part:
            assert part.project_count == expected
            wrong = {answer.name: len(answer) for answer in part.check()}
        assert wrong.get("kind-is-known", 0) == expected
        assert {answer.name: len(answer) for answer in opened.check()}["kind-is-known"] == opened.project_count == 30


def test_a_crawl_that_asked_for_nothing_is_passed_over(tmp_path: Path) -> None:
    folder = make_dataset(tmp_path, MADE, crawls=[{"crawl_id": OLD, "project": "p00"}])
    pq.write_table(CRAWLS.schema.empty_table(), folder / "crawls" / f"{LAST}.parquet")
    with Dataset(folder) as opened, opened.last_written() as part:
        assert part.project_count == 1


def test_of_a_dataset_without_a_crawl_everything_is_checked(tmp_path: Path) -> None:
    with Dataset(make_dataset(tmp_path, MADE)) as opened, opened.last_written() as part:
        assert part is opened
