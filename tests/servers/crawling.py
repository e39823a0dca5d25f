"""The program as its user runs it against an index, and what it wrote."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.installers.packages import content
from tests.servers.running import environment


@dataclass(frozen=True, slots=True)
class Built:
    """A file to upload."""

    project: str
    version: str
    filename: str
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def built(project: str, version: str, filename: str) -> Built:
    """Makes a file that installers take."""
    return Built(project, version, filename, content(filename, project, version))


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def requests(self) -> int:
        """How many requests a crawl made: for the root, to choose an API, and for pages."""
        [found] = re.findall(r"\((\d+) requests?\)", self.out)
        return int(found)


def release_audit(home: Path, *arguments: str) -> Ended:
    """Runs the command."""
    ended = subprocess.run(
        [sys.executable, "-m", "audit", *arguments],
        env=environment(home),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@dataclass(frozen=True, slots=True)
class Audit:
    """One index and its dataset in ``home``."""

    home: Path
    index_url: str

    @property
    def dataset(self) -> Path:
        return self.home / "dataset"

    def crawl(self, *arguments: str) -> Ended:
        which = arguments or ("--whole-index",)
        return release_audit(self.home, "crawl", *which, "--index-url", self.index_url, "--dataset", str(self.dataset))

    def doctor(self, *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
        """The exit code of ``doctor index``, and its findings by what they are about."""
        ended = release_audit(
            self.home, "doctor", "index", "--index-url", self.index_url, "--format", "json", *arguments
        )
        return ended.code, {row["about"]: row for row in json.loads(ended.out)}

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of a table, sorted."""
        rows = pq.read_table(self.dataset / table).to_pylist()
        return sorted((tuple(row[name] for name in columns) for row in rows), key=str)

    def files(self, *columns: str) -> list[tuple[Any, ...]]:
        return self.rows("files.parquet", *columns)

    def events(self) -> list[tuple[Any, ...]]:
        """What crawls saw change."""
        return self.rows("events", "event", "filename")

    def outcomes(self) -> set[str]:
        """How the last crawl ended for its projects."""
        return {outcome for (outcome,) in self.rows("projects.parquet", "last_outcome")}
