"""The recipes of docs/nightly.md, run as cron, systemd and a GitHub Actions runner do, from the documents' files.

Replaced are the folders that a reader would have made, and what needs the network (checking out, installing, the cache,
the artifacts). The index comes from the environment.
"""

import configparser
import os
import re
import shlex
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import yaml

TOP: Final = Path(__file__).parent.parent
EXAMPLES: Final = TOP / "docs" / "examples"
# The program, except that it does not wait before it asks again.
_PROGRAM: Final = "import stamina; stamina.set_testing(True, attempts=2); from audit.cli import main; main()"
# Of pip's work, only that each list of requirements is there.
_PIP: Final = """\
case "$*" in *"-m pip"*)
  for word; do case "$word" in *.txt) test -s "$word" || exit 1;; esac; done
  exit 0;;
esac"""
_FOLDERS: Final = re.compile(r"/(opt|var/lib)/release-audit")
_CONTEXT: Final = {
    "github.server_url": "https://git.example.org",
    "github.repository": "you/release-audit",
    "github.run_attempt": "1",
    "steps.pages.outputs.base_url": "https://you.example.org/release-audit",
}


@dataclass(frozen=True, slots=True)
class Night:
    """How a night ended: its exit code, whether that counts as a success, and the message for its owner."""

    code: int
    is_success: bool
    output: str


class Recipe(Protocol):
    """A way to crawl every night."""

    @property
    def dataset(self) -> Path:
        """The dataset as it is kept for the next night."""

    def night(self, index_url: str) -> Night:
        """Runs one night against this index."""


def program(folder: Path) -> None:
    """Makes the programs of a virtual environment: Python (whose pip only looks for its files) and ours."""
    binaries = folder / "bin"
    binaries.mkdir(parents=True)
    for name, text in {
        "python": f'{_PIP}\nexec {shlex.quote(sys.executable)} "$@"',
        "release-audit": f'exec {shlex.quote(sys.executable)} -c "{_PROGRAM}" "$@"',
    }.items():
        (binaries / name).write_text(f"#!/bin/sh\n{text}\n")
        (binaries / name).chmod(0o755)


