"""The crawl finds a package where `pip install` does, and refuses where pip does: compared with real pip."""

import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from audit.cli import main
from tests.faults.documents import FAULTY, document, file
from tests.faults.proxy import Proxy, proxying
from tests.faults.server import FaultServer, answer, running, say

DOCS = Path(__file__).parents[2] / "docs"
HOST = "packages.example.org"  # found by the proxy alone
LOOPBACK_HOST = "127.0.0.1"
SECRET = "pa55word"
WHEEL = "spam-1.0-py3-none-any.whl"
REFUSED, UNUSABLE = 3, 2


@dataclass
class Place:
    """Servers, proxies and files, and what pip's configuration calls them."""

    folder: Path
    servers: dict[str, FaultServer]
    proxies: dict[str, Proxy]
    words: dict[str, str] = field(default_factory=dict)

    def index(self, server: str, host: str) -> str:
        scheme = "http" if server == "plain" else "https"
        port = f":{self.servers[server].port}" if host == LOOPBACK_HOST else ""
        return f"{scheme}://{host}{port}/simple/"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, trustme.CA]:
    """Bundles and certificates: ``ca.pem`` is the issuer of the servers' certificates, and of ``me.pem``."""
    folder = tmp_path_factory.mktemp("certificates")
    authority, other = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    other.cert_pem.write_to_path(str(folder / "other.pem"))
    mine = authority.issue_cert("me@example.org")
    mine.private_key_and_cert_chain_pem.write_to_path(str(folder / "me.pem"))
    other.issue_cert("me@example.org").private_key_and_cert_chain_pem.write_to_path(str(folder / "stranger.pem"))
    mine.cert_chain_pems[0].write_to_path(str(folder / "keyless.pem"))
    key = load_pem_private_key(mine.private_key_pem.bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(SECRET.encode()))
    (folder / "locked.pem").write_bytes(locked + mine.cert_chain_pems[0].bytes())
    (folder / "hashed").mkdir()
    name = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", folder / "ca.pem"], capture_output=True, text=True, check=True
    )
    (folder / "hashed" / f"{name.stdout.strip()}.0").symlink_to(folder / "ca.pem")
    return folder, authority


@pytest.fixture
def place(certificates: tuple[Path, trustme.CA], tmp_path: Path, no_leak: None) -> Iterator[Place]:
    folder, authority = certificates
    plain, mutual = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for context in (plain, mutual):
        authority.issue_cert(LOOPBACK_HOST, HOST).configure_cert(context)
    authority.configure_trust(mutual)
    mutual.verify_mode = ssl.CERT_REQUIRED
    with running(plain) as tls, running(mutual) as wants, running() as http:
        servers = {"tls": tls, "mutual": wants, "plain": http}
        for server in servers.values():
            fill(server)
        ports = {HOST: tls.port, LOOPBACK_HOST: tls.port}
        with proxying(ports) as open_, proxying(ports, f"me:{SECRET}") as locked:
            proxies = {"open": open_, "locked": locked}
            words = {path.stem: str(path) for path in folder.iterdir()}
            words |= {f"{name}_proxy": f"127.0.0.1:{proxy.port}" for name, proxy in proxies.items()}
            words |= {
                "port": str(tls.port),
                "plain_proxy": f"127.0.0.1:{http.port}",
                "missing": str(tmp_path / "missing.pem"),
            }
            yield Place(tmp_path, servers, proxies, words)


def fill(server: FaultServer) -> None:
    """One project, as pip and the crawl ask for it, of the server itself or through it."""
    body = {
        "meta": {"api-version": "1.1"},
        "name": FAULTY,
        "files": [{"filename": WHEEL, "url": f"/files/{WHEEL}", "hashes": {}, "core-metadata": True}],
    }
    page = answer(json.dumps(body).encode(), kind="application/vnd.pypi.simple.v1+json")
    metadata = answer(b"Metadata-Version: 2.1\nName: spam\nVersion: 1.0\n", kind="text/plain")
    released = answer(document(FAULTY, file(WHEEL, packagetype="bdist_wheel")))
    for root in ("", f"http://{HOST}"):
        server.scripts[f"{root}/simple/spam/"] = [say(page)]
        server.scripts[f"{root}/files/{WHEEL}.metadata"] = [say(metadata)]
        server.scripts[f"{root}/pypi/spam/json"] = [say(released)]


@dataclass(frozen=True)
class Case:
    """A configuration, and its result: ``message`` is what the crawl says, if both refuse."""

    name: str
    conf: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    server: str = "tls"
    host: str = LOOPBACK_HOST
    message: str | None = None
    code: int = REFUSED
    through: str | None = None


