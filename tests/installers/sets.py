"""Sets of files to ask installers about: one release each."""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.tags import Tag
from packaging.utils import parse_wheel_filename

from audit.dataset.dataset import Dataset
from audit.queries.environments import Environment, find

# Environments that uv supports too come first; pip is asked about all.
ASKED = [
    "cp38-manylinux_2_17_x86_64",
    "cp312-manylinux_2_28_x86_64",
    "cp313-manylinux_2_39_aarch64",
    "cp310-musllinux_1_2_x86_64",
    "cp311-macosx_14_0_arm64",
    "cp39-macosx_13_0_x86_64",
    "cp314-win_amd64",
    "cp311-win_arm64",
    "cp39-win32",
    "cp313t-manylinux_2_28_x86_64",
    "cp315t-win_amd64",
    "cp310-manylinux_2_17_i686",
    "pp310-manylinux_2_28_x86_64",
    "cp27mu-manylinux_2_17_x86_64",
    "cp27m-win_amd64",
    "cp36-macosx_10_15_x86_64",
    "this",
]
_REQUIRES = (
    *(None, None, None, ">=3.8", ">=2.7, !=3.0.*, !=3.1.*, !=3.2.*", ">=3.9,<3.13", "<4", ">=3.11"),
    *("==2.7.*", ">=3.12.1", "!=3.12.0", "~=3.8"),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file as an index lists it."""

    filename: str
    requires_python: str | None = None
    is_yanked: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """One set: the release ``project==version``, and the environment that asks for it."""

    project: str
    version: str
    files: tuple[File, ...]
    environment: str


def random_sets(count: int, tails: Sequence[str], seed: int) -> Iterator[Release]:
    """Sets of files whose tags are drawn from ``tails``, such as ``cp39-cp39-win32``: half of them fit the asker."""
    chance = random.Random(seed)  # repeatable, not secret
    fitting = {name: [tail for tail in tails if _fits(tail, find(name))] for name in ASKED}
    for number in range(count):
        environment = ASKED[number % len(ASKED)]
        name = f"spam{number}"
        endings = {
            f"-1.0{_build(chance)}-{chance.choice(fitting[environment])}.whl" for _ in range(chance.randint(0, 4))
        }
        endings |= {f"-1.0{_build(chance)}-{chance.choice(tails)}.whl" for _ in range(chance.randint(0, 2))}
        endings |= {"-1.0.tar.gz"} if chance.random() < 0.4 or not endings else set()
        requires = [chance.choice(_REQUIRES)] if chance.random() < 0.7 else _REQUIRES
        yanked = chance.choice([[False], [False], [False], [True], [False, True]])
        files = [File(name + ending, chance.choice(requires), chance.choice(yanked)) for ending in sorted(endings)]
        yield Release(name, "1.0", tuple(files), environment)


def late_sets(dataset: Dataset, most_of_a_project: int) -> Iterator[Release]:
    """Releases of the sample before and after a late batch, asked about where that changes something, if it does."""
    taken: dict[str, int] = {}
    for batch in _batches(dataset):
        project, version = batch["project"], batch["version"]
        taken[project] = taken.get(project, 0) + 1
        if taken[project] <= most_of_a_project:
            files = dataset.sql(_FILES, {"project": project, "version": version}).rows()
            for until in (batch["from_us"] - 1, batch["to_us"]):
                yield Release(
                    project,
                    version,
                    tuple(
                        File(file["filename"], file["requires_python"], file["is_yanked"])
                        for file in files
                        if file["lag_us"] <= until
                    ),
                    batch["environment"],
                )


def _batches(dataset: Dataset) -> Sequence[Mapping[str, Any]]:
    """One late batch of each release that has any."""
    asked = [{"environment": name} for name in ASKED]
    changing = dataset.query("displacing-files")  # computes what the statement below reads
    assert len(changing)
    return dataset.sql(_BATCHES, {"asked": [each["environment"] for each in asked]}).rows()


_FILES = """
select filename, lag_us, requires_python, is_yanked
from file_lags
where project = $project and version = $version
order by filename
"""
_BATCHES = """
with late as (from late_reasons(1209600000000)),
batches as (
    select project, version, release_number, batch, min(lag_us) as from_us, max(lag_us) as to_us from late group by all
),
picked as (
    select release_number, filename, environment_number from late_picks(1209600000000, 'today')
    union all
    select release_number, filename, environment_number from late_picks(1209600000000, 'past')
),
changed as (
    select late.release_number, late.batch, min(picked.environment_number) as environment_number
    from late join picked using (release_number, filename)
    group by all
)
select project, version, from_us, to_us, coalesce(environment, $asked[2]) as environment
from batches
left join changed using (release_number, batch)
left join environments using (environment_number)
qualify row_number() over (partition by release_number order by environment is null, batch) = 1
order by project, version
"""


def _build(chance: random.Random) -> str:
    return f"-{chance.choice(['0', '1', '2', '10', '1a', '1b'])}" if chance.random() < 0.3 else ""


def _fits(tail: str, environment: Environment) -> bool:
    return not _tags(tail).isdisjoint(environment.tags)


def _tags(tail: str) -> frozenset[Tag]:
    return parse_wheel_filename(f"spam-1.0-{tail}.whl")[-1]


def tails_of(filenames: Iterable[str]) -> list[str]:
    """The tags of all these wheels, as written, each once; those that are none (py36+) are left out."""
    tails = {"-".join(name.removesuffix(".whl").split("-")[-3:]) for name in filenames if name.endswith(".whl")}
    return sorted(tail for tail in tails if re.fullmatch(r"[\w.]+-[\w.]+-[\w.]+", tail))
