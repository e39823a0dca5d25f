"""Broken and hostile input: pages, settings, codings, and a crawl that was left or is killed."""

from pathlib import Path
from typing import Final

from tests.attack.case import Case, Place, Section
from tests.faults.documents import document, file, heal
from tests.faults.faults import DOCUMENT, GZIP, RELEASES, bomb
from tests.faults.server import Behaviour, answer, say, trickle
from tests.hostile import hostile_dataset

INPUT: Final = Section.INPUT
CRAWL: Final = ("crawl", "--index-url", "{index}", "--dataset", "{data}", "--project", "spam", "--project", "eggs")
NESTED: Final = b'{"x": ' + b"[" * 10_000 + b"]" * 10_000 + b"," + DOCUMENT[1:]
CODINGS: Final = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}


def page(name: str, behaviour: Behaviour, told: str, *options: str, code: int = 4) -> Case:
    """A hostile page beside a healthy one: the crawl tells how many failed so, and keeps the rest."""

    def set_up(place: Place) -> None:
        heal(place.server, "eggs")
        place.server.script("spam", behaviour)

    return Case(name, INPUT, [*CRAWL, *options], code, told, set_up)


def hostile_names(place: Place) -> None:
    """A dataset whose every text is a stranger's who means ill."""
    hostile_dataset(place.data)


def brackets(place: Place) -> None:
    """A file of somebody else's project, upward of the working folder, that no parser survives."""
    (place.folder / "pyproject.toml").write_text("release-audit = " + "[" * 100_000)


def setting(text: str) -> "Case":
    """A settings file in a clone with a contact that would forge a header."""

    def set_up(place: Place) -> None:
        (place.folder / "release-audit.toml").write_text(text)

    return Case(
        "control characters in a settings file's contact",
        INPUT,
        CRAWL,
        2,
        "the contact 'a\\r\\nX-Evil: 1' does",
        set_up,
    )


def left(name: str, damage: bytes, told: str) -> Case:
    """A crawl that was left half done, and one of whose segments is no more what was written."""

    def set_up(place: Place) -> None:
        heal(place.server, "spam", "eggs")
        staging = place.data / "staging"
        staging.mkdir(parents=True)
        _plan(place, staging)
        (staging / "00000000.arrow").write_bytes(damage)

    return Case(name, INPUT, CRAWL, 0, told, set_up)


def _plan(place: Place, staging: Path) -> None:
    from audit.dataset.staging import Plan, Staging  # noqa: PLC0415 - loads Arrow, which most cases do without

    Staging(staging).begin(Plan("20261123T101500Z", "json", place.server.root))


CASES: Final = [
    page("a page that unpacks to a gigabyte", say(answer(bomb(1), GZIP)), "1 x too-large"),
    page("a page of a million versions", say(answer(RELEASES)), "1 x too-many"),
    page("a filename of 1,001 characters", say(answer(document("spam", file("x" * 1001)))), "1 x too-long"),
    page("a page that comes byte by byte", trickle(answer(DOCUMENT)), "1 x too-slow", "--project-time-limit", "1"),
    page("a page of 10,000 nested arrays", say(answer(NESTED)), "1 x too-deep"),
    page("HTML in place of a page", say(answer(b"<html>", kind="text/html")), "1 x html"),
    Case(
        "control characters in --contact",
        INPUT,
        [*CRAWL, "--contact", "a\r\nX-Evil: 1"],
        2,
        r"the contact 'a\r\nX-Evil: 1' does not fit",
    ),
    Case(
        "control characters in RELEASE_AUDIT_CONTACT",
        INPUT,
        CRAWL,
        2,
        r"the contact 'a\r\nX-Evil: 1' does not fit",
        variables={"RELEASE_AUDIT_CONTACT": "a\r\nX-Evil: 1"},
    ),
    setting('contact = "a\\r\\nX-Evil: 1"\n'),
    Case("a pyproject.toml of 100,000 brackets", INPUT, ["config"], 0, "does not read", brackets),
    Case(
        "names that a terminal could act on, in ASCII",
        INPUT,
        ["show", "spam-06", "--dataset", "{data}"],
        0,
        r"\u202egpj.exe",
        hostile_names,
        CODINGS,
    ),
    Case(
        "an argument that is no text",
        INPUT,
        ["show", "sp\udcffam", "--dataset", "{data}"],
        2,
        "is no text in this locale",
        hostile_names,
    ),
    Case(
        "a formula behind a blank, in CSV",
        INPUT,
        ["sql", "select ' ＝1+1' as cell", "--dataset", "{data}", "--format", "csv"],
        0,
        "' ＝1+1",
        hostile_names,
    ),
]
