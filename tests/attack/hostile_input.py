"""Broken and hostile input: pages, tables, settings, codings, and a crawl that was left or is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import urlopen

import pyarrow as pa
import pyarrow.parquet as pq

from audit.crawl.beside import WORTH_A_PROCESS
from audit.dataset.mark import mark_of, write_mark
from audit.dataset.staging import Plan, Staging
from tests.attack.case import Case, Place, Section
from tests.faults.documents import document, file, heal
from tests.faults.faults import DOCUMENT, GZIP, RELEASES, bomb
from tests.faults.server import Behaviour, answer, answer_after, say, trickle
from tests.hostile import hostile_dataset
from tests.pages import spam

INPUT: Final = Section.INPUT
CRAWL: Final = (
    "crawl",
    "--api",
    "json",
    "--index-url",
    "{index}",
    "--dataset",
    "{data}",
    "--project",
    "spam",
    "--project",
    "eggs",
)
CODINGS: Final = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
LONG: Final = document("spam", *(file(f"spam-1.{n}.tar.gz") for n in range(9)), file("x" * 1001))
NESTED: Final = b'{"x": ' + b"[" * 900_000 + b"]" * 900_000 + b"," + DOCUMENT[1:]
MANY: Final = [f"p{number:03d}" for number in range(WORTH_A_PROCESS)]
# Asks the replay that runs it: for its root, for pages that are none, and under the name of another host.
PROGRAM: Final = """
import os, urllib.request, urllib.error
root = os.environ["RELEASE_AUDIT_INDEX_URL"]
def ask(path, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(root + path, headers=headers)).status
    except urllib.error.HTTPError as error:
        return error.code
print("answers:", ask("spam/"), ask("x/"), ask("secret/"), ask("spam/", Host="evil.example"))
"""


def page(name: str, behaviour: Behaviour, message: str, *options: str, code: int = 4) -> Case:
    """A hostile page beside a healthy one: the crawl says how many failed so, and keeps the rest."""

    def set_up(place: Place) -> None:
        heal(place.server, "eggs")
        place.server.script("spam", behaviour)

    return Case(name, INPUT, [*CRAWL, *options], code, message, set_up, is_quick="too-many" in message)


def closing(place: Place) -> None:
    """A redirect, after which the server ends the connection."""
    heal(place.server, "eggs")
    place.server.script("spam", say(answer(b"", "Location: /moved", status="302 Found")))
    place.server.scripts["/moved"] = [say(b"", is_last=True), say(answer(DOCUMENT))]


def many(place: Place) -> None:
    """So many projects that other processes decode; the first is answered when it may be."""
    heal(place.server, *MANY)
    place.server.script(MANY[0], answer_after("/killed", answer(document(MANY[0]))))
    (place.folder / "names.txt").write_text("\n".join(MANY))


def kill_decoders(process: "subprocess.Popen[bytes]", place: Place) -> None:
    """Kills the crawl's own processes, as a system that is out of memory does, while the crawl runs."""
    place.server.wait_for(f"/pypi/{MANY[-1]}/json")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    decoders = [child for child in children if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()]
    assert decoders, "the crawl has no processes that decode"
    for child in decoders:
        os.kill(int(child), signal.SIGKILL)
    with suppress(HTTPError):  # no server is there: only the request matters
        urlopen(place.server.root.replace("/simple/", "/killed")).close()


def left(name: str, damage: bytes) -> Case:
    """A crawl that was left half done, and with a damaged segment."""

    def set_up(place: Place) -> None:
        heal(place.server, "spam", "eggs")
        place.data.mkdir()
        write_mark(place.data, mark_of())
        staging = Staging(place.data / "staging")
        staging.begin(Plan("20261123T101500Z", "json", place.server.root))
        staging.next_path(0).write_bytes(damage)

    return Case(name, INPUT, CRAWL, 0, "is damaged and was dropped", set_up, is_quick=not damage)


def table(name: str, change: Callable[[pa.Table], pa.Table]) -> Case:
    """A dataset from a colleague in which one table is another one."""

    def set_up(place: Place) -> None:
        hostile_names(place)
        path = place.data / "files.parquet"
        pq.write_table(change(pq.read_table(path)), path)

    return Case(
        name, INPUT, ["flags", "late-files", "--dataset", "{data}"], 3, "files.parquet", set_up, keeps_data=True
    )


