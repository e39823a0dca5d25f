"""What the doctor says of an index, over real sockets."""

import json
import os
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.fetch import Manners
from audit.crawl.index import resolve_address
from audit.doctor import check_index, row_of
from audit.doctor.conformance import CHECKS
from audit.errors import CrawlError
from audit.replay.server import serving
from tests.faults.documents import document
from tests.faults.server import Behaviour, FaultServer, answer, running, say
from tests.pages import file
from tests.recorded import SAMPLE

TLS = Path(__file__).parent.parent / "faults"
NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
SPAM = NormalizedName("spam")
HTML = b"<html>Welcome</html>"
UNTIMED: dict[str, Any] = {"upload-time": None}
SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "all_proxy", "PIP_CERT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", os.devnull)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as server:
        server.script_root({"spam": 1})
        server.scripts["/simple/spam/"] = [page(file("spam-1.0.tar.gz"))]
        server.scripts["/pypi/spam/json"] = [say(answer(document()))]
        yield server


def page(*files: Mapping[str, Any], kind: str = SIMPLE_JSON, name: str = "spam", **changes: Any) -> Behaviour:
    body = {"meta": {"api-version": "1.1"}, "name": name, "versions": ["1.0"], "files": files} | changes
    return say(answer(json.dumps(body).encode(), 'ETag: "x"', kind=kind))


def findings(root: str, project: NormalizedName | None = None) -> list[tuple[str, str, str]]:
    found = check_index(resolve_address(root), NOW, project)
    return [(row["verdict"], row["about"], row["finding"]) for row in map(row_of, found)]


def verdicts(root: str, project: NormalizedName | None = None) -> dict[str, tuple[str, str]]:
    return {about: (verdict, finding) for verdict, about, finding in findings(root, project)}


def crawl_outcomes(root: str, folder: Path) -> Mapping[str, int]:
    request = CrawlRequest(folder, resolve_address(root), [SPAM], None, Manners(attempts=1))
    return crawl(request, NOW).outcomes


def test_an_index_that_has_everything() -> None:
    with serving(SAMPLE) as root:
        named = findings(root, NormalizedName("numpy"))
        spread = findings(root)
    for found in (named, spread):
        assert {verdict for verdict, _, _ in found} == {"ok"}
    by_name = {about: finding for _, about, finding in named}
    assert by_name["index root"] == f"{root} lists 96 projects"
    assert by_name["Index API"].startswith("1 of 1 pages read: 4,")
    assert by_name["a crawl"] == "asks the JSON API: its documents list the releases"
    assert "3 of 3 pages read" in str(spread)


def test_every_check_has_a_specification_and_is_judged_on_the_sample() -> None:
    with serving(SAMPLE) as root:
        found = [row_of(case) for case in check_index(resolve_address(root), NOW)]
    judged = {row["about"] for row in found}
    assert {check.about for check in CHECKS} - judged == {"root names", "odd files"}, "nothing is wrong with these"
    assert all(row["spec"] for row in found)
    assert all(row["spec_url"].startswith("https://") for row in found if row["about"] != "a crawl")
    assert not any(row["effect"] for row in found)


def test_an_index_is_asked_little(server: FaultServer) -> None:
    findings(server.root)
    assert sorted(server.asked) == ["/pypi/spam/json"] * 2 + ["/simple/"] + ["/simple/spam/"] * 2


def test_so_many_projects_are_looked_at(server: FaultServer) -> None:
    names = [f"p{number}" for number in range(9)]
    server.script_root(dict.fromkeys(names, 1))
    for name in names:
        server.scripts[f"/simple/{name}/"] = [page(file(f"{name}-1.0.tar.gz"), name=name)]
    found = check_index(resolve_address(server.root), NOW, count=4)
    [finding] = [case.said for case in found if case.name == "Index API"]
    assert finding.startswith("3 of 3 pages read"), "every third of nine: no more than four"


def test_no_serials(server: FaultServer) -> None:
    server.script_root({"spam": None})
    found = verdicts(server.root)
    assert found["root serials"] == ("warn", "0 of 1 projects have a serial in the root")


