"""Which API a crawl asks: found out once, kept, and changed where the index changes."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.choice import spread
from audit.crawl.fetch import Manners
from audit.crawl.index import resolve_address
from audit.dataset.dataset import Dataset
from audit.dataset.mark import read_mark
from audit.errors import CrawlError
from audit.model import Api, Summary
from tests.crawled import START
from tests.faults.documents import document
from tests.faults.server import Behaviour, FaultServer, answer, running, say
from tests.pages import file

NOT_FOUND = say(answer(b"{}", status="404 Not Found"))
PAGE_TYPE = "application/vnd.pypi.simple.v1+json"
HTML = say(answer(b"<!DOCTYPE html><a href='x'>x</a>", kind="text/html"))
SOON = Manners(attempts=1)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as server:
        yield server


def page(name: str, *filenames: str, **changes: Any) -> Behaviour:
    files = [file(filename, hashes={"sha256": "a" * 64}) for filename in filenames]
    body = {"meta": {"api-version": "1.1"}, "name": name, "versions": ["1.0"], "files": files}
    return say(answer(json.dumps(body | changes).encode(), kind=PAGE_TYPE))


def whole(name: str, **changes: Any) -> Behaviour:
    body: dict[str, Any] = json.loads(document(name))
    return say(answer(json.dumps(body | changes).encode()))


def without_releases(name: str) -> Behaviour:
    body = json.loads(document(name))
    return say(answer(json.dumps({"info": body["info"], "urls": [{"filename": "x"}]}).encode()))


def script(server: FaultServer, name: str, *, doc: Behaviour = NOT_FOUND, simple: Behaviour = NOT_FOUND) -> None:
    server.scripts[f"/pypi/{name}/json"] = [doc]
    server.scripts[f"/simple/{name}/"] = [simple]


def run(server: FaultServer, folder: Path, *names: str, at: datetime = START, **changes: Any) -> Summary:
    projects = [NormalizedName(name) for name in names] or None
    options = {"api": None, "manners": SOON} | changes
    return crawl(CrawlRequest(folder, resolve_address(server.root), projects, **options), at)


def kept(folder: Path) -> str | None:
    mark = read_mark(folder)
    return mark.api if mark else None


def asked_through(folder: Path) -> list[str]:
    with Dataset(folder) as dataset:
        return [row["api"] for row in dataset.sql("select api from crawls order by crawl_id").rows()]


def test_the_json_api_where_the_index_has_it(server: FaultServer, tmp_path: Path) -> None:
    script(server, "spam", doc=whole("spam"), simple=page("spam", "spam-1.0.tar.gz"))
    assert run(server, tmp_path, "spam").outcomes == {"found": 1}
    assert kept(tmp_path) == "json"
    assert server.asked == ["/pypi/spam/json"] * 2


def test_every_request_is_counted(server: FaultServer, tmp_path: Path) -> None:
    script(server, "spam", simple=page("spam", "spam-1.0.tar.gz"))
    server.script_root({"spam": None})
    assert run(server, tmp_path).request_count == len(server.asked) == 4
    assert server.asked == ["/simple/", "/pypi/spam/json", "/simple/spam/", "/simple/spam/"]


def elsewhere(server: FaultServer, json_url: str, folder: Path, **changes: Any) -> Summary:
    """A crawl with a given address of the JSON API."""
    options = {"api": None, "manners": SOON} | changes
    address = resolve_address(server.root, json_url)
    return crawl(CrawlRequest(folder, address, [NormalizedName("spam")], **options), START)


def test_a_wrong_address_of_the_json_api_is_reported_as_such(
    server: FaultServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "audit")
    script(server, "spam", simple=page("spam", "spam-1.0.tar.gz"))
    nowhere = server.root.replace("/simple/", "/nowhere/")
    with pytest.raises(CrawlError, match=rf"JSON API at {nowhere} lists none .*: its Index API lists spam") as caught:
        elsewhere(server, nowhere, tmp_path, api=Api.JSON)
    assert "check --json-url" in str(caught.value)
    down = "http://127.0.0.1:9/pypi/"
    with pytest.raises(CrawlError, match=rf"{down} \(--json-url\) does not show which API it has \(connect: "):
        elsewhere(server, down, tmp_path)
    with pytest.raises(CrawlError, match=r"none of the 1 project asked for .*--json-url"):
        elsewhere(server, down, tmp_path, api=Api.JSON)
    elsewhere(server, nowhere, tmp_path)
    assert f"Index API: no JSON API answers at {nowhere} (--json-url)" in caplog.records[-1].getMessage()


def test_else_the_index_api_and_the_next_night_asks_nothing_of_it(
    server: FaultServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "audit")
    script(server, "spam", simple=page("spam", "spam-1.0.tar.gz"))
    run(server, tmp_path, "spam")
    assert kept(tmp_path) == "simple"
    [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.INFO]
    assert line == f"{server.root} is asked through its Index API: the index has no JSON API"
    caplog.clear()
    server.heads.clear()
    run(server, tmp_path, "spam", at=START + timedelta(days=1))
    assert server.asked == ["/simple/spam/"]
    assert not caplog.records
    assert asked_through(tmp_path) == ["simple", "simple"]


@pytest.mark.parametrize(
    "first",
    [
        {},
        {"simple": page("gone")},
        {"simple": page("gone", "gone-1.0.tar.gz", **{"project-status": {"status": "quarantined"}})},
    ],
    ids=["missing", "without a file", "quarantined"],
)
def test_a_project_that_decides_nothing_leaves_it_to_the_next(
    server: FaultServer, tmp_path: Path, first: dict[str, Behaviour]
) -> None:
    script(server, "gone", **first)
    script(server, "spam", doc=whole("spam"), simple=page("spam", "spam-1.0.tar.gz"))
    run(server, tmp_path, "gone", "spam")
    assert kept(tmp_path) == "json"


def test_where_no_project_decides_nothing_is_kept(server: FaultServer, tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match=r"the Index API at .* lists none of the 1 project asked for \(gone\)"):
        run(server, tmp_path, "gone")
    assert kept(tmp_path) is None
    script(server, "spam", doc=whole("spam"))
    run(server, tmp_path, "spam", at=START + timedelta(days=1))
    assert kept(tmp_path) == "json"


@pytest.mark.parametrize("status", ["403 Forbidden", "405 No", "406 Not Acceptable"])
def test_a_refusal_at_the_json_address_is_no_json_api(server: FaultServer, tmp_path: Path, status: str) -> None:
    script(server, "spam", doc=say(answer(b"", status=status)), simple=page("spam", "spam-1.0.tar.gz"))
    run(server, tmp_path, "spam")
    assert kept(tmp_path) == "simple"


def test_html_at_the_json_address_is_no_json_api(server: FaultServer, tmp_path: Path) -> None:
    script(server, "spam", doc=HTML, simple=page("spam", "spam-1.0.tar.gz"))
    run(server, tmp_path, "spam")
    assert kept(tmp_path) == "simple"


def test_an_outage_decides_nothing(server: FaultServer, tmp_path: Path) -> None:
    script(server, "spam", doc=say(answer(b"", status="503 Gone to lunch")), simple=page("spam", "spam-1.0.tar.gz"))
    with pytest.raises(CrawlError, match=r"http-503.*--api json or --api simple"):
        run(server, tmp_path, "spam")
    assert kept(tmp_path) is None


@pytest.mark.parametrize(
    "first",
    [
        {"doc": say(answer(b"", status="500 Broken"))},
        {"simple": say(answer(b"", status="500 Broken"))},
        {"simple": HTML},
        {"simple": say(answer(b"", status="406 Not Acceptable"))},
    ],
    ids=["json", "page", "html", "406"],
)
def test_the_fault_of_one_project_leaves_it_to_the_next(
    server: FaultServer, tmp_path: Path, first: dict[str, Behaviour]
) -> None:
    script(server, "broken", **first)
    script(server, "spam", simple=page("spam", "spam-1.0.tar.gz"))
    summary = run(server, tmp_path, "broken", "spam")
    assert (kept(tmp_path), summary.outcomes["found"]) == ("simple", 1)


def test_three_projects_with_faults_are_an_outage(server: FaultServer, tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(10)]
    for name in names:
        script(server, name, doc=say(answer(b"", status="503 Gone to lunch")))
    with pytest.raises(CrawlError, match="http-503"):
        run(server, tmp_path, *names)
    assert server.asked == ["/pypi/p0/json", "/pypi/p1/json", "/pypi/p2/json"]


@pytest.mark.parametrize("simple", [HTML, say(answer(b"", status="406 Not Acceptable"))], ids=["html", "406"])
@pytest.mark.parametrize("api", [None, Api.SIMPLE])
def test_an_index_of_html_alone_is_one_clear_line(
    server: FaultServer, tmp_path: Path, simple: Behaviour, api: Api | None
) -> None:
    script(server, "spam", simple=simple)
    with pytest.raises(CrawlError, match="HTML has no upload times"):
        run(server, tmp_path, "spam", "eggs", api=api)
    assert not (tmp_path / "current").exists()


def test_a_root_in_html_names_the_way_around_it(server: FaultServer, tmp_path: Path) -> None:
    server.scripts["/simple/"] = [HTML]
    with pytest.raises(CrawlError, match=r"HTML has no upload times.*--projects"):
        run(server, tmp_path)


def test_html_among_pages_costs_its_project_alone(server: FaultServer, tmp_path: Path) -> None:
    script(server, "spam", simple=page("spam", "spam-1.0.tar.gz"))
    script(server, "eggs", simple=HTML)
    summary = run(server, tmp_path, "spam", "eggs", api=Api.SIMPLE)
    assert (summary.outcomes, summary.failures) == ({"failed": 1, "found": 1}, {"html": 1})


def test_one_page_of_html_in_an_outage_is_no_index_of_html(server: FaultServer, tmp_path: Path) -> None:
    script(server, "spam", simple=say(answer(b"", status="503 Gone to lunch")))
    script(server, "eggs", simple=HTML)
    with pytest.raises(
        CrawlError, match=r"none of the 2 projects asked for had a usable answer.*1 x html.*1 x http-503"
    ):
        run(server, tmp_path, "spam", "eggs", api=Api.SIMPLE)


def announced(server: FaultServer, count: int = 40) -> list[str]:
    """An index whose JSON documents have lost their releases."""
    names = [f"p{number:02}" for number in range(count)]
    for name in names:
        script(server, name, doc=without_releases(name), simple=page(name, f"{name}-1.0.tar.gz"))
    return names


def test_documents_without_releases_are_not_chosen(server: FaultServer, tmp_path: Path) -> None:
    assert run(server, tmp_path, *announced(server)).outcomes == {"found": 40}
    assert kept(tmp_path) == "simple"


def test_documents_without_releases_name_the_other_api(server: FaultServer, tmp_path: Path) -> None:
    names = announced(server)
    with pytest.raises(CrawlError, match=r"have no `releases`; nothing is committed, ask with --api simple") as caught:
        run(server, tmp_path, *names, api=Api.JSON)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "current").exists()
    assert run(server, tmp_path, *names, api=Api.SIMPLE).outcomes == {"found": 40}


def test_the_night_on_which_documents_lose_their_releases(
    server: FaultServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = [f"p{number:02}" for number in range(40)]
    for name in names:
        script(server, name, doc=whole(name), simple=page(name, f"{name}-1.0.tar.gz"))
    run(server, tmp_path, *names)
    announced(server)
    caplog.set_level(logging.INFO, "audit")
    night = run(server, tmp_path, *names, at=START + timedelta(days=1))
    assert (night.outcomes, night.events) == ({"found": 40}, {})
    assert asked_through(tmp_path) == ["json"] * 40 + ["simple"] * 40
    assert "is asked through its Index API: its JSON documents have no `releases`" in caplog.text
    assert kept(tmp_path) == "simple"


def test_one_document_without_releases_is_one_failed_project(server: FaultServer, tmp_path: Path) -> None:
    for name in ("eggs", "spam"):
        script(server, name, doc=whole(name))
    run(server, tmp_path, "eggs", "spam")
    script(server, "spam", doc=without_releases("spam"))
    with pytest.raises(CrawlError, match="no-releases"):  # all that was asked for, but the index still has them
        run(server, tmp_path, "spam", at=START + timedelta(days=1))
    summary = run(server, tmp_path, "spam", "eggs", at=START + timedelta(days=1))
    assert summary.failures == {"no-releases": 1}
    assert kept(tmp_path) == "json"


def test_a_newer_minor_is_warned_of_once(server: FaultServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("eggs", "spam"):
        script(server, name, simple=page(name, f"{name}-1.0.tar.gz", meta={"api-version": "1.99"}))
    assert run(server, tmp_path, "eggs", "spam", api=Api.SIMPLE).outcomes == {"found": 2}
    [warning] = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warning.startswith("the index speaks version 1.99 of the Index API, this program knows 1.")


def test_a_newer_major_is_refused(server: FaultServer, tmp_path: Path) -> None:
    script(server, "spam", simple=page("spam", "spam-1.0.tar.gz", meta={"api-version": "2.0"}))
    with pytest.raises(CrawlError, match="api-version"):
        run(server, tmp_path, "spam", api=Api.SIMPLE)
    server.scripts["/simple/"] = [say(answer(b'{"meta": {"api-version": "2.0"}, "projects": []}'))]
    with pytest.raises(CrawlError, match="api-version"):
        run(server, tmp_path)


@pytest.mark.parametrize(("length", "count"), [(0, 10), (1, 10), (9, 10), (10, 10), (11, 10), (25, 10), (1000, 10)])
def test_some_are_from_all_over_the_list(length: int, count: int) -> None:
    names = [NormalizedName(str(number)) for number in range(length)]
    found = spread(names, count)
    assert len(found) <= count
    assert found[:1] == names[:1]
    assert length <= count or int(found[-1]) > length / 2
