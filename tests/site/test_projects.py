"""The pages of projects: which projects have one, their content, and that a stranger's name never becomes a path."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.dataset.dataset import Dataset
from audit.site.places import has_page, project_path
from audit.site.site import write_site
from tests.dataset_builder import make_dataset
from tests.site.reading import Site

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
# Names that the dataset of a hostile index could hold, though no crawl writes one.
NO_PAGES = ["../../etc/passwd", "a/b", "Spam", ".hidden", "a\\b", "spam.", "", "x" * 250, "ſpam", "a\nb", "con/.."]


def grown(*names: str) -> list[dict[str, object]]:
    return [
        {"project": name, "filename": f"{number}.whl", "uploaded_at": FIRST + timedelta(days=30 * late)}
        for number, name in enumerate(names)
        for late in (0, 1)
    ]


def written(folder: Path, *names: str, projects: int = 10) -> Site:
    with Dataset(make_dataset(folder / "data", grown(*names))) as opened:
        write_site(opened, folder / "out", projects=projects)
    return Site(folder / "out")


def test_each_affected_project_has_a_page_of_its_late_files(site: Site, crawled_sample: Path) -> None:
    with Dataset(crawled_sample) as opened:
        who, late = opened.query("who").rows(), opened.query("late-files").rows()
        displacing = opened.query("displacing-files").rows()
    assert {name for name in site.pages if name.startswith("projects/")} == {
        project_path(row["project"]) for row in who
    }
    for row in who:
        page = site.pages[project_path(row["project"])]
        assert f"{row['late_files']:,} of {row['files']:,} files" in page.text
        own = [file for file in late if file["project"] == row["project"]]
        assert all(file["filename"] in page.text for file in own)
        before = [file["filename_before"] for file in displacing if file["project"] == row["project"]]
        assert all(name in page.text for name in before)
        assert f"{len(before)} of {row['late_files']} late files are picked today" in page.text or not before
        assert "pip lock -r requirements.in" in page.text, "how to pin"


def test_only_the_first_have_a_page_and_the_others_are_counted(tmp_path: Path) -> None:
    site = written(tmp_path, "a", "b", "c", projects=2)
    assert sorted(name for name in site.pages if name.startswith("projects/")) == ["projects/a.html", "projects/b.html"]
    assert "1 with fewer late files have no page here" in site.pages["projects.html"].text
    assert "3 projects with late files" in site.pages["projects.html"].text
    assert site.broken() == []


def test_a_name_that_is_not_normalized_never_becomes_a_path(tmp_path: Path) -> None:
    names = [name for name in NO_PAGES if name]
    site = written(tmp_path, "spam", "index", *names)
    pages = [name for name in site.files if name.startswith("projects/")]
    assert sorted(pages) == ["projects/index.html", "projects/spam.html"]
    assert f"{len(names)} have a name that cannot be that of a page" in site.pages["projects.html"].text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]
    assert site.broken() == []


@pytest.mark.parametrize("name", NO_PAGES)
def test_has_no_page(name: str) -> None:
    assert not has_page(name)


@pytest.mark.parametrize("name", ["spam", "index", "a", "7z", "x" * 200])
def test_has_a_page(name: str) -> None:
    assert has_page(name)
