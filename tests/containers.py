"""A Containerfile as a script: its instructions run on this machine, with a folder in place of each of the image's."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.nights import program

_FOLDERS: Final = re.compile(r"/(opt|var/lib)/release-audit")


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """The instructions of a Containerfile: the word and what follows; a line that ends with a backslash goes on."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        yield word, rest.strip()


@dataclass
class Image:
    """What the instructions of ``file`` in ``context`` make, in ``folder``.

    Put in place: pip, which only looks whether its lists are there; the environment, which runs this program; and
    ``useradd``, which makes the user's home.
    """

    file: Path
    context: Path
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    place: Path = Path()
    entry: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self._put_in_place(self.folder / "system")
        for word, rest in instructions(self.file.read_text("utf-8")):
            getattr(self, f"_{word.lower()}")(rest)

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """What starting the image with these arguments does."""
        return self._ran([*self.entry, *arguments], variables)

    def here(self, text: str) -> str:
        """A path of the image, or a script that names some, on this machine."""
        return _FOLDERS.sub(lambda found: str(self.folder / Path(found[1]).name), text)

    def _from(self, rest: str) -> None:
        assert re.fullmatch(r"python:3\.\d+-slim", rest)

    def _workdir(self, rest: str) -> None:
        self.place = Path(self.here(rest))
        self.place.mkdir(exist_ok=True)

    def _copy(self, rest: str) -> None:
        *sources, target = rest.split()
        for source in sources:
            to = self.place / target / Path(source).name if target.endswith("/") else self.place / target
            to.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (self.context / source).is_dir() else shutil.copy
            copy(self.context / source, to)

    def _run(self, rest: str) -> None:
        ended = self._ran(["sh", "-c", self.here(rest)], {})
        assert ended.returncode == 0, ended.stdout

    def _env(self, rest: str) -> None:
        name, _, value = rest.partition("=")
        self.variables[name] = f"{self.folder / 'system'}:{self.here(value)}"

    def _arg(self, rest: str) -> None:
        name, _, value = rest.partition("=")
        self.variables[name] = value

    def _user(self, rest: str) -> None:
        assert rest.isdecimal(), "a number: what decides whether it is root may not know its name"

    def _volume(self, rest: str) -> None:
        assert Path(self.here(rest)).is_dir()

    def _entrypoint(self, rest: str) -> None:
        self.entry = [self.here(word) for word in json.loads(rest)]

    def _ran(self, command: list[str], variables: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        bare = {"PATH": f"{self.folder / 'system'}:/usr/bin:/bin", "NETRC": os.devnull}
        return subprocess.run(
            command,
            cwd=self.place,
            env={**bare, **self.variables, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )

    def _put_in_place(self, programs: Path) -> None:
        made = self.folder / "made"
        program(made)
        programs.mkdir()
        home = self.folder / "lib"
        for name, script in {
            "python": f'test "$*" = "-m venv .venv" && cp -r {made} .venv',
            "useradd": f"mkdir {home}",
        }.items():
            (programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (programs / name).chmod(0o755)