UNTRUSTED = r"the certificate of the server is refused \(.*\): name a bundle"
UNSHOWN = r"the server does not talk to us \(.*\): name the certificate that it wants in pip's client-cert"
NO_BUNDLE = r"\.pem is not a bundle of certificates \(No such file or directory\): name a PEM file or a folder"
PASSWORD_WANTED = "the proxy answered 407.*put a name and a password in its address"
TRUSTED = "[global]\ncert = {ca}\n"

CERTIFICATES = [
    Case("nothing is configured", message=UNTRUSTED),
    Case("cert in pip.conf", "[global]\ncert = {ca}\n"),
    Case("cert of another authority", "[global]\ncert = {other}\n", message=UNTRUSTED),
    Case("cert of pip install beats the one for all", "[install]\ncert = {ca}\n[global]\ncert = {missing}\n"),
    Case("PIP_CERT", variables={"PIP_CERT": "{ca}"}),
    Case("PIP_CERT beats pip.conf", "[install]\ncert = {missing}\n", {"PIP_CERT": "{ca}"}),
    Case("a folder", variables={"PIP_CERT": "{hashed}"}),
    Case("no such bundle", "[global]\ncert = {missing}\n", message=NO_BUNDLE, code=UNUSABLE),
    Case("SSL_CERT_FILE is the system's store", variables={"SSL_CERT_FILE": "{ca}"}),
    Case("SSL_CERT_DIR is the system's store", variables={"SSL_CERT_DIR": "{hashed}"}),
    Case("a bundle is trusted besides the store", "[global]\ncert = {other}\n", {"SSL_CERT_FILE": "{ca}"}),
    Case("REQUESTS_CA_BUNDLE", variables={"REQUESTS_CA_BUNDLE": "{ca}"}),
    Case("CURL_CA_BUNDLE", variables={"CURL_CA_BUNDLE": "{ca}"}),
    Case("REQUESTS_CA_BUNDLE first", variables={"REQUESTS_CA_BUNDLE": "{ca}", "CURL_CA_BUNDLE": "{missing}"}),
    Case("REQUESTS_CA_BUNDLE beats cert", "[global]\ncert = {missing}\n", {"REQUESTS_CA_BUNDLE": "{ca}"}),
    Case(
        "REQUESTS_CA_BUNDLE beats PIP_CERT",
        variables={"PIP_CERT": "{ca}", "REQUESTS_CA_BUNDLE": "{missing}"},
        message=NO_BUNDLE,
        code=UNUSABLE,
    ),
    Case(
        "REQUESTS_CA_BUNDLE is of no interest to a proxy of pip",
        "[global]\nproxy = {open_proxy}\n",
        {"REQUESTS_CA_BUNDLE": "{ca}"},
        host=HOST,
        message=UNTRUSTED,
        through="open",
    ),
]

MUTUAL = [
    Case("no certificate to show", TRUSTED, server="mutual", message=UNSHOWN),
    Case("client-cert", TRUSTED + "client-cert = {me}\n", server="mutual"),
    Case("PIP_CLIENT_CERT", TRUSTED, {"PIP_CLIENT_CERT": "{me}"}, server="mutual"),
    Case("client-cert of a stranger", TRUSTED + "client-cert = {stranger}\n", server="mutual", message=UNSHOWN),
    Case(
        "no such client-cert",
        TRUSTED + "client-cert = {missing}\n",
        server="mutual",
        message=r"client-cert of pip .*missing\.pem cannot be used \(No such file or directory\)",
        code=UNUSABLE,
    ),
    Case(
        "a client-cert without its key",
        TRUSTED + "client-cert = {keyless}\n",
        server="mutual",
        message=r"client-cert of pip .*keyless\.pem cannot be used \(.*\): name a PEM file",
        code=UNUSABLE,
    ),
    Case("client-cert and trusted-host", "[global]\nclient-cert={me}\ntrusted-host=127.0.0.1\n", server="mutual"),
]

HOSTS = [
    Case("trusted-host", "[global]\ntrusted-host = 127.0.0.1\n"),
    Case("trusted-host with its port", "[global]\ntrusted-host = 127.0.0.1:{port}\n"),
    Case("trusted-host with another port", "[global]\ntrusted-host = 127.0.0.1:443\n", message=UNTRUSTED),
    Case("trusted-host is another", "[global]\ntrusted-host = 127.0.0.11 example.org\n", message=UNTRUSTED),
    Case("several, over lines", "[global]\ntrusted-host =\n  example.org\n  127.0.0.1\n"),
    Case("PIP_TRUSTED_HOST", variables={"PIP_TRUSTED_HOST": "example.org 127.0.0.1"}),
    Case(
        "trusted-host through a proxy",
        "[global]\ntrusted-host = packages.example.ORG\nproxy = {open_proxy}\n",
        host=HOST,
        through="open",
    ),
    Case(
        "trusted-host is not a host",
        "[global]\ntrusted-host = 127.0.0.1:port\n",
        message=r"trusted-host of pip .*'127\.0\.0\.1:port' is not a host: give HOST or HOST:PORT",
        code=UNUSABLE,
    ),
]