@pytest.mark.parametrize(
    ("files", "verdict", "share"),
    [
        ([file("spam-1.0.tar.gz", **UNTIMED)], "fail", "0 of 1 files"),
        ([file("spam-1.0.tar.gz"), file("spam-1.0.zip", **UNTIMED)], "warn", "1 of 2 files"),
    ],
)
def test_no_upload_times(server: FaultServer, files: list[dict[str, Any]], verdict: str, share: str) -> None:
    server.scripts["/simple/spam/"] = [page(*files)]
    del server.scripts["/pypi/spam/json"]
    assert verdicts(server.root)["upload times"] == (verdict, f"{share} have an upload time")


def test_an_untimed_index_api_is_no_trouble_where_a_crawl_asks_the_other(server: FaultServer) -> None:
    server.scripts["/simple/spam/"] = [page(file("spam-1.0.tar.gz", **UNTIMED))]
    found = verdicts(server.root)
    assert found["a crawl"] == ("ok", "asks the JSON API: its documents list the releases")
    assert found["upload times"][0] == "ok"


def test_an_entity_tag_that_is_not_honoured(server: FaultServer) -> None:
    finding = "1 of 1 pages have an entity tag, 0 of them answer it with 304"
    assert verdicts(server.root)["entity tags"] == ("warn", finding)
    server.scripts["/simple/spam/"] = [page(file("spam-1.0.tar.gz")), say(b"HTTP/1.1 304 Not Modified\r\n\r\n")]
    server.heads.clear()
    assert verdicts(server.root)["entity tags"][0] == "ok"


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", "application/json", "text/html"])
def test_a_wrong_content_type_is_read_as_a_crawl_reads_it(server: FaultServer, tmp_path: Path, kind: str) -> None:
    del server.scripts["/pypi/spam/json"]
    server.scripts["/simple/spam/"] = [page(file("spam-1.0.tar.gz"), kind=kind)]
    found = verdicts(server.root)
    assert found["content type"][0] == "warn"
    assert repr(kind) in found["content type"][1]
    assert (found["Index API"][0], found["a crawl"][0]) == ("ok", "ok")
    assert crawl_outcomes(server.root, tmp_path) == {"found": 1}


def test_a_serial_in_the_body_alone_is_one(server: FaultServer) -> None:
    del server.scripts["/pypi/spam/json"]
    server.scripts["/simple/spam/"] = [page(file("spam-1.0.tar.gz"), meta={"api-version": "1.1", "_last-serial": 1})]
    found = verdicts(server.root)
    assert found["page serials"] == ("ok", "of 1 pages 0 have a serial in a header, 1 in the body")
    assert found["fresh pages"] == ("ok", "0 of 1 pages are older than the root says")
    server.script_root({"spam": 2})
    assert verdicts(server.root)["fresh pages"][0] == "warn"


@pytest.mark.parametrize(
    "raw",
    [answer(b"", status="406 Not Acceptable"), answer(HTML, kind="text/html")],
    ids=["406", "html"],
)
def test_an_index_of_html_alone_cannot_be_crawled_and_is_not(server: FaultServer, tmp_path: Path, raw: bytes) -> None:
    for path in ("/simple/", "/simple/spam/"):
        server.scripts[path] = [say(raw)]
    del server.scripts["/pypi/spam/json"]
    found = verdicts(server.root, SPAM)
    assert found["a crawl"][0] == "fail"
    with pytest.raises(CrawlError) as caught:
        crawl_outcomes(server.root, tmp_path)
    assert str(caught.value) == found["a crawl"][1], "word by word"
    assert (found["index root"][0], found["Index API"][0]) == ("warn", "fail")


def test_a_root_that_refuses_costs_the_whole_index_alone(server: FaultServer, tmp_path: Path) -> None:
    server.scripts["/simple/"] = [say(answer(b"", status="406 Not Acceptable"))]
    found = verdicts(server.root, SPAM)
    assert (found["index root"][0], found["a crawl"][0]) == ("warn", "ok")
    assert crawl_outcomes(server.root, tmp_path) == {"found": 1}


