"""What the doctor says of an index, over real sockets."""

import json
import os
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.doctor import Verdict, check_index
from audit.index import resolve_address
from audit.replay.server import serving
from tests.faults.documents import document
from tests.faults.server import Behaviour, FaultServer, answer, running, say
from tests.pages import file
from tests.recorded import SAMPLE

TLS = Path(__file__).parent.parent / "faults"
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


def page(*files: Mapping[str, Any], kind: str = SIMPLE_JSON) -> Behaviour:
    body = {"meta": {"api-version": "1.1"}, "name": "spam", "versions": ["1.0"], "files": files}
    return say(answer(json.dumps(body).encode(), 'ETag: "x"', kind=kind))


def findings(root: str, project: NormalizedName | None = None) -> list[tuple[str, str, str]]:
    found = check_index(resolve_address(root), project)
    return [(finding.verdict.value, finding.about, finding.told) for finding in found]


def trouble(root: str, project: NormalizedName | None = None) -> list[tuple[str, str, str]]:
    return [finding for finding in findings(root, project) if finding[0] != Verdict.OK]


def test_an_index_that_has_everything() -> None:
    with serving(SAMPLE) as root:
        found = findings(root, NormalizedName("numpy"))
        first = findings(root)
    assert [(verdict, about) for verdict, about, _ in found] == [
        ("ok", "index root"),
        ("ok", "Index API"),
        ("ok", "JSON API"),
    ]
    assert found[0][2] == f"{root} lists 96 projects"
    assert found[1][2].startswith("numpy: 4,")
    assert first[1][2].startswith("aiosignal: "), "the first that the root lists"


def test_a_healthy_index_is_asked_three_times(server: FaultServer) -> None:
    assert trouble(server.root) == []
    assert server.asked == ["/simple/", "/simple/spam/", "/pypi/spam/json"]


def test_no_serials(server: FaultServer) -> None:
    server.script_root({"spam": None})
    [(verdict, about, told)] = trouble(server.root)
    assert (verdict, about) == ("warn", "index root")
    assert "no serials" in told


@pytest.mark.parametrize(
    ("files", "verdict", "told"),
    [
        ([file("spam-1.0.tar.gz", **UNTIMED)], "fail", "no upload time"),
        ([file("spam-1.0.tar.gz"), file("spam-1.0.zip", **UNTIMED)], "warn", "1 of 2 files"),
    ],
)
def test_no_upload_times(server: FaultServer, files: list[dict[str, Any]], verdict: str, told: str) -> None:
    server.scripts["/simple/spam/"] = [page(*files)]
    [found] = trouble(server.root)
    assert found[:2] == (verdict, "Index API")
    assert told in found[2]


def test_neither_tag_nor_serial(server: FaultServer) -> None:
    body = json.dumps({"meta": {}, "name": "spam", "files": []}).encode()
    server.scripts["/simple/spam/"] = [say(answer(body, kind=SIMPLE_JSON))]
    [(verdict, about, told)] = trouble(server.root)
    assert (verdict, about) == ("warn", "Index API")
    assert "entity tag" in told


def test_a_wrong_content_type(server: FaultServer) -> None:
    server.scripts["/simple/"] = [say(answer(HTML, kind="text/html; charset=utf-8"))]
    server.scripts["/simple/spam/"] = [page(file("spam-1.0.tar.gz"), kind="text/html")]
    found = trouble(server.root, SPAM)
    assert [(verdict, about) for verdict, about, _ in found] == [("fail", "index root"), ("fail", "Index API")]
    assert all(f"answers 'text/html', asked for {SIMPLE_JSON}" in told for _, _, told in found)


def test_without_a_list_of_projects_one_must_be_named(server: FaultServer) -> None:
    server.scripts["/simple/"] = [say(answer(b"", status="404 Not Found"))]
    assert [about for _, about, _ in trouble(server.root, SPAM)] == ["index root"]
    root, unnamed = trouble(server.root)
    assert root[0] == "fail"
    assert "name one with --project" in unnamed[2]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (answer(b"[]"), "does not read: wrong-shape"),
        (answer(b"{"), "does not read: not-json"),
        (answer(b"", status="503 Unavailable"), "cannot be had (http-503"),
        (answer(b"", status="401 Unauthorized"), "it wants credentials"),
        (answer(b"", status="403 Forbidden"), "it refuses: check the credentials"),
    ],
)
def test_a_root_that_cannot_be_used(server: FaultServer, raw: bytes, told: str) -> None:
    server.scripts["/simple/"] = [say(raw)]
    [(verdict, about, found)] = trouble(server.root, SPAM)
    assert (verdict, about) == ("fail", "index root")
    assert told in found


def test_an_index_without_a_json_api_is_told_how_to_be_crawled(server: FaultServer) -> None:
    del server.scripts["/pypi/spam/json"]
    [(verdict, about, told)] = trouble(server.root)
    assert (verdict, about) == ("warn", "JSON API")
    assert told.endswith("crawl with --api simple")


def test_nobody_listens() -> None:
    [(verdict, about, told)] = findings("http://127.0.0.1:9/simple/")
    assert (verdict, about) == ("fail", "index root")
    assert "nothing answers there" in told


def test_a_certificate_that_nobody_vouches_for() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "loopback.crt", TLS / "loopback.key")
    with running(context) as server:
        [(verdict, _, told)] = findings(server.root)
    assert verdict == "fail"
    assert "name a bundle that vouches for it in pip's cert" in told


def test_a_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://me:s3cret@127.0.0.1:9")
    [(verdict, about, told)] = findings("http://127.0.0.1:9/simple/")
    assert (verdict, about) == ("fail", "network")
    assert "s3cret" not in told


def test_no_password_is_ever_told(server: FaultServer) -> None:
    root = server.root.replace("127", "me:s3cret@127", 1)
    assert "s3cret" not in str(findings(root))
    assert all("authorization: basic" in head.lower() for head in server.heads)


def test_names_that_no_project_can_have_are_told(server: FaultServer) -> None:
    server.script_root({"spam": 1, "\x1b[31m b": 2})
    told = "1 names in it no project can have, such as '\\x1b[31m b': no crawl asks for them"
    assert trouble(server.root) == [("warn", "index root", told)]
