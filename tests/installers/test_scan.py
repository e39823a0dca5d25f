"""What RA001 names is what a real pip then takes."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.utils import NormalizedName

from audit.dataset.dataset import Dataset
from audit.queries.environments import find
from audit.scan.pins import Input, Pin, PinnedBy
from audit.scan.scanning import Question, projects_of, scan
from tests.installers.ask import ask_pip, index_of
from tests.installers.sets import ASKED, File, Release


def grown(dataset: Dataset) -> Iterable[Release]:
    """A release of each project of the sample in which a late file displaces another, and an environment of these."""
    seen: set[str] = set()
    for name in (each for each in ASKED if each != "this"):
        for row in dataset.query("displacing-files", environment=name).rows():
            if row["project"] not in seen:
                seen.add(row["project"])
                files = dataset.sql(_FILES, {part: row[part] for part in ("project", "version")}).rows()
                listed = (File(each["filename"], each["requires_python"], each["is_yanked"]) for each in files)
                yield Release(row["project"], row["version"], tuple(listed), name)


_FILES = "select filename, requires_python, is_yanked from files where project = $project and version = $version"


def late_file(sample: Path, release: Release) -> str | None:
    """What RA001 says is installed; None: it says nothing."""
    pin = Pin("lock", 1, NormalizedName(release.project), release.version, "", PinnedBy.VERSION)
    inputs = [Input("lock", "requirements", [pin])]
    with Dataset(sample, projects=projects_of(inputs)) as opened:
        found = scan(inputs, [None], opened, Question(environment=release.environment, is_taken=True))
    names = [row["filename"] for row in found.rows.to_pylist() if row["rule"] == "RA001"]
    assert len(names) <= 1, "one environment takes one file"
    return names[0] if names else None


@pytest.mark.slow
def test_pip_takes_the_file_that_ra001_names(crawled_sample: Path, tmp_path: Path) -> None:
    with Dataset(crawled_sample) as sample:
        asked = list(grown(sample))
    expected = {release: late_file(crawled_sample, release) for release in asked}
    assert None not in expected.values()
    assert {"markupsafe", "pillow"} <= {release.project for release in expected}
    groups: dict[str, list[list[Release]]] = {}
    for release in expected:
        groups.setdefault(release.environment, []).append([release])
    known = {name: find(name) for name in groups}
    with index_of(expected, tmp_path) as address:
        assert ask_pip(address, groups, known, tmp_path) == expected
