"""Which picks new files change: the same as a dataset says about late files afterwards."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName

import audit
from audit.dataset.dataset import Dataset
from audit.errors import UsageError
from audit.findings.level import Level
from audit.preflight.built import BuiltFile
from audit.preflight.checks import sets_of
from audit.preflight.choice import Check
from audit.preflight.displacing import Displacement, check_displacing, displacements
from audit.preflight.listed import ListedFile
from audit.preflight.rule import UploadRule
from audit.preflight.states import states_of
from tests.preflight.builders import AT, PYPI, SPAM, built, listed, listed_file

SDIST, PURE = "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl"
WINDOWS = "spam-1.0-cp312-cp312-win_amd64.whl"
HERE = "cp312-win_amd64"


def changed(there: Sequence[str], new: Sequence[str], environment: str = HERE, **changes: Any) -> list[tuple[Any, ...]]:
    """File, file before, effect and environments of each change."""
    files = [listed_file(name, None, **changes) for name in there]
    found = displacements(SPAM, "1.0", files, [built(name) for name in new], AT, environment)
    return [(each.filename, each.filename_before, each.effect, each.environments) for each in found]


@pytest.mark.parametrize(
    ("there", "new", "expected"),
    [
        ([PURE], [WINDOWS], [(WINDOWS, PURE, "displaces", [HERE])]),
        ([WINDOWS], [PURE], []),
        ([SDIST], [WINDOWS], [(WINDOWS, SDIST, "builds-no-more", [HERE])]),
        ([], [WINDOWS], [(WINDOWS, None, "new", [HERE])]),
        ([PURE], [SDIST], []),
        ([PURE], [PURE.replace("1.0", "1.0-1")], [(PURE.replace("1.0", "1.0-1"), PURE, "displaces", [HERE])]),
        (
            [PURE],
            [WINDOWS, WINDOWS.replace("1.0", "1.0-1")],
            [(WINDOWS.replace("1.0", "1.0-1"), PURE, "displaces", [HERE])],
        ),
        ([PURE], ["spam-1.0-cp312-cp312-win_arm64.whl"], []),
        ([SDIST], ["spam-1.0.zip"], [("spam-1.0.zip", SDIST, "other-sdist", [HERE])]),
    ],
)
def test_one_environment(there: list[str], new: list[str], expected: list[tuple[Any, ...]]) -> None:
    assert changed(there, new) == expected


def test_all_environments_of_today_in_their_order() -> None:
    [(_, _, effect, environments)] = changed([PURE], ["spam-1.0-cp39-abi3-win_amd64.whl"], "today")
    names = ["cp39", "cp310", "cp311", "cp312", "cp313", "cp314", "cp315"]
    assert (effect, environments) == ("displaces", [f"{name}-win_amd64" for name in names])


def test_yanks_and_interpreters_count() -> None:
    assert changed([WINDOWS], [PURE], is_yanked=True) == [(PURE, WINDOWS, "displaces", [HERE])]
    files = [listed_file(PURE)]
    new = [built(WINDOWS, requires_python=">=3.13")]
    assert displacements(SPAM, "1.0", files, new, AT, HERE) == []
    with pytest.raises(UsageError, match="no environment"):
        displacements(SPAM, "1.0", files, new, AT, "cp312-vax")


@pytest.mark.parametrize("age", [timedelta(days=30), timedelta(0), timedelta(days=-1), None])
def test_what_is_listed_was_there_before(age: timedelta | None) -> None:
    [found] = displacements(SPAM, "1.0", [listed_file(PURE, age)], [built(WINDOWS)], AT, HERE)
    assert found == Displacement(WINDOWS, PURE, "displaces", [HERE])


def test_what_is_said_about_a_set() -> None:
    has = {SPAM: listed(listed_file(PURE, timedelta(days=3)), listed_file("spam-0.9-py3-none-any.whl"))}
    files = [built(WINDOWS), built("spam-0.9-cp312-cp312-win_arm64.whl"), built("spam-2.0-py3-none-any.whl")]
    found = check_displacing(sets_of(states_of(files, has, PYPI, AT), has, PYPI), AT, HERE)
    [only] = found
    assert (only.check, only.level, only.version) == (Check.DISPLACES, Level.WARNING, files[0].version)
    assert (only.filename, only.filename_before, only.environments) == (WINDOWS, PURE, [HERE])
    assert only.why == (f"picked instead of {PURE} in 1 of 1 environment ({HERE}); only a hash pin protects from that")


@pytest.mark.parametrize("rule", [PYPI, None])
def test_what_is_refused_displaces_nobody(rule: UploadRule | None) -> None:
    has = {SPAM: listed(listed_file(PURE, timedelta(days=30)), listed_file(SDIST, timedelta(days=30)))}
    states = states_of([built(WINDOWS), built(PURE)], has, rule, AT)
    found = check_displacing(sets_of(states, has, rule), AT, HERE)
    assert [each.filename for each in found] == ([] if rule else [WINDOWS])


_LATE = """
    select project, version, filename, uploaded_at from late_reasons(1209600000000)
    window release as (partition by project, version)
    qualify max(batch) over release = min(batch) over release
"""
_FILES = "select * from files where project = $project and version = $version and kind in ('wheel', 'sdist')"


@pytest.mark.slow
def test_real_late_files_displace_as_the_dataset_says(crawled_sample: Path) -> None:
    with audit.open(crawled_sample) as dataset:
        late = {row["filename"]: row for row in dataset.sql(_LATE).rows()}
        picks = dataset.sql("from late_picks(1209600000000, 'today') order by all").rows()
        counts = Counter((row["project"], row["version"]) for row in picks if row["filename"] in late)
        for project, version in [
            release for release, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        ][:4]:
            expected = {
                (row["filename"], row["filename_before"], row["effect"], row["environment_count"])
                for row in picks
                if (row["project"], row["version"]) == (project, version)
            }
            assert _of_release(dataset, project, version, set(late)) == expected, (project, version)


def _of_release(dataset: Dataset, project: str, version: str, late: set[str]) -> set[tuple[Any, ...]]:
    rows = dataset.sql(_FILES, {"project": project, "version": version}).rows()
    there = [_listed(row) for row in rows if row["filename"] not in late]
    new = [_built(row) for row in rows if row["filename"] in late]
    at: datetime = max(row["uploaded_at"] for row in rows)
    found = displacements(NormalizedName(project), version, there, new, at, "today")
    return {(each.filename, each.filename_before, each.effect, len(each.environments)) for each in found}


def _listed(row: dict[str, Any]) -> ListedFile:
    columns = ("filename", "version", "kind", "uploaded_at", "sha256", "requires_python", "is_yanked")
    return ListedFile(**{name: row[name] for name in columns})


def _built(row: dict[str, Any]) -> BuiltFile:
    return built(row["filename"], requires_python=row["requires_python"] or "")
