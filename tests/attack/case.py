"""What an attack is, and how one is tried: the real command line in its own process, between a server and a canary.

A case is a short description, something hostile that is set up, a command, and how the command must end. What every end
must fulfil is checked here, once: one line if nothing could be done, no traceback, nothing that controls a terminal,
nothing foreign touched, no secret in any output.
"""

import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from tests.canary import Contents, canary, contents
from tests.faults.server import FaultServer, running

# The secret that an attacker wants: every case may use it wherever there can be a secret, and nothing may show it.
SECRET: Final = "pa55-w0rd-0f-mine"
_PATIENCE_SECONDS: Final = 300
_ACTIVE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class Section(StrEnum):
    """What is attacked."""

    ADDRESSES = "secrets and addresses"
    FOLDERS = "folders"
    QUESTIONS = "questions"
    INPUT = "broken input"


@dataclass(frozen=True)
class Place:
    """Where a case is tried: the working folder, a hostile index, and files of others that must stay unchanged."""

    folder: Path
    server: FaultServer

    @property
    def data(self) -> Path:
        """The dataset that commands are given as ``{data}``."""
        return self.folder / "data"

    @property
    def precious(self) -> Path:
        """A tree that no command may touch, beside the dataset."""
        return self.folder.parent / "precious"

    def filled(self, text: str) -> str:
        """A word of a command, or a variable's value, with the places in it."""
        with_login = self.server.root.replace("http://", f"http://me:{SECRET}@")
        names = {"data": self.data, "precious": self.precious, "index": self.server.root, "login": with_login}
        return text.format(**names, port=self.server.port, secret=SECRET)


def nothing(_: Place) -> None:
    """No more than the command."""


@dataclass(frozen=True)
class Case:
    """One attack; ``command`` and ``variables`` may contain the names that `Place.filled` knows, in braces.

    ``code`` is how it must end, ``message`` a piece of its message. ``disturb`` is done to the running process, and
    ``look`` returns what is wrong after it. ``keeps_data`` says that the dataset is the same, byte for byte.
    ``is_quick`` says that every run of the tests tries it: one of each kind is enough there.
    """

    name: str
    section: Section
    command: Sequence[str]
    code: int
    message: str
    set_up: Callable[[Place], None] = nothing
    variables: Mapping[str, str] = field(default_factory=dict)
    disturb: Callable[["subprocess.Popen[bytes]", Place], None] | None = None
    look: Callable[[Place], Sequence[str]] = lambda _: ()
    keeps_data: bool = False
    is_quick: bool = False


@dataclass(frozen=True)
class End:
    """How a case ended: the exit code, its line, and what is wrong (nothing, if all is well)."""

    code: int
    said: str
    faults: Sequence[str]


def attempt(case: Case, folder: Path) -> End:
    """Tries one case in an empty folder."""
    with running() as server:
        place = Place(folder / "here", server)
        place.folder.mkdir()
        canary(place.precious)
        case.set_up(place)
        foreign, known, data = (contents(each) for each in (place.precious, folder, place.data))
        code, out, err = _run(case, place)
        output = f"{out}\n{err}"
        faults = [*_ending(case, code, out, err), *_leaks(output, contents(folder), known), *case.look(place)]
        if contents(place.precious) != foreign:
            faults.append("something foreign was touched")
        if case.keeps_data and contents(place.data) != data:
            faults.append("the dataset was changed")
        lines = (err or out).rstrip("\n").splitlines()
        matching = [line for line in output.splitlines() if case.message and case.message in line]
        return End(code, next(iter(matching), lines[-1] if lines else ""), faults)


def _run(case: Case, place: Place) -> tuple[int, str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RELEASE_AUDIT_", "PIP_"))}
    bare = {"NETRC": os.devnull, "HOME": str(place.folder), "PIP_CONFIG_FILE": os.devnull, "PYTHONPATH": os.getcwd()}
    given = {name: place.filled(value) for name, value in case.variables.items()}
    command = [sys.executable, "-m", "audit", *map(place.filled, case.command)]
    with subprocess.Popen(
        command,
        cwd=place.folder,
        env=inherited | bare | given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        if case.disturb:
            case.disturb(process, place)
        out, err = process.communicate(timeout=_PATIENCE_SECONDS)
    return process.returncode, out.decode(errors="replace"), err.decode(errors="replace")


def _ending(case: Case, code: int, out: str, err: str) -> Iterator[str]:
    if code != case.code:
        yield f"it ended with {code}, not {case.code}"
    if case.message not in err + out:
        yield f"it does not say {case.message!r}"
    if "Traceback" in err + out or "unexpected error: " in err:
        yield "it was not foreseen"
    is_usage = code == 2 and err.startswith("Usage: release-audit")  # as every command line says it, before the error
    if code in {2, 3} and not is_usage and (err.count("\n") != 1 or not err.startswith("release-audit: ")):
        yield f"it is not one line: {err!r}"
    acting = {char for char in err + out if char != "\n" and unicodedata.category(char) in _ACTIVE}
    if acting:
        yield f"a terminal could act on {acting!r}"


def _leaks(output: str, after: Contents, before: Contents) -> Iterator[str]:
    if SECRET in output:
        yield "it says the secret"
    for path, found in after.items():
        if before.get(path) != found and SECRET.encode() in found[2]:
            yield f"the secret is in {path}"
