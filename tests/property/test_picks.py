"""The pick in SQL against pip's rule in plain Python, file by file and environment by environment."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.utils import BuildTag, parse_wheel_filename

from audit.crawl.decode.filename import wheel_tags
from audit.dataset.dataset import relations as relations_of
from audit.dataset.engine import Engine
from audit.queries import catalog, run
from audit.queries.environments import Environment, find
from tests.dataset_builder import make_dataset
from tests.examples import examples

START = datetime(2020, 1, 1, tzinfo=UTC)
ENVIRONMENTS = [
    find(name)
    for name in (
        "cp27mu-manylinux_2_17_x86_64",
        "cp36-win32",
        "cp38-macosx_14_0_arm64",
        "cp312-manylinux_2_28_x86_64",
        "cp313t-musllinux_1_2_x86_64",
        "pp311-manylinux_2_17_x86_64",
    )
]
BUILDS = st.sampled_from(
    ["", "", "", "-1", "-2", "-10", "-1a", "-01", "-99999999999999999999", "-99999999999999999998"]
)
TAGS = st.sampled_from(
    [
        *("py3-none-any", "py2.py3-none-any", "py38.py312-none-any", "cp312-none-any", "py3-none-win32"),
        *("cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"),
        *("cp312-cp312-manylinux2014_x86_64", "cp312-cp312-manylinux_2_39_x86_64", "cp38-abi3-manylinux1_x86_64"),
        *("cp27-cp27mu-manylinux1_x86_64", "cp27-cp27m-manylinux1_x86_64", "cp36-cp36m-win32", "cp38-abi3-win32"),
        *("cp38-cp38-macosx_11_0_arm64", "cp38-cp38-macosx_10_9_universal2", "cp313-cp313t-musllinux_1_1_x86_64"),
        *("pp311-pypy311_pp73-manylinux_2_17_x86_64", "pp311-none-any", "cp33.cp34-abi3.none-any.win32"),
    ]
)
WHEELS = st.builds("{}-1.0{}-{}.whl".format, st.sampled_from(["spam", "Spam"]), BUILDS, TAGS)
SDISTS = st.sampled_from(["spam-1.0.tar.gz", "spam-1.0.zip", "Spam-1.0.tar.gz"])
STRANGE = st.sampled_from(
    ["spam-1.0-1.tar.gz", "spam-1.0.egg", "spam-1.0-py3-none.whl", "spam-1.0.post1-py3-none-any.whl", "spam_1.0.tar.gz"]
)
REQUIRES = st.sampled_from([None, None, ">=3", ">=3.9", "<3.12", "==3.12.*", ">=3.12.1,!=3.13.*", "nonsense", ""])
FILES = st.lists(
    st.tuples(WHEELS | SDISTS | STRANGE, REQUIRES, st.booleans(), st.integers(0, 40)),
    min_size=1,
    max_size=8,
    unique_by=lambda file: file[0],
)
File = tuple[str, str | None, bool, int]


def row(file: File) -> dict[str, Any]:
    filename, requires_python, is_yanked, day = file
    kind = {".whl": "wheel", ".egg": "egg"}.get(filename[-4:], "sdist")
    tags = zip(("build", "python_tag", "abi_tag", "platform_tag"), wheel_tags(filename), strict=True)
    fields = {
        "filename": filename,
        "kind": kind,
        "requires_python": requires_python,
        "is_yanked": is_yanked,
        **dict(tags),
    }
    return {"version_key": "a", "is_prerelease": False, "uploaded_at": START + timedelta(days=day), **fields}


def admits(requires_python: str | None, environment: Environment) -> bool:
    try:
        return environment.interpreter.version in SpecifierSet(requires_python or "")
    except InvalidSpecifier:
        return True


def pick(files: Sequence[File], environment: Environment) -> str | None:
    """What pip takes for ``spam==1.0`` where these files are listed by name."""
    keys = [
        (not is_yanked, *fit, filename)
        for filename, requires_python, is_yanked, _ in files
        if (fit := fit_of(filename, environment.tags)) and admits(requires_python, environment)
    ]
    return max(keys)[-1] if keys else None


def fit_of(filename: str, tags: list[Tag]) -> tuple[int, BuildTag] | None:
    """How well a file fits, greater is better; None: it cannot be picked."""
    if filename in {"spam-1.0.tar.gz", "spam-1.0.zip", "Spam-1.0.tar.gz"}:
        return -len(tags), ()
    if filename.endswith("-py3-none.whl") or ".post1" in filename or not filename.endswith(".whl"):
        return None
    _, _, build, wheel = parse_wheel_filename(filename)
    ranks = [tags.index(tag) for tag in wheel if tag in tags]
    return (-min(ranks), build) if ranks else None


def picked(folder: Path, scope: str) -> dict[tuple[str, int], str]:
    """What SQL says is picked in each environment from each day on."""
    with Engine([folder]) as engine:
        queries = catalog.load()
        known = run.Relations(engine, relations_of(folder), queries, lambda: ENVIRONMENTS)
        for name in (f"{scope}_picks", f"{scope}_candidates"):
            known.share(queries.find(name))
        rows = engine.select(
            f"""
            with releases as (select unnest(release_numbers) as release_number, histories from picks('{scope}')),
            history as (select release_number, unnest(histories, recursive := true) from releases),
            taken as (select release_number, unnest(environment_numbers) as number, places from history)
            select environment, lag_us // 86400000000 as day, file.filename
            from (select release_number, number, unnest(places) as place from taken)
            join {scope}_candidates using (release_number, place)
            join files as file using (file_number)
            join environments on environment_number = number
            order by place
            """
        ).to_pylist()
    return {(each["environment"], each["day"]): each["filename"] for each in rows}


@settings(deadline=None, max_examples=examples(30))
@given(files=FILES)
def test_picks_are_those_of_plain_python(files: list[File]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = make_dataset(Path(name), map(row, files))
        changed = picked(folder, "grown")
    first = min(day for *_, day in files)
    if max(day for *_, day in files) == first:
        assert changed == {}  # nothing came late
        return
    for environment in ENVIRONMENTS:
        last = None
        for day in range(first, 41):
            last = changed.get((environment.name, day - first), last)
            assert last == pick([file for file in files if file[-1] <= day], environment), (environment.name, day)


@settings(deadline=None, max_examples=examples(10))
@given(files=FILES)
def test_the_first_day_ends_with_the_pick_among_its_files(files: list[File]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = make_dataset(Path(name), map(row, files))
        changed = picked(folder, "day")
    day = [file for file in files if file[-1] - min(day for *_, day in files) <= 1]
    candidates = {each for environment in ENVIRONMENTS for each in [pick([file], environment) for file in day] if each}
    ends: dict[str, str] = {}
    for (environment, _), filename in sorted(changed.items(), key=lambda item: item[0][1]):
        ends[environment] = filename
    if ends or len(candidates) > 1:
        assert all(ends.get(each.name) == pick(day, each) for each in ENVIRONMENTS)