LOCKED = f"http://me:{SECRET}@{{locked_proxy}}"
PROXIES = [
    Case("proxy in pip.conf", TRUSTED + "proxy = http://{open_proxy}\n", host=HOST, through="open"),
    Case("a proxy without a scheme", TRUSTED + "proxy = {open_proxy}\n", host=HOST, through="open"),
    Case("PIP_PROXY", TRUSTED + "proxy = {locked_proxy}\n", {"PIP_PROXY": "{open_proxy}"}, host=HOST, through="open"),
    Case("HTTPS_PROXY", TRUSTED, {"HTTPS_PROXY": "{open_proxy}"}, host=HOST, through="open"),
    Case("ALL_PROXY", TRUSTED, {"ALL_PROXY": "http://{open_proxy}"}, host=HOST, through="open"),
    Case(
        "a proxy of pip beats the environment's",
        TRUSTED + "proxy = {open_proxy}\n",
        {"HTTPS_PROXY": "{locked_proxy}"},
        host=HOST,
        through="open",
    ),
    Case("NO_PROXY", TRUSTED, {"HTTPS_PROXY": "{locked_proxy}", "NO_PROXY": "127.0.0.1"}),
    Case("NO_PROXY is a network", TRUSTED, {"HTTPS_PROXY": "{locked_proxy}", "NO_PROXY": "127.0.0.0/8"}),
    Case("NO_PROXY is another host", TRUSTED, {"HTTPS_PROXY": "{open_proxy}", "NO_PROXY": "a.org"}, through="open"),
    Case(
        "NO_PROXY is of no interest to a proxy of pip",
        TRUSTED + "proxy = {open_proxy}\n",
        {"NO_PROXY": "127.0.0.1"},
        through="open",
    ),
    Case("no-proxy-env", TRUSTED + "no-proxy-env = yes\n", {"HTTPS_PROXY": "{locked_proxy}"}),
    Case("a proxy's password", TRUSTED + f"proxy = {LOCKED}\n", host=HOST, through="locked"),
    Case("a password in the environment", TRUSTED, {"HTTPS_PROXY": LOCKED}, host=HOST, through="locked"),
    Case("the proxy wants a password", TRUSTED + "proxy = {locked_proxy}\n", host=HOST, message=PASSWORD_WANTED),
    Case(
        "the proxy's password is wrong",
        TRUSTED + f"proxy = http://me:not-{SECRET}@{{locked_proxy}}\n",
        host=HOST,
        message=PASSWORD_WANTED,
    ),
    Case(
        "plain http",
        "[global]\nproxy = {plain_proxy}\ntrusted-host = packages.example.org\n",
        server="plain",
        host=HOST,
    ),
    Case(
        "a proxy that cannot be parsed",
        TRUSTED + f"proxy = http://me:{SECRET}@127.0.0.1:port\n",
        message=r"proxy of pip .* cannot be parsed: set it to http://HOST:PORT",
        code=UNUSABLE,
    ),
    Case(
        "a configuration that cannot be parsed",
        f"[global\nproxy = http://me:{SECRET}@127.0.0.1:9\n",
        message=r"pip's configuration .*pip\.conf, line 1 cannot be parsed",
        code=UNUSABLE,
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("case", [*CERTIFICATES, *MUTUAL, *HOSTS, *PROXIES], ids=lambda case: case.name)
def test_the_crawl_goes_where_pip_goes(
    case: Case, place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(case, place, monkeypatch)
    index = place.index(case.server, case.host)
    pip = pip_install(index)
    pip_asked = take_asked(place)
    code, output = crawl(index, place.folder / "data", monkeypatch, capsys)
    assert (pip.returncode == 0) is (case.message is None), pip.stdout + pip.stderr
    assert code == (0 if case.message is None else case.code), output
    assert pip_asked == ({case.through} if case.through else set())
    assert take_asked(place) == pip_asked
    assert SECRET not in output
    if case.message is not None:
        [line] = [line for line in output.splitlines() if line.startswith("release-audit:")]
        assert re.search(case.message, line), line
        assert "Traceback" not in output


@pytest.mark.slow
def test_the_configuration_that_the_page_shows(
    place: Place,
    certificates: tuple[Path, trustme.CA],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    [shown] = re.findall(r"```ini\n(.*?)```", (DOCS / "private-index.md").read_text("utf-8"), re.DOTALL)
    with proxying({HOST: place.servers["mutual"].port}) as proxy:
        words = {
            "/etc/ssl/ours.pem": "{ca}",
            "~/.config/me.pem": "~/me.pem",
            "proxy.example.org:3128": f"127.0.0.1:{proxy.port}",
        }
        for word, here in words.items():
            assert word in shown
            shown = shown.replace(word, here)
        configure(Case("the page", shown), place, monkeypatch)
        (place.folder / "me.pem").symlink_to(certificates[0] / "me.pem")  # in the home folder of this test
        assert pip_install(None).returncode == 0
        assert proxy.asked
        proxy.asked.clear()
        code, output = crawl(None, place.folder / "data", monkeypatch, capsys)
        assert (code, len(proxy.asked)) == (0, 1), output


def test_the_page_has_every_setting_that_is_held_here() -> None:
    page = (DOCS / "private-index.md").read_text("utf-8")
    for name in ("cert", "client-cert", "trusted-host", "proxy", "no-proxy-env"):
        assert f"| `{name}` | `PIP_{name.upper().replace('-', '_')}` |" in page


def test_a_host_that_is_not_checked_is_reported_once(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(Case("", "[global]\ntrusted-host = 127.0.0.1\n"), place, monkeypatch)
    index = place.index("tls", LOOPBACK_HOST)
    code, output = crawl(index, place.folder / "data", monkeypatch, capsys, "--project", "eggs", "--project", "ham")
    assert code == 0, output
    assert len(place.servers["tls"].asked) > 2, "several requests, one line"
    line = (
        f"release-audit: certificates of {index.removesuffix('/simple/')} are not checked: trusted-host of pip names it"
    )
    assert output.splitlines().count(line) == 1, output


def test_a_host_that_is_not_checked_has_no_proxy_over_https(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = "[global]\ntrusted-host = packages.example.org\nproxy = https://{open_proxy}\n"
    configure(Case("", conf), place, monkeypatch)
    code, output = crawl(place.index("tls", HOST), place.folder / "data", monkeypatch, capsys)
    assert (code, place.proxies["open"].asked) == (REFUSED, [])
    assert "an https proxy cannot be used for it" in output


def test_a_key_with_a_password_is_refused_and_nobody_is_asked(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(Case("", TRUSTED + "client-cert = {locked}\n"), place, monkeypatch)
    code, output = crawl(place.index("mutual", LOOPBACK_HOST), place.folder / "data", monkeypatch, capsys)
    assert code == UNUSABLE
    assert re.search(r"client-cert of pip .*locked\.pem cannot be used \(its key wants a password\)", output)


def configure(case: Case, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the case's pip.conf and variables."""
    pip_conf = place.folder / "pip.conf"
    pip_conf.write_text(case.conf.format_map(place.words))
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    variables = {
        "PIP_CONFIG_FILE": str(pip_conf),
        "HOME": str(place.folder),
        "XDG_CONFIG_DIRS": str(place.folder / "xdg"),
    }
    for name, value in (variables | case.variables).items():
        monkeypatch.setenv(name, value.format_map(place.words))


def pip_install(index: str | None) -> "subprocess.CompletedProcess[str]":
    options = ["--dry-run", "--no-deps", "--no-cache-dir", "--ignore-installed", "--no-input", "--retries", "0"]
    named = ["--index-url", index] if index else []
    command = [sys.executable, "-m", "pip", "install", *options, *named, FAULTY]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def crawl(
    index: str | None,
    dataset: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *more: str,
) -> tuple[int, str]:
    """The crawl's exit code, and what it wrote."""
    named = ["--index-url", index] if index else []
    words = ["crawl", *named, "--project", FAULTY, "--dataset", str(dataset), *more]
    monkeypatch.setattr(sys, "argv", ["release-audit", *words])
    monkeypatch.setattr(sys, "meta_path", sys.meta_path[:])  # what the program leaves out, other tests need
    with pytest.raises(SystemExit) as ended:
        main()
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out + captured.err


def take_asked(place: Place) -> set[str]:
    """The proxies that were asked, and let in who asked, since this was called last."""
    asked = {name for name, proxy in place.proxies.items() if proxy.asked}
    for proxy in place.proxies.values():
        proxy.asked.clear()
    return asked
