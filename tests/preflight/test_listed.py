"""What an index has for a project: the same from its page and from a dataset, which also knows what is gone."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from packaging.version import Version
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from audit.crawl import CrawlRequest, crawl
from audit.crawl.fetch import Manners
from audit.crawl.index import resolve_address
from audit.dataset.mark import mark_of, write_mark
from audit.errors import CrawlError, DatasetError
from audit.model import Api
from audit.preflight.listed import Listed, index_of, of_dataset, of_index
from audit.replay.server import serving
from tests.dataset_builder import CRAWLED_AT, make_dataset
from tests.faults.server import Behaviour, FaultServer, answer, running, say
from tests.pages import file
from tests.preflight.builders import SPAM, listed
from tests.recorded import SAMPLE

JSON = "application/vnd.pypi.simple.v1+json"
ONCE = Manners(attempts=1)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "all_proxy", "PIP_CERT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", os.devnull)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as server:
        yield server


def page(*files: object, **changes: object) -> Behaviour:
    body = {"meta": {"api-version": "1.1"}, "name": "spam", "versions": ["1.0", "2.0"], "files": files} | changes
    return say(answer(json.dumps(body).encode(), kind=JSON))


def asked(server: FaultServer) -> Listed:
    return of_index(resolve_address(server.root), [SPAM], ONCE)[SPAM]


def test_a_page(server: FaultServer) -> None:
    files = [
        file("spam-2.0-py3-none-any.whl", **{"requires-python": ">=3.9", "yanked": "broken"}),
        file("spam-1.0.tar.gz", "2020-01-02T00:00:00.5Z", size=7),
    ]
    status = {"status": "archived"}
    server.scripts["/simple/spam/"] = [page(*files, **{"project-status": status})]
    has = asked(server)
    assert (has.project, has.versions, has.vanished, has.index_status) == ("spam", ["1.0", "2.0"], None, "archived")
    first, second = has.files
    assert (first.filename, first.version, first.kind, first.size_bytes) == ("spam-1.0.tar.gz", "1.0", "sdist", 7)
    assert first.uploaded_at == datetime(2020, 1, 2, 0, 0, 0, 500_000, tzinfo=UTC)
    assert (second.requires_python, second.is_yanked, second.sha256) == (">=3.9", True, files[0]["hashes"]["sha256"])
    assert server.asked == ["/simple/spam/"], "one request"


def test_a_project_that_is_not_there(server: FaultServer) -> None:
    server.scripts["/simple/spam/"] = [say(answer(b"", status="404 Not Found"))]
    assert asked(server) == Listed(SPAM)


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (say(answer(b"", status="403 Forbidden")), r"/simple/spam/ cannot be fetched \(http-403: "),
        (say(answer(b"{}", kind=JSON)), r"/simple/spam/ cannot be read \("),
        (say(answer(b"<html>Welcome</html>", kind="text/html")), r"cannot be crawled: it answers with HTML"),
    ],
)
def test_an_index_that_does_not_answer(behaviour: Behaviour, why: str, server: FaultServer) -> None:
    server.scripts["/simple/spam/"] = [behaviour]
    with pytest.raises(CrawlError, match=why):
        asked(server)


def test_a_dataset_says_what_the_index_says(tmp_path: Path) -> None:
    projects = [NormalizedName(name) for name in ("numpy", "h11", "not-there")]
    with serving(SAMPLE) as root:
        address = resolve_address(root)
        on_index = of_index(address, projects, ONCE)
        crawl(CrawlRequest(tmp_path, address, projects, Api.SIMPLE, ONCE), CRAWLED_AT)
    held = of_dataset(tmp_path, projects)
    assert list(held) == projects
    for project in projects:
        assert list(held[project].files) == list(on_index[project].files)
        assert bool(held[project].files) is (project != "not-there")
        assert sorted(held[project].versions) == sorted(on_index[project].versions)
    assert len(held[projects[0]].files) > 1_000
    assert not held[projects[2]].versions
    assert index_of(tmp_path) == address.simple


def test_a_dataset_knows_names_that_were_used_before(tmp_path: Path) -> None:
    again, gone = "spam-1.0.tar.gz", "spam-1.1.tar.gz"
    events = [
        {
            "filename": name,
            "event": event,
            "crawl_id": f"2026112{day}T101500Z",
            "seen_at": datetime(2026, 11, day, tzinfo=UTC),
        }
        for name, event, day in [(gone, "vanished", 3), (again, "vanished", 3), (again, "appeared", 4)]
    ]
    folder = make_dataset(tmp_path / "made", [{"filename": again}], events=events)
    has = of_dataset(folder, [SPAM])[SPAM]
    assert has.vanished == {gone: datetime(2026, 11, 3, tzinfo=UTC), again: datetime(2026, 11, 3, tzinfo=UTC)}
    assert index_of(folder) is None
    write_mark(folder, mark_of(resolve_address(PYPI_SIMPLE_ENDPOINT).simple))
    assert index_of(folder) == PYPI_SIMPLE_ENDPOINT


@pytest.mark.parametrize("projects", [[{"project": "eggs"}], [{"project": "spam", "status": "unknown"}]])
def test_a_dataset_without_an_answer_for_the_project(projects: list[dict[str, str]], tmp_path: Path) -> None:
    folder = make_dataset(tmp_path / "made", projects=projects)
    with pytest.raises(DatasetError, match="does not know whether there is a project spam: crawl it first"):
        of_dataset(folder, [SPAM])


def test_spellings_of_a_version() -> None:
    has = listed(versions=["1.0.0", "1.0", "no-version"])
    assert [has.spelled(Version(text)) for text in ("1.0", "1", "1.0.0", "1.1")] == ["1.0", "1.0.0", "1.0.0", None]
