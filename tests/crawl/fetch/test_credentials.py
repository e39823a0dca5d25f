"""Which name and password go with which request: by origin, then netrc, then the keyring, as in pip."""

import json
import logging
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

import anyio
import httpx
import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.credentials import SimpleCredential
from keyring.errors import KeyringError

from audit.crawl.fetch import Fetcher, Manners
from audit.crawl.fetch.credentials import Credentials
from audit.crawl.fetch.keyrings import Keyring, keyring_of
from audit.crawl.fetch.netrc_file import read_netrc
from audit.crawl.index import resolve_address
from audit.errors import FetchError
from audit.urls import Login
from tests.faults.server import running
from tests.transport import HandledTransport

ROOT = "https://index.test/simple/"
NETRC = {"index.test": ("bob", "net"), "": ("any", "body")}


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def none(_service: str, _name: str | None) -> None:
    return None


def header(url: str, *logins: Login, netrc: Mapping[str, tuple[str, str]] | None = None) -> str | None:
    return Credentials(logins, netrc or {}, none).header(url)


LOGIN = Login(ROOT, "me", "x")


@pytest.mark.parametrize(
    ("url", "is_signed"),
    [
        ("https://index.test/simple/spam/", True),
        ("https://index.test/pypi/spam/json", True),
        ("http://index.test/simple/spam/", False),
        ("https://index.test:8443/simple/spam/", False),
        ("https://index.test.evil.test/simple/spam/", False),
        ("https://index.test@evil.test/simple/spam/", False),
        ("https://evil.test/https://index.test/simple/", False),
    ],
)
def test_a_login_is_for_its_origin(url: str, is_signed: bool) -> None:
    assert header(url, LOGIN, netrc=NETRC) == (basic("me", "x") if is_signed else None)


def test_each_root_has_its_own_login() -> None:
    other, same = Login("https://other.test/j/", "you", "y"), Login("https://index.test/j/", "you", "y")
    assert header("https://other.test/j/spam/json", LOGIN, other) == basic("you", "y")
    assert header("https://other.test/j/spam/json", LOGIN, Login("https://other.test/j/")) is None
    assert header("https://index.test/j/spam/json", LOGIN, same) == basic("you", "y")
    assert header("https://index.test/simple/spam/", LOGIN, same) == basic("me", "x")


@pytest.mark.parametrize(
    ("login", "sent"),
    [
        (Login(ROOT), ("bob", "net")),
        (Login(ROOT, "me"), ("bob", "net")),
        (Login(ROOT, "me", ""), ("me", "")),
        (Login(ROOT, "me", "x"), ("me", "x")),
        (Login("https://other.test/", "token"), ("any", "body")),
        (Login("https://other.test/", "token", is_own=False), ("token", "")),
        (Login("https://other.test/", is_own=False), None),
        (Login(ROOT, is_own=False), ("bob", "net")),
        (Login("https://index.test:8443/", is_own=False), ("bob", "net")),
        (Login("http://index.test/"), ("bob", "net")),
        (Login("http://index.test/", is_own=False), None),
        (Login("http://index.test:8443/", "me", is_own=False), ("me", "")),
        (Login("http://index.test/", "me", "x", is_own=False), ("me", "x")),
    ],
)
def test_netrc_fills_what_an_address_leaves_open_where_it_may(login: Login, sent: tuple[str, str] | None) -> None:
    assert header(f"{login.root}spam/", login, netrc=NETRC) == (basic(*sent) if sent else None)


def test_a_password_that_is_held_back_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    header("http://index.test/", Login("http://index.test/", is_own=False), netrc=NETRC)
    assert "http://index.test/, which a settings file names" in caplog.text


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_netrc_is_found_and_read_as_pip_does(home: Path) -> None:
    assert read_netrc({}) == {}
    (home / "_netrc").write_text("machine a.test login me password x")
    assert read_netrc({}) == {"a.test": ("me", "x")}
    (home / ".netrc").write_text("machine b.test account me password x default login you")
    (home / ".netrc").chmod(0o644)
    assert read_netrc({}) == {"b.test": ("me", "x"), "": ("you", "")}
    assert read_netrc({"NETRC": "~/_netrc"}) == {"a.test": ("me", "x")}
    assert read_netrc({"NETRC": str(home / "none")}) == {}


@pytest.mark.parametrize("text", [b"machine h login me s3cret", b"s3cret", b"machine h login \xff\xfe password s3cret"])
def test_a_netrc_that_does_not_read_is_one_line(home: Path, text: bytes, caplog: pytest.LogCaptureFixture) -> None:
    (home / ".netrc").write_bytes(text)
    read_netrc({})
    (home / ".netrc").unlink()
    (home / ".netrc").mkdir()
    assert read_netrc({}) == {}
    assert caplog.messages[-1] == f"{home}/.netrc cannot be read (Is a directory): no password is taken from it"
    assert "s3cret" not in caplog.text


