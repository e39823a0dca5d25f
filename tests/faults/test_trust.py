"""Whom the crawl trusts and what it sends: certificates, proxies, passwords; over real sockets."""

import base64
import logging
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.errors import CrawlError, UsageError
from audit.model import Summary
from tests.faults.documents import FAULTY, HEALTHY, MANNERS, PAGE, START, document, heal, rows
from tests.faults.server import Behaviour, FaultServer, answer, reset_after, running, say

FOLDER = Path(__file__).parent
# For 127.0.0.1 only, self-signed, and worth nothing: its key is public, beside it.
CERTIFICATE, KEY = FOLDER / "loopback.crt", FOLDER / "loopback.key"
SECRET = "pa55word"
BASIC = base64.b64encode(f"user:{SECRET}".encode()).decode()


@pytest.fixture(autouse=True)
def no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_CERT")


@pytest.fixture
def tls_server(no_leak: None) -> Iterator[FaultServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    with running(context) as server:
        heal(server, FAULTY)
        yield server


def crawl_at(index_url: str, dataset: Path) -> Summary:
    return crawl(CrawlRequest(dataset, resolve_address(index_url), [FAULTY], manners=MANNERS), START)


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(tls_server: FaultServer, tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match=r"(?i)1 x tls; the first: .*certificate"):
        crawl_at(tls_server.root, tmp_path)
    assert tls_server.asked == []


@pytest.mark.parametrize("variable", ["PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_bundle_that_the_environment_names_vouches(
    variable: str, tls_server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(CERTIFICATE))
    assert crawl_at(tls_server.root, tmp_path).outcomes == {"found": 1}


def test_a_certificate_of_another_host_is_refused(
    tls_server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CERT", str(CERTIFICATE))
    with pytest.raises(CrawlError, match="1 x tls"):
        crawl_at(tls_server.root.replace("127.0.0.1", "localhost"), tmp_path)


def test_https_is_never_given_up(tls_server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CERT", str(CERTIFICATE))
    plain = f"http://127.0.0.1:{tls_server.port}{PAGE}"
    tls_server.script(FAULTY, say(answer(b"", f"Location: {plain}", status="301 Moved Permanently")))
    with pytest.raises(CrawlError, match="1 x foreign-redirect"):
        crawl_at(tls_server.root, tmp_path)
    assert tls_server.asked == [PAGE]


@pytest.mark.parametrize("bundle", ["missing.pem", "empty.pem"])
def test_a_bundle_that_cannot_be_read_is_one_clear_error(
    bundle: str, tls_server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.pem").touch()
    monkeypatch.setenv("PIP_CERT", str(tmp_path / bundle))
    with pytest.raises(UsageError, match=rf"^cert of pip \(PIP_CERT.*{bundle} is not a bundle of certificates"):
        crawl_at(tls_server.root, tmp_path / "data")


def test_a_proxy_is_taken_from_the_environment(
    server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:{SECRET}@127.0.0.1:{server.port}")
    server.scripts["http://index.invalid/pypi/spam/json"] = [say(answer(document()))]
    assert crawl_at("http://index.invalid/simple/", tmp_path).outcomes == {"found": 1}
    assert f"proxy-authorization: basic {BASIC}".lower() in server.heads[0].lower()


UNUSABLE = [
    f"socks5://user:{SECRET}@127.0.0.1:9",
    f"http://user:{SECRET}@127.0.0.1:port",
    f"user@x/{SECRET}@127.0.0.1:9",
    f"http://us%3Aer:{SECRET}@127.0.0.1:9",
    f"http://user:{SECRET}%E2%82%AC@127.0.0.1:9",
]


@pytest.mark.parametrize("proxy", UNUSABLE)
def test_a_proxy_that_cannot_be_used_is_one_clear_error(
    proxy: str, server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    with pytest.raises(UsageError, match=r"HTTP_PROXY .*set it to http://HOST:PORT") as caught:
        crawl_at(server.root, tmp_path)
    assert SECRET not in str(caught.value)


SCRIPTS = [
    say(answer(document())),
    say(answer(b"", status="401 Unauthorized")),
    say(answer(b"", status="503 Service Unavailable")),
    say(answer(b"", "Location: http://localhost:9/", status="302 Found")),
    say(b"SSH-2.0-OpenSSH\r\n\r\n"),
    reset_after(b""),
]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("is_netrc", [False, True])
def test_a_password_goes_to_the_index_and_nowhere_else(
    script: Behaviour,
    is_netrc: bool,
    server: FaultServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script(FAULTY, script)
    url = server.root
    if is_netrc:
        (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login user password {SECRET}\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    else:
        url = url.replace("http://", f"http://user:{SECRET}@")
    heal(server, *HEALTHY)
    request = CrawlRequest(tmp_path / "data", resolve_address(url), [FAULTY, *HEALTHY], manners=MANNERS)
    summary = crawl(request, START)
    assert all(f"authorization: basic {BASIC}".lower() in head.lower() for head in server.heads)
    texts = [repr(summary), caplog.text, *(str(vars(record)) for record in caplog.records)]
    texts += [str(rows(tmp_path / "data", name)) for name in ("crawls", "projects.parquet", "files.parquet")]
    assert not [text for text in texts if SECRET in text or BASIC in text]


def test_without_a_netrc_entry_no_password_is_sent(
    server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heal(server, FAULTY)
    for text in (f"machine other.invalid login user password {SECRET}\n", "machine machine machine\n"):
        (tmp_path / "netrc").write_text(text)
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        crawl_at(server.root, tmp_path / "data")
    assert not any("authorization" in head.lower() for head in server.heads)


@pytest.mark.parametrize("projects", [None, [FAULTY]])
@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "407 Proxy Authentication Required"])
def test_a_lack_of_credentials_is_reported_as_such(
    status: str, projects: list[NormalizedName] | None, server: FaultServer, tmp_path: Path
) -> None:
    server.script(FAULTY, say(answer(b"", status=status)))
    server.scripts["/simple/"] = [say(answer(b"", status=status))]
    with pytest.raises(CrawlError, match="credentials") as caught:
        crawl(CrawlRequest(tmp_path, resolve_address(server.root), projects, manners=MANNERS), START)
    assert "check --index-url" not in str(caught.value)
    assert len(server.asked) == 1, "it will not pass"


def test_a_proxy_that_wants_a_password_is_reported_without_the_one_it_has(
    server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{SECRET}@127.0.0.1:{server.port}")
    server.scripts["index.invalid:443"] = [say(answer(b"", status="407 Proxy Authentication Required"), is_last=True)]
    with pytest.raises(CrawlError, match=r"the proxy answered 407.*the proxy wants credentials") as caught:
        crawl_at("https://index.invalid/simple/", tmp_path)
    assert SECRET not in str(caught.value)
    assert server.asked == ["index.invalid:443"]