def test_without_a_list_of_projects_one_must_be_named(server: FaultServer) -> None:
    server.scripts["/simple/"] = [say(answer(b"", status="404 Not Found"))]
    assert verdicts(server.root, SPAM)["index root"][0] == "warn"
    found = verdicts(server.root)
    assert found["index root"][0] == "fail"
    assert "name one with --project" in found["a crawl"][1]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (answer(b"[]"), "cannot be read: wrong-shape"),
        (answer(b"{"), "cannot be read: not-json"),
        (answer(b"", status="503 Unavailable"), "cannot be fetched (http-503"),
        (answer(b"", status="401 Unauthorized"), "it wants credentials"),
        (answer(b"", status="403 Forbidden"), "it refuses"),
    ],
)
def test_a_root_that_cannot_be_used(server: FaultServer, raw: bytes, expected: str) -> None:
    server.scripts["/simple/"] = [say(raw)]
    assert expected in verdicts(server.root, SPAM)["index root"][1]


def test_an_index_without_a_json_api_is_crawled_by_the_other(server: FaultServer) -> None:
    del server.scripts["/pypi/spam/json"]
    found = verdicts(server.root)
    assert found["a crawl"] == ("ok", "asks the Index API: the index has no JSON API")
    assert found["JSON API"] == ("warn", "0 of 1 documents read, none is there (404)")


@pytest.mark.parametrize(
    ("version", "verdict"), [("1.1", "ok"), ("1.99", "warn"), ("2.0", "fail"), (None, "warn"), ("x", "warn")]
)
def test_the_version_of_the_api(server: FaultServer, version: str | None, verdict: str) -> None:
    server.scripts["/simple/"] = [say(answer(json.dumps({"meta": {"api-version": "1.0"}, "projects": []}).encode()))]
    server.scripts["/simple/spam/"] = [page(file("spam-1.0.tar.gz"), meta={"api-version": version})]
    assert verdicts(server.root, SPAM)["api-version"][0] == verdict


def test_a_redirect_is_counted(server: FaultServer) -> None:
    server.scripts["/simple/spam/"] = [say(answer(b"", "Location: /elsewhere", status="302 Found"))]
    server.scripts["/elsewhere"] = [page(file("spam-1.0.tar.gz"))]
    assert verdicts(server.root)["redirects"] == ("warn", "1 of 1 pages redirect to another address")


def test_both_apis_are_compared(server: FaultServer) -> None:
    assert verdicts(server.root)["both APIs agree"] == ("warn", "1 differences, such as sha256 of 'spam-1.0.tar.gz'")
    server.scripts["/simple/spam/"] = [page(file("spam-1.0.tar.gz", hashes={"sha256": "a" * 64}))]
    assert verdicts(server.root)["both APIs agree"] == ("ok", "both say the same about 1 files")
    server.scripts["/simple/spam/"] = [page(file("spam-1.0.zip", hashes={"sha256": "a" * 64}))]
    assert verdicts(server.root)["both APIs agree"][1].startswith("2 differences")


def test_nobody_listens() -> None:
    [(verdict, about, finding)] = findings("http://127.0.0.1:9/simple/")
    assert (verdict, about) == ("fail", "index root")
    assert "nothing answers there" in finding


def test_a_certificate_that_nobody_vouches_for() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "loopback.crt", TLS / "loopback.key")
    with running(context) as server:
        [(verdict, _, finding)] = findings(server.root)
    assert verdict == "fail"
    assert "name a bundle that vouches for it in pip's cert" in finding


def test_a_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://me:s3cret@127.0.0.1:9")
    [(verdict, about, finding)] = findings("http://127.0.0.1:9/simple/")
    assert (verdict, about) == ("fail", "network")
    assert "s3cret" not in finding


def test_no_password_is_ever_shown(server: FaultServer) -> None:
    root = server.root.replace("127", "me:s3cret@127", 1)
    assert "s3cret" not in str(findings(root))
    assert all("authorization: basic" in head.lower() for head in server.heads)


def test_names_that_no_project_can_have_are_reported(server: FaultServer) -> None:
    server.script_root({"spam": 1, "\x1b[31m b": 2})
    finding = "1 names that no project can have, such as '\\x1b[31m b'"
    assert verdicts(server.root)["root names"] == ("warn", finding)
