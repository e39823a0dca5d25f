"""Pages that once broke the decoders, through both APIs: each ends as ``cases.toml`` says, its project complete."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.decode import decode_root
from audit.crawl.index import resolve_address
from audit.dataset.dataset import Dataset
from audit.errors import CrawlError
from audit.model import Api
from tests.cases_index import CASES, index_of
from tests.crawled import START

FOLDERS = {Api.SIMPLE: "simple", Api.JSON: "pypi"}


class Contents(msgspec.Struct, forbid_unknown_fields=True):
    """What one project's page gives: its files by release, and what is odd about them; or why it fails."""

    releases: dict[str, list[str]] = {}
    unlisted: list[str] = []
    late: list[str] = []
    set_aside: dict[str, str] = {}
    declared: dict[str, str] = {}
    untagged: list[str] = []
    failed: str | None = None


EXPECTED = msgspec.convert(
    tomllib.loads(CASES.with_suffix(".toml").read_text("utf-8")), dict[str, dict[Api, dict[str, Contents]]]
)


def test_each_page_has_its_expectation() -> None:
    expected = {
        (case, api, project) for case, apis in EXPECTED.items() for api, pages in apis.items() for project in pages
    }
    there = {(path.parent.parent.name, path.parent.name, path.stem) for path in CASES.glob("*/*/*.json")}
    assert {(case, FOLDERS[api], project) for case, api, project in expected} == there


@pytest.mark.parametrize(("case", "api"), [(case, api) for case, apis in EXPECTED.items() for api in apis])
def test_a_case_ends_as_expected(case: str, api: Api, tmp_path: Path) -> None:
    expected = EXPECTED[case][api]
    with index_of(CASES / case) as address:
        request = CrawlRequest(tmp_path, resolve_address(address), [NormalizedName(name) for name in expected], api=api)
        if all(contents.failed for contents in expected.values()):
            with pytest.raises(CrawlError, match=r"no `releases`.*--api simple"):
                crawl(request, START)
            return
        summary = crawl(request, START)
    assert dict(summary.failures) == counted(contents.failed for contents in expected.values() if contents.failed)
    with Dataset(tmp_path) as opened:
        assert not opened.check()
        assert {project: read(opened, project) for project in expected} == expected


def counted(reasons: Iterator[str]) -> dict[str, int]:
    listed = list(reasons)
    return {reason: listed.count(reason) for reason in listed}


def read(opened: Dataset, project: str) -> Contents:
    """What the dataset has of a project."""
    [row] = opened.sql("from projects where project = $project", {"project": project}).rows()
    if row["status"] == "unknown":
        return Contents(failed=row["failure_reason"])
    files = rows(opened, "files", project)
    aside = rows(opened, "set_aside", project)
    listed = rows(opened, "releases", project)
    wheels = [row for row in files if row["kind"] == "wheel"]
    return Contents(
        releases={
            release["version"]: [row["filename"] for row in files if row["version"] == release["version"]]
            for release in listed
        },
        unlisted=[row["version"] for row in listed if not row["is_listed"]],
        late=sorted(row["filename"] for row in opened.query("late-files").rows() if row["project"] == project),
        set_aside={row["filename"]: row["reason"] for row in aside},
        declared={row["filename"]: row["declared_kind"] for row in files if row["declared_kind"]},
        untagged=[row["filename"] for row in wheels if row["python_tag"] is None],
    )


def rows(opened: Dataset, table: str, project: str) -> list[dict[str, Any]]:
    order = {"files": "file_number", "releases": "release_number"}.get(table, "filename")
    return opened.sql(f"from {table} where project = $project order by {order}", {"project": project}).rows()


def test_a_root_that_lists_a_name_twice_promises_the_greater_serial(tmp_path: Path) -> None:
    folder = CASES / "19-root-lists-a-name-twice"
    assert decode_root((folder / "root.json").read_bytes()).serials == {"foo-bar": 9}
    with index_of(folder) as address, pytest.raises(CrawlError, match="stale"):
        crawl(CrawlRequest(tmp_path, resolve_address(address), None, api=Api.SIMPLE), START)
