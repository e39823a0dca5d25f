"""Secrets and addresses: where a password is sent, and where it is shown."""

from collections.abc import Callable, Sequence
from typing import Final

from tests.attack.case import SECRET, Case, Place, Section
from tests.faults.documents import heal
from tests.faults.server import answer, say

ADDRESSES: Final = Section.ADDRESSES
AT: Final = ("--dataset", "{data}", "--project", "spam", "--project", "eggs")
NETRC: Final = {"NETRC": "{data}.netrc"}
PROXY: Final = {"HTTP_PROXY": f"http://me:{SECRET}@127.0.0.1:{{port}}"}


def healthy(place: Place) -> None:
    """Both projects, for every client."""
    heal(place.server, "spam", "eggs")


def redirecting(place: Place) -> None:
    """One project leads to another host."""
    heal(place.server, "eggs")
    place.server.script("spam", say(answer(b"", "Location: http://localhost:9/", status="302 Found")))


def refusing(place: Place) -> None:
    """An index that wants other credentials."""
    for name in ("spam", "eggs"):
        place.server.script(name, say(answer(b"", status="401 Unauthorized")))


def proxy(place: Place) -> None:
    """A proxy that wants other credentials."""
    for path in ("/simple/", "/simple/spam/", "/pypi/spam/json", "/pypi/eggs/json"):
        refusal = say(answer(b"", status="407 Proxy Authentication Required"))
        place.server.scripts[f"http://index.invalid{path}"] = [refusal]


def settings(text: str) -> Callable[[Place], None]:
    """A settings file in the working folder, as a clone may bring one; and a netrc of the user's for its host."""

    def set_up(place: Place) -> None:
        healthy(place)
        (place.folder / "release-audit.toml").write_text(place.filled(text))
        place.data.with_name("data.netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")

    return set_up


def no_password(place: Place) -> Sequence[str]:
    """No host was sent a password."""
    return [f"a password was sent: {head}" for head in place.server.heads if "authorization" in head.lower()]


def only_to_the_named_origin(place: Place) -> Sequence[str]:
    """The index's password goes to the index, not to the JSON API on another host."""
    other = [head for head in place.server.heads if f"localhost:{place.server.port}" in head]
    sent = [f"a password was sent: {head}" for head in other if "authorization" in head.lower()]
    return sent if other else ["nobody was asked"]


def asked_here(place: Place) -> Sequence[str]:
    """The JSON API of an index at a host's root is on that host."""
    return [] if "/pypi/spam/json" in place.server.asked else ["the index's own host was not asked"]


CASES: Final = [
    Case(
        "a password for an index at a host's root",
        ADDRESSES,
        ["crawl", "--index-url", "http://me:{secret}@127.0.0.1:{port}", *AT],
        0,
        "2 found",
        healthy,
        look=asked_here,
        is_quick=True,
    ),
    Case(
        "`--json-url` on another host than the index that has a password",
        ADDRESSES,
        ["crawl", "--index-url", "{login}", "--json-url", "http://localhost:{port}/pypi/", *AT],
        0,
        "2 found",
        healthy,
        look=only_to_the_named_origin,
        is_quick=True,
    ),
    Case(
        "an index that refuses its password",
        ADDRESSES,
        ["crawl", "--index-url", "{login}", *AT],
        3,
        "credentials",
        refusing,
    ),
    Case(
        "an index that redirects to another host, with `--verbose`",
        ADDRESSES,
        ["crawl", "-v", "--api", "json", "--index-url", "{login}", *AT],
        4,
        "1 x foreign-redirect",
        redirecting,
    ),
    Case(
        "a proxy that refuses its password",
        ADDRESSES,
        ["crawl", "--index-url", "http://index.invalid/simple/", *AT],
        3,
        "the proxy wants credentials",
        proxy,
        PROXY,
        is_quick=True,
    ),
    Case(
        "the same proxy, asked by `doctor`",
        ADDRESSES,
        ["doctor", "index", "--index-url", "http://index.invalid/simple/", "--project", "spam", "--format", "csv"],
        1,
        "http-407",
        proxy,
        PROXY,
    ),
    *(
        Case(
            f"a password with a bare `{sign}`, given to `{words[0]}`",
            ADDRESSES,
            [*words, f"http://me:{sign}{{secret}}@127.0.0.1/simple/", *more],
            code,
            message,
        )
        for sign in "/?#"
        for words, more, code, message in (
            (["crawl", "--index-url"], AT, 2, "can be read in two ways"),
            (["config", "--index-url"], (), 0, "http://****"),
        )
    ),
    Case(
        "a settings file's http address, and a netrc for its host",
        ADDRESSES,
        ["crawl", *AT],
        0,
        "2 found",
        settings('index-url = "{index}"\n'),
        NETRC,
        look=no_password,
    ),
    Case(
        "a settings file that leads the crawl elsewhere",
        ADDRESSES,
        ["crawl", "--index-url", "{index}", "--project", "spam"],
        2,
        "leads out of the file's folder",
        settings('dataset = "../precious"\n'),
        is_quick=True,
    ),
]