def size_as_text(files: pa.Table) -> pa.Table:
    """The sizes as text."""
    at = files.column_names.index("size_bytes")
    return files.set_column(at, "size_bytes", files["size_bytes"].cast(pa.string()))


def hostile_names(place: Place) -> None:
    """A dataset in which every text is from an attacker."""
    hostile_dataset(place.data)


def brackets(place: Place) -> None:
    """A file of another project that breaks every parser."""
    (place.folder / "pyproject.toml").write_text("release-audit = " + "[" * 100_000)


def forged_contact(place: Place) -> None:
    """A settings file with a contact that would be one more header."""
    (place.folder / "release-audit.toml").write_text('contact = "a\\r\\nX-Evil: 1"\n')


def recording(place: Place) -> None:
    """Pages from a stranger: a folder named as a page, and a link to a secret."""
    pages = place.folder / "pages"
    spam(pages, "spam-1.0.tar.gz")
    (pages / "index" / "x.json.gz").mkdir()
    (pages / "index" / "secret.json.gz").symlink_to(place.precious / "thesis.txt")


CASES: Final = [
    page("a page that unpacks to a gigabyte", say(answer(bomb(1), GZIP)), "1 x too-large"),
    page("a page of a million versions", say(answer(RELEASES)), "1 x too-many"),
    page("a filename of 1,001 characters", say(answer(LONG)), "set aside", code=0),
    page("a page that comes byte by byte", trickle(answer(DOCUMENT)), "1 x too-slow", "--project-time-limit", "1"),
    page("a page of 900,000 nested arrays", say(answer(NESTED)), "1 x too-deep"),
    page("HTML in place of a page", say(answer(b"<html>", kind="text/html")), "1 x html"),
    Case("a server that ends the connection after a redirect", INPUT, CRAWL, 0, "2 found", closing),
    Case(
        "the processes that decode, killed while a crawl runs",
        INPUT,
        ["crawl", "--api", "json", "--index-url", "{index}", "--dataset", "{data}", "--projects", "names.txt"],
        0,
        f"{WORTH_A_PROCESS} found",
        many,
        disturb=kill_decoders,
    ),
    left("an unfinished crawl with a segment of garbage", b"\xff" * 5000),
    left("an unfinished crawl with an empty segment", b""),
    table("`files.parquet` without a column", lambda files: files.drop_columns(["version"])),
    table("`files.parquet` with a column of another type", size_as_text),
    Case(
        "control characters in `--contact`",
        INPUT,
        [*CRAWL, "--contact", "a\r\nX-Evil: 1"],
        2,
        r"the contact 'a\r\nX-Evil: 1' does not fit",
        is_quick=True,
    ),
    Case(
        "control characters in `RELEASE_AUDIT_CONTACT`",
        INPUT,
        CRAWL,
        2,
        r"the contact 'a\r\nX-Evil: 1' does not fit",
        variables={"RELEASE_AUDIT_CONTACT": "a\r\nX-Evil: 1"},
    ),
    Case(
        "control characters in a settings file's contact",
        INPUT,
        CRAWL,
        2,
        r"the contact 'a\r\nX-Evil: 1' does not fit",
        forged_contact,
    ),
    Case("a `pyproject.toml` of 100,000 brackets", INPUT, ["config"], 0, "cannot be read", brackets),
    Case(
        "names that a terminal could act on, in ASCII",
        INPUT,
        ["show", "spam-06", "--dataset", "{data}"],
        0,
        r"\u202egpj.exe",
        hostile_names,
        CODINGS,
        is_quick=True,
    ),
    Case(
        "an argument that is not text",
        INPUT,
        ["show", "sp\udcffam", "--dataset", "{data}"],
        2,
        "is not text in this locale",
        hostile_names,
        is_quick=True,
    ),
    Case(
        "a formula behind a blank, in CSV",
        INPUT,
        ["sql", "select ' ＝1+1' as cell", "--dataset", "{data}", "--format", "csv"],
        0,
        "' ＝1+1",
        hostile_names,
    ),
    Case(
        "a recording with a folder `x.json.gz` and a link out of it, asked under another host's name too",
        INPUT,
        ["replay", "pages", "--", sys.executable, "-c", PROGRAM],
        0,
        "answers: 200 404 404 ",
        recording,
        is_quick=True,
    ),
]
