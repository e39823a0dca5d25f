"""A place to run a page's commands as a reader would: a fresh clone with the program installed, and an index."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.model import crawl_id_of, started_at
from audit.replay.server import serving

TOP = Path(__file__).parents[2]
SAMPLE = TOP / "data" / "sample"
# The pages' examples of an index and of a folder; the commands get the replayed sample and the clone in their place.
_EXAMPLE_INDEX = "https://packages.example.org/simple/"
_WITH_CREDENTIALS = re.compile(r"https://(\w+:\w+@)?packages\.example\.org/simple/")
_EXAMPLE_CLONE = "/home/you/release-audit"
# The pages' crawls: a page's first begins then, and each of its later ones a day after the one before.
FIRST_CRAWL = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
_CRAWL = re.compile(r"\d{8}T\d{6}Z")
_START = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=\.000000Z)")
_LONGEST_SECONDS = 300
_MAKE_VARIABLES = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}


@contextmanager
def clone(folder: Path) -> Iterator["Console"]:
    """A console whose working folder is like a fresh clone; the program's default index is the replayed sample."""
    for path in TOP.iterdir():
        if path.name != "data" and not path.name.startswith("."):
            (folder / path.name).symlink_to(path)
    (folder / "data").mkdir()
    (folder / "data" / "sample").symlink_to(SAMPLE)
    _install(folder / ".venv")
    with serving(SAMPLE) as address:
        yield Console(folder, address)


class Console:
    """Runs commands in ``folder``, one shell each."""

    def __init__(self, folder: Path, index_url: str) -> None:
        self._folder = folder.resolve()
        self._crawls: dict[str, datetime] = {}
        self._began = crawl_id_of(datetime.now(UTC))
        self._index_url = index_url
        inherited = {name: value for name, value in os.environ.items() if name not in _MAKE_VARIABLES}
        self._environment = inherited | {
            "PATH": f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(TOP),
            "PYTHONSAFEPATH": "1",  # the package is imported from where it is, not through the clone's link to it
            "RELEASE_AUDIT_INDEX_URL": index_url,
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, command: str) -> str:
        """What a command prints, errors and all.

        Raises:
            ValueError: it ends with another code than 0.
        """
        done = subprocess.run(  # noqa: S602 - the pages of this repository, run as their readers run them
            _WITH_CREDENTIALS.sub(self._instead, command),
            shell=True,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LONGEST_SECONDS,
            check=False,
        )
        if done.returncode:
            raise ValueError(f"{command.strip()}\nended with {done.returncode}:\n{done.stdout}")
        output = done.stdout.replace(self._index_url, _EXAMPLE_INDEX).replace(str(self._folder), _EXAMPLE_CLONE)
        return self.with_example_crawls(output)

    def with_example_crawls(self, text: str) -> str:
        """The text with the ids and starts of the page's crawls as the example's: the same in every run."""
        for crawl_id in sorted({*_CRAWL.findall(text)} - self._crawls.keys()):
            if crawl_id >= self._began:
                self._crawls[crawl_id] = FIRST_CRAWL + timedelta(days=len(self._crawls))
        starts = {_second(started_at(crawl_id)): start for crawl_id, start in self._crawls.items()}
        text = _START.sub(lambda found: _second(starts[found[0]]) if found[0] in starts else found[0], text)
        return _CRAWL.sub(lambda found: self._example(found[0]), text)

    def _example(self, crawl_id: str) -> str:
        return crawl_id_of(self._crawls[crawl_id]) if crawl_id in self._crawls else crawl_id

    def _instead(self, example: re.Match[str]) -> str:
        """The replayed sample's address, with the credentials of the example's."""
        scheme, rest = self._index_url.split("//")
        return f"{scheme}//{example[1] or ''}{rest}"


def _second(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}"


def _install(home: Path) -> None:
    """What ``make`` would install, from the interpreter that runs now."""
    (home / "bin").mkdir(parents=True)
    for name, arguments in {"python": "", "release-audit": "-m audit "}.items():
        program = home / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        program.chmod(0o755)
    (home / "run.stamp").touch()
