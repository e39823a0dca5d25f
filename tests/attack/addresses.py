"""Secrets and addresses: where a password goes, and who hears of it."""

from typing import Final

from tests.attack.case import SECRET, Case, Place, Section
from tests.faults.documents import heal
from tests.faults.server import answer, say

ADDRESSES: Final = Section.ADDRESSES
AT: Final = ("--dataset", "{data}", "--project", "spam", "--project", "eggs")


def healthy(place: Place) -> None:
    """Both projects, to whoever asks."""
    heal(place.server, "spam", "eggs")


def redirecting(place: Place) -> None:
    """One project leads to another host."""
    heal(place.server, "eggs")
    place.server.script("spam", say(answer(b"", "Location: http://localhost:9/", status="302 Found")))


def victim(place: Place) -> None:
    """A clone's settings file that would have a crawl write elsewhere."""
    (place.folder / "release-audit.toml").write_text('dataset = "../precious"\n')


CASES: Final = [
    Case(
        "a password in the index's address", ADDRESSES, ["crawl", "--index-url", "{login}", *AT], 0, "2 found", healthy
    ),
    Case(
        "a password in the address of an index that refuses, with --verbose",
        ADDRESSES,
        ["doctor", "index", "--verbose", "--index-url", "{login}", "--project", "spam"],
        1,
        "fail",
        redirecting,
    ),
    Case(
        "a redirect to another host",
        ADDRESSES,
        ["crawl", "--index-url", "{login}", *AT],
        4,
        "1 x foreign-redirect",
        redirecting,
    ),
    Case(
        "a proxy that refuses the password",
        ADDRESSES,
        ["crawl", "--index-url", "http://index.invalid/simple/", *AT],
        3,
        "proxy",
        variables={"HTTP_PROXY": f"http://me:{SECRET}@127.0.0.1:{{port}}"},
        set_up=lambda place: place.server.scripts.update(
            {
                f"http://index.invalid/pypi/{name}/json": [say(answer(b"", status="407 Proxy Authentication Required"))]
                for name in ("spam", "eggs")
            }
        ),
    ),
    Case(
        "a password with a slash, which ends the host before it",
        ADDRESSES,
        ["crawl", "--index-url", "http://127.0.0.1:/{secret}@host.example/simple/", *AT],
        3,
        "nothing is committed",
    ),
    Case(
        "a settings file that leads the crawl elsewhere",
        ADDRESSES,
        ["crawl", "--project", "spam"],
        2,
        "../precious",
        victim,
    ),
]