class Ring(KeyringBackend):
    """A keyring of one password; it keeps what it was asked."""

    priority = 1
    service = "index.test:8443"

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's own
        self.asked: list[tuple[str, str | None]] = []

    def get_password(self, service: str, username: str) -> str | None:
        raise NotImplementedError

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def get_credential(self, service: str, username: str | None) -> SimpleCredential | None:
        self.asked.append((service, username))
        if service == "broken":
            raise KeyringError("no keyring at http://u:s3cret@host")
        return SimpleCredential(username or "ring", "pass") if service == self.service else None


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def ask(login: Login, good: str | None, ring: Keyring, pages: int = 3) -> tuple[list[str | None], list[object]]:
    """What is sent to an index that only takes one header, and how it ends, for pages that are asked for at once."""
    sent: list[str | None] = []
    ended: list[object] = []

    def index(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("Authorization"))
        return httpx.Response(200 if sent[-1] == good else 401)

    async def run() -> None:
        fetcher = Fetcher(HandledTransport(index), Manners(), Credentials([login], {}, ring))

        async def one(number: int) -> None:
            try:
                ended.append((await fetcher.get(f"{login.root}{number}/", accept="a/b")).status)
            except FetchError as fault:
                ended.append(fault.reason)

        async with anyio.create_task_group() as group:
            for number in range(pages):
                group.start_soon(one, number)

    anyio.run(run)
    return sent, ended


def test_the_keyring_is_asked_once_and_only_after_a_refusal(ring: Ring) -> None:
    login = Login("https://index.test:8443/simple/", "me")
    sent, ended = ask(login, basic("me", "pass"), keyring_of({}))
    assert ended == [200] * 3
    assert set(sent) == {basic("me", ""), basic("me", "pass")}
    assert ring.asked == [(login.root, "me"), ("index.test:8443", "me")], "the address, then its host: as pip"
    ring.asked.clear()
    assert ask(login, basic("me", ""), keyring_of({})) == ([basic("me", "")] * 3, [200] * 3)
    assert ring.asked == []


@pytest.mark.parametrize(
    ("login", "is_asked"),
    [
        (Login("https://index.test:8443/"), True),
        (Login("https://index.test:8443/", is_own=False), True),
        (Login("http://index.test:8443/"), True),
        (Login("http://index.test:8443/", is_own=False), False),
        (Login("https://index.test:8443/", "me", "x"), False),
    ],
)
def test_whom_the_keyring_serves(ring: Ring, login: Login, is_asked: bool) -> None:
    sent, ended = ask(login, basic("ring", "pass"), keyring_of({}), pages=1)
    assert ended == [200 if is_asked else "http-401"]
    assert bool(ring.asked) is is_asked
    assert len(sent) == 1 + is_asked


def test_a_password_of_the_keyring_that_is_wrong_ends_it(ring: Ring) -> None:
    sent, ended = ask(Login("https://index.test:8443/"), "never", keyring_of({}))
    assert (ended, len(ring.asked)) == (["http-401"] * 3, 2)
    assert len(sent) == 6


def test_a_keyring_that_fails_is_one_line(ring: Ring, caplog: pytest.LogCaptureFixture) -> None:
    assert keyring_of({})("broken", None) is None
    assert caplog.messages == [
        "the keyring cannot be asked (no keyring at http://****@host): no password is taken from it"
    ]


def test_which_provider_is_asked(ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def providers() -> list[tuple[str, str] | None]:
        names = ("auto", "import", "subprocess", "disabled")
        return [keyring_of({"keyring-provider": name})("index.test:8443", "me") for name in names]

    program, arguments = tmp_path / "keyring", tmp_path / "arguments"
    answer = json.dumps({"username": "me", "password": "program"})
    program.write_text(f"#!/bin/sh\necho \"$@\" > {arguments}\n[ $4 = index.test:8443 ] && echo '{answer}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert providers() == [("me", "pass"), ("me", "pass"), ("me", "program"), None]
    assert arguments.read_text() == "--mode=creds --output=json get index.test:8443 me\n"
    assert keyring_of({"keyring-provider": "subprocess"})("other.test", None) is None
    assert keyring_of({"no-input": "1"})("index.test:8443", "me") is None
    assert keyring_of({"no-input": "1", "keyring-provider": "import"})("index.test:8443", "me") == ("me", "pass")
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert providers() == [("me", "program"), None, ("me", "program"), None]
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert providers() == [None] * 4


def test_the_logins_of_an_address_are_those_of_its_two_roots(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    address = resolve_address("https://me:a@index.test/simple", "http://json.test/pypi")
    netrc = {"json.test": ("bob", "net")}
    assert header(f"{address.json}spam/json", *address.logins, netrc=netrc) == basic("bob", "net")
    assert header(f"{address.simple}spam/", *address.logins, netrc=netrc) == basic("me", "a")
    assert header(f"{address.json}spam/json", *address.logins) is None


HOST_ENTRY = "machine 127.0.0.1 login bob password net"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("login", "entries"),
    [
        *((login, HOST_ENTRY) for login in ("", "me@", "me:@", "me:x@", ":x@")),
        *((login, "default login any password body") for login in ("", "me@")),
        *((login, "") for login in ("", "me@", "m%40e:%2F%3F@")),
    ],
)
def test_the_first_request_is_signed_as_pip_signs_it(
    login: str, entries: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".netrc").write_text(entries)
    (home / ".netrc").chmod(0o644)
    for name in ("NETRC", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with running() as server:
        url = server.root.replace("://", f"://{login}")
        asking = [
            "download",
            "--quiet",
            "--retries=0",
            "--no-input",
            "--no-deps",
            "--dest",
            str(home),
            "--index-url",
            url,
        ]
        subprocess.run([sys.executable, "-m", "pip", *asking, "spam"], check=False, capture_output=True)
        found = re.search(r"^authorization: (.*?)\r?$", server.heads[0], re.MULTILINE | re.IGNORECASE)
    address = resolve_address(url)
    assert header(f"{address.simple}spam/", *address.logins, netrc=read_netrc({})) == (found and found[1])
