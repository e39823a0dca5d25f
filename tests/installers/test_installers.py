"""What pip and uv really choose, for hundreds of sets of files, against the pick in SQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from audit.crawl.decode.filename import kind_of, wheel_tags
from audit.crawl.decode.version import facts_of
from audit.dataset.dataset import Dataset
from audit.dataset.dataset import relations as relations_of
from audit.dataset.engine import Engine
from audit.queries import catalog, run
from audit.queries.environments import Environment, find
from audit.queries.environments.platforms import Platform
from tests.dataset_builder import make_dataset
from tests.installers.ask import ask_pip, ask_uv, index_of, takes_uv
from tests.installers.sets import Release, late_sets, random_sets, tails_of
from tests.installers.uv_rule import uv_pick

START = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
Picks = dict[Release, str | None]


RANDOM, MOST_OF_A_PROJECT = 300, 4


@pytest.fixture(scope="module")
def rounds(crawled_sample: Path) -> list[list[Release]]:
    """All sets, so divided that a project is in a round once: an index has one page for it."""
    with Dataset(crawled_sample) as sample:
        names = sample.sql("select filename from files where kind = 'wheel'").rows()
        late = list(late_sets(sample, MOST_OF_A_PROJECT))
    assert len(late) >= 50
    return rounds_of([*random_sets(RANDOM, tails_of(row["filename"] for row in names), 1), *late])


@pytest.fixture(scope="module")
def known(rounds: list[list[Release]]) -> dict[str, Environment]:
    """The environments that the sets are asked for."""
    return {release.environment: find(release.environment) for each in rounds for release in each}


@pytest.mark.slow
def test_pip_chooses_what_the_query_says(
    rounds: list[list[Release]], known: dict[str, Environment], tmp_path: Path
) -> None:
    assert Version(version("pip")) >= Version("26.3"), "older ones know less tags: the test group has a newer pip"
    known = {name: as_pip_takes(environment) for name, environment in known.items()}
    for number, releases in enumerate(rounds):
        folder = tmp_path / str(number)
        expected = picks(releases, known, folder / "dataset")
        with index_of(releases, folder) as address:
            assert ask_pip(address, grouped(expected), known, folder) == expected


@pytest.mark.slow
def test_uv_chooses_the_same_but_for_what_is_documented(
    rounds: list[list[Release]], known: dict[str, Environment], tmp_path: Path
) -> None:
    differences: set[str] = set()
    for number, releases in enumerate(rounds):
        folder = tmp_path / str(number)
        asked = [release for release in releases if takes_uv(known[release.environment])]
        expected = {release: uv_pick(release, known[release.environment]) for release in asked}
        ours = picks(asked, known, folder / "dataset")
        with index_of(asked, folder) as address:
            assert ask_uv(address, grouped(expected), known) == expected
        differences |= {why(release) for release in asked if expected[release] != ours[release]}
    assert differences == {"equal to both", "some files yanked", "requires-python differs or has an upper bound"}


def why(release: Release) -> str:
    """Why uv and pip may choose differently, see docs/picks.md: the first that applies."""
    if len({each.is_yanked for each in release.files}) > 1:
        return "some files yanked"
    texts = {each.requires_python for each in release.files}
    if len(texts) > 1 or any(mark in (text or "") for text in texts for mark in "<=!~"):
        return "requires-python differs or has an upper bound"
    return "equal to both"


def as_pip_takes(environment: Environment) -> Environment:
    """The environment as ``--platform`` makes it: pip puts the older names right after manylinux2014."""
    if environment.era == "this":
        return environment
    tags = environment.platform.tags
    at = next((place for place, tag in enumerate(tags) if tag.startswith("manylinux2014")), len(tags))
    old = [tag for tag in tags if tag.startswith(("manylinux2010", "manylinux1_"))]
    rest = [tag for tag in tags if tag not in old]
    return replace(environment, platform=Platform(environment.platform.name, (*rest[: at + 1], *old, *rest[at + 1 :])))


def rounds_of(sets: Iterable[Release]) -> list[list[Release]]:
    rounds: list[list[Release]] = []
    for each in sets:
        for taken in rounds:
            if all(each.project != other.project for other in taken):
                taken.append(each)
                break
        else:
            rounds.append([each])
    return rounds


def picks(releases: Sequence[Release], known: Mapping[str, Environment], folder: Path) -> Picks:
    """What the queries say: pick-history, and picks, on which displacement is based; they must agree."""
    make_dataset(folder, [row for release in releases for row in rows(release)])
    query = catalog.load().find("pick-history")
    picked: dict[tuple[str, str], str] = {}
    with Engine([folder]) as engine:
        relations = run.Relations(engine, relations_of(folder), catalog.load(), lambda: list(known.values()))
        relations.offer_named(_BY_SHAPE)
        for name in known:
            for row in relations.answer(query, {"environment": name}).to_pylist():
                picked[row["project"], name] = row["filename"]
        by_shape = {
            (row["project"], row["environment"]): row["filename"] for row in engine.select(_BY_SHAPE).to_pylist()
        }
    assert by_shape
    # Picks leave a lone candidate out: there is nothing to choose between.
    assert {key: picked.get(key) for key in by_shape} == by_shape
    return {release: picked.get((release.project, release.environment)) for release in releases}


# A row for each environment and release of several candidates, also where none of them fits.
_BY_SHAPE = """
with sets as (
    select release_number, unnest(histories, recursive := true)
    from (select unnest(release_numbers) as release_number, histories from day_picks)
),
taken as (select release_number, unnest(environment_numbers) as environment_number, places[-1] as place from sets)
select release.project, environment.environment, file.filename
from (select distinct release_number from day_candidates) as chosen
join dataset.releases as release using (release_number)
cross join environments as environment
left join taken using (release_number, environment_number)
left join day_candidates as candidate using (release_number, place)
left join files as file using (file_number)
"""


def rows(release: Release) -> Iterator[dict[str, Any]]:
    for each in release.files:
        tags = zip(("build", "python_tag", "abi_tag", "platform_tag"), wheel_tags(each.filename), strict=True)
        yield {
            "project": release.project,
            "version": release.version,
            "version_key": facts_of(release.version).version_key,
            "filename": each.filename,
            "kind": kind_of(each.filename),
            "requires_python": each.requires_python,
            "is_yanked": each.is_yanked,
            "uploaded_at": START,
            **dict(tags),
        }


def grouped(expected: Picks) -> dict[str, list[list[Release]]]:
    """By environment: all that have an answer in one call, the others one by one, as a call fails as a whole."""
    groups: dict[str, list[list[Release]]] = {}
    for name in sorted({release.environment for release in expected}):
        members = [release for release in expected if release.environment == name]
        found = [release for release in members if expected[release]]
        groups[name] = [found] * bool(found) + [[release] for release in members if not expected[release]]
    return groups