def _run(
    command: str | Sequence[str], index_url: str, cwd: Path, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Runs with a bare environment, as a daemon's is; both outputs are one."""
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "RELEASE_AUDIT_INDEX_URL": index_url, "NETRC": os.devnull}
    return subprocess.run(
        command,
        shell=isinstance(command, str),
        cwd=cwd,
        env=bare | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@dataclass
class _Host:
    """A machine with a clone in /opt and a folder of the crawler's own in /var/lib, both under ``folder``."""

    folder: Path
    projects: str

    def __post_init__(self) -> None:
        program(self.folder / "opt" / ".venv")
        (self.folder / "opt" / "top.json").write_text(self.projects)

    @property
    def dataset(self) -> Path:
        return self.folder / "lib" / "pypi"

    def here(self, text: str) -> str:
        return _FOLDERS.sub(lambda found: str(self.folder / Path(found[1]).name), text)


class Cron(_Host):
    """The line of docs/nightly.md; a mail has all its output."""

    @property
    def line(self) -> str:
        [found] = re.findall(r"^(?:[\d*]+ ){5}(.+)$", (TOP / "docs" / "nightly.md").read_text("utf-8"), re.MULTILINE)
        return str(found)

    def night(self, index_url: str) -> Night:
        ended = _run(self.here(self.line), index_url, self.folder)
        return Night(ended.returncode, not ended.returncode, ended.stdout)


class Systemd(_Host):
    """release-audit.service; its journal has all its output."""

    @property
    def service(self) -> Mapping[str, str]:
        unit = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        unit.optionxform = str  # type: ignore[assignment,method-assign] # the way that its documentation shows
        unit.read_string((EXAMPLES / "release-audit.service").read_text("utf-8"))
        return unit["Service"]

    def night(self, index_url: str) -> Night:
        start = self.service["ExecStart"]
        assert "%" not in start, "systemd would expand it"
        assert "$" not in start, "systemd would expand it"
        ended = _run(shlex.split(self.here(start)), index_url, self.folder)
        successes = {0, *map(int, self.service["SuccessExitStatus"].split())}
        return Night(ended.returncode, ended.returncode in successes, ended.stdout)


@dataclass
class Actions:
    """github-actions.yml; the message is the log of its steps, then the run's summary.

    ``cache`` and ``artifacts`` are what GitHub keeps: a machine lasts for one night.
    """

    folder: Path
    projects: str
    artifacts: dict[str, Path] = field(default_factory=dict)
    cache: dict[str, Path] = field(default_factory=dict)
    nights: int = 0

    @property
    def steps(self) -> list[dict[str, Any]]:
        workflow = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text("utf-8"))
        [job] = workflow["jobs"].values()
        found: list[dict[str, Any]] = job["steps"]
        return found

    @property
    def dataset(self) -> Path:
        """The dataset as the next night will find it."""
        kept = self.folder / f"kept-{self.nights}"
        if not kept.exists():
            self._unpack("dataset-", kept)
        return kept

    def night(self, index_url: str) -> Night:
        self.nights += 1
        machine = self.folder / f"machine-{self.nights}"
        machine.mkdir()
        output, code = "", 0
        for step in self.steps:
            if "uses" in step:
                self._use(step["uses"].partition("@")[0], step.get("with", {}), machine)
                continue
            code, log = self._step(step, index_url, machine)
            output += log
            if code:  # the later steps have no `if:` and are skipped
                break
        summary = machine / "summary.md"
        return Night(code, not code, output + (summary.read_text() if summary.exists() else ""))

    def _step(self, step: Mapping[str, Any], index_url: str, machine: Path) -> tuple[int, str]:
        script = machine / "step.sh"
        script.write_text(step["run"])
        ended = _run(
            ["bash", "-e", str(script)],
            index_url,
            machine / "checkout",
            PATH=f"{machine / 'python' / 'bin'}:/usr/bin:/bin",
            GITHUB_STEP_SUMMARY=str(machine / "summary.md"),
            **{name: self._expanded(value) for name, value in step.get("env", {}).items()},
        )
        return ended.returncode, ended.stdout

    def _expanded(self, text: str) -> str:
        context = _CONTEXT | {"github.run_id": str(1000 + self.nights)}
        return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: context[found[1]], text)

    def _use(self, action: str, given: Mapping[str, Any], machine: Path) -> None:
        """What an action does; one that is not known here is an error."""
        inputs = {name: self._expanded(str(value)) for name, value in given.items()}
        checkout = machine / "checkout"
        if action == "actions/checkout":
            checkout.mkdir()
            for name in ("requirements", "pyproject.toml"):
                (checkout / name).symlink_to(TOP / name)
            (checkout / "top.json").write_text(self.projects)
        elif action == "actions/setup-python":
            self._python(machine / "python" / "bin")
        elif action == "actions/cache/restore":
            self._unpack(inputs["restore-keys"], checkout / inputs["path"])
        elif action == "actions/cache/save":
            assert inputs["key"] not in self.cache, "a key is saved once"
            self.cache[inputs["key"]] = self._packed(checkout / inputs["path"])
        elif action == "actions/upload-artifact":
            self.artifacts[inputs["name"]] = (checkout / inputs["path"]).resolve(strict=True)
        else:
            raise AssertionError(f"nobody here knows what {action} does")

    @staticmethod
    def _python(binaries: Path) -> None:
        """A Python whose ``-m venv`` makes what a reader's would have after the installation."""
        binaries.mkdir(parents=True)
        code = "import sys; from pathlib import Path; from tests.nights import program; program(Path(sys.argv[3]))"
        python = binaries / "python"
        python.write_text(f'#!/bin/sh\nPYTHONPATH={TOP} exec {shlex.quote(sys.executable)} -c "{code}" "$@"\n')
        python.chmod(0o755)

    def _packed(self, path: Path) -> Path:
        """As the cache's own action packs: links stay links."""
        archive = self.folder / f"cache-{self.nights}.tar"
        with tarfile.open(archive, "w") as tar:
            tar.add(path, arcname=".")
        return archive

    def _unpack(self, prefix: str, path: Path) -> None:
        """The newest of the cache whose key begins so, if there is one."""
        keys = [key for key in self.cache if key.startswith(prefix)]
        if keys:
            with tarfile.open(self.cache[keys[-1]]) as tar:
                tar.extractall(path, filter="tar")
