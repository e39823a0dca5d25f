"""Whatever an index's address and its redirects: only named origins are asked, each with its own login."""

from base64 import b64decode
from urllib.parse import quote, urlsplit

import anyio
import httpx
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from audit.crawl.fetch import Fetcher, Manners
from audit.crawl.fetch.credentials import Credentials
from audit.crawl.index import IndexAddress, resolve_address
from audit.errors import FetchError, IndexAddressError
from audit.model import Api
from tests.transport import HandledTransport

HOSTS = st.sampled_from(
    ["h.test", "H.TEST", "pypi", "127.0.0.1", "[::1]", "bücher.test", "h.test.evil.test", "evil.test"]
)
LOGINS = st.sampled_from(["", "me@", "me:@", "index:secret@", "json:secret@", "%40:%2F%3F@", "me:se@cret@"])
PORTS = st.sampled_from(["", ":", ":80", ":443", ":8443", ":x", ":99999"])
PATHS = st.sampled_from(
    ["", "/", "//", "/simple", "/simple/", "/a/b/simple/", "/../x", "/%2e%2e/x", "/simple/?a=b", "#c"]
)
ADDRESSES = st.tuples(st.sampled_from(["http", "https", "HTTPS"]), LOGINS, HOSTS, PORTS, PATHS).map(
    lambda parts: f"{parts[0]}://{''.join(parts[1:])}"
)
ODD = st.text("htps:/@.?#[]\\%12ae ", max_size=20).map("http://".__add__)
LOCATIONS = st.one_of(
    ADDRESSES, ODD, st.sampled_from(["/x", "//evil.test/", "?a", "\\\\evil.test/", "/\\evil.test/", "x@y"])
)

Origin = tuple[str, str, int | None]


def origin(url: str) -> Origin:
    """By another parser than the program's."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    return parts.scheme, host, parts.port or {"http": 80, "https": 443}[parts.scheme]


def asked(address: IndexAddress, locations: list[str], keyring: tuple[str, str] | None) -> list[httpx.Request]:
    """The requests for the root and a page of each API, at an index that wants a password and redirects."""
    requests: list[httpx.Request] = []

    def index(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        if len(requests) % 3 == 0:
            return httpx.Response(401)
        location = locations[len(requests) % len(locations)].encode()
        return httpx.Response(302, headers=[(b"Location", location)])

    async def run() -> None:
        netrc = {"h.test": ("netrc", "h.test")}
        credentials = Credentials(address.logins, netrc, lambda _service, _name: keyring)
        fetcher = Fetcher(HandledTransport(index), Manners(attempts=1), credentials)
        for url in (address.simple, *(address.page(api, NormalizedName("spam")) for api in Api)):
            try:
                await fetcher.get(url, accept="a/b")
            except FetchError:
                continue

    anyio.run(run)
    return requests


@given(ADDRESSES, st.none() | ADDRESSES, st.lists(LOCATIONS, min_size=1, max_size=3), st.booleans(), st.booleans())
@example("https://u:secret@wheels.example.com/", None, ["/x"], True, False)
@example("http://h.test/", "https://json:secret@h.test/", ["https://h.test/"], True, True)
@example("http://h.test", None, ["http://h.test", "http://[]@"], False, False)
def test_only_what_was_named_is_asked(
    index_url: str, json_url: str | None, locations: list[str], is_own: bool, has_keyring: bool
) -> None:
    try:
        address = resolve_address(index_url, json_url, is_own=is_own)
    except IndexAddressError:
        return
    keyring = ("keyring", "x") if has_keyring else None
    named = {origin(url): url for url in (json_url, index_url) if url}
    for request in asked(address, locations, keyring):
        at = origin(str(request.url))
        assert at in named, "an origin that nobody named"
        sent = request.headers.get("Authorization")
        if sent is None:
            continue
        name, _, _ = b64decode(sent.removeprefix("Basic ")).decode().partition(":")
        of_json = json_url is not None and at == origin(json_url)
        if name == "netrc":
            assert at[1] == "h.test"
        if name in {"netrc", "keyring"}:
            assert is_own or at[0] == "https" or of_json, "over http, to an address of a settings file"
        else:
            urls = [url for url in (index_url, json_url) if url and origin(url) == at]
            assert any(f"//{quote(name)}:" in text or f"//{quote(name)}@" in text for text in urls), "another's login"
