"""Asks pip and uv which file they choose, of indexes on loopback."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uv

from audit.queries.environments import Environment
from audit.replay.server import serving
from tests.installers.packages import content
from tests.installers.sets import Release
from tests.pages import file, record
from tests.served import files_served

_INSTALLABLE = (".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz", ".tar")
_SELECTED = re.compile(r"Selecting: (\S+)==\S+ \[[^]]+\] \((\S+)\)")
# Neither tool may read the machine's settings, or use more than loopback.
CALM = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1", "UV_NO_CONFIG": "1", "NO_COLOR": "1"}
_UV_PLATFORMS = {
    "musllinux_1_2_x86_64": "x86_64-unknown-linux-musl",
    "macosx_14_0_arm64": "aarch64-apple-darwin",
    "macosx_13_0_x86_64": "x86_64-apple-darwin",
    "win_amd64": "x86_64-pc-windows-msvc",
    "win_arm64": "aarch64-pc-windows-msvc",
    "win32": "i686-pc-windows-msvc",
    "manylinux_2_17_x86_64": "x86_64-manylinux_2_17",
    "manylinux_2_28_x86_64": "x86_64-manylinux_2_28",
    "manylinux_2_39_aarch64": "aarch64-manylinux_2_39",
}


@contextmanager
def index_of(releases: Iterable[Release], folder: Path) -> Iterator[str]:
    """Serves the releases, each of a project of its own, by the replay index; gives the index's address."""
    with files_served(folder / "files") as files:
        for release in releases:
            _publish(release, folder, files)
        with serving(folder) as address:
            yield address


def _publish(release: Release, folder: Path, address: str) -> None:
    (folder / "files").mkdir(parents=True, exist_ok=True)
    files = []
    for each in release.files:
        name = each.filename
        packed = content(name, release.project, release.version) if name.endswith(_INSTALLABLE) else b""
        (folder / "files" / name).write_bytes(packed)
        facts: dict[str, Any] = {
            "hashes": {"sha256": hashlib.sha256(packed).hexdigest()},
            "requires-python": each.requires_python,
            "size": len(packed),
            "url": f"{address}/{name}",
            "yanked": each.is_yanked,
        }
        files.append(file(name, **facts))
    record(folder, release.project, files, [release.version])


def ask_pip(
    address: str, asked: Mapping[str, Sequence[Sequence[Release]]], known: Mapping[str, Environment], folder: Path
) -> dict[Release, str | None]:
    """What ``pip download`` chooses.

    ``asked`` holds, for each environment, groups of releases that one call asks for; a group of one may have no answer.
    """
    calls = [(known[name], group) for name, groups in asked.items() for group in groups]
    lists = [
        [*_pip_download(address, environment), "--dest", str(folder / f"pip-{number}"), *_pins(group)]
        for number, (environment, group) in enumerate(calls)
    ]
    arguments = folder / "pip.json"
    arguments.write_text(json.dumps(lists), "utf-8")
    command = [sys.executable, "-m", "tests.installers.ask_pip", str(arguments)]
    done = subprocess.run(command, env=os.environ | CALM, capture_output=True, text=True, check=True)
    codes = json.loads(done.stdout.splitlines()[-1])
    chosen: dict[Release, str | None] = {}
    for number, (code, (_, group)) in enumerate(zip(codes, calls, strict=True)):
        assert code == 0 or len(group) == 1, done.stderr[-3000:]
        found = folder / f"pip-{number}"
        names = {path.name for path in found.iterdir()} if code == 0 else set()
        chosen |= {release: next((f.filename for f in release.files if f.filename in names), None) for release in group}
    return chosen


def _pip_download(address: str, environment: Environment) -> list[str]:
    own = [
        "--isolated",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
    ]
    command = ["download", *own, "--index-url", address]
    if environment.era == "this":
        return command
    interpreter = environment.interpreter
    target = ["--python-version", interpreter.version, "--implementation", interpreter.implementation]
    platforms = [part for tag in environment.platform.tags for part in ("--platform", tag)]
    return [*command, *target, "--abi", interpreter.abi, *platforms]


def ask_uv(
    address: str, asked: Mapping[str, Sequence[Sequence[Release]]], known: Mapping[str, Environment]
) -> dict[Release, str | None]:
    """What ``uv pip compile`` says that it selects; environments that it does not support are left out."""
    chosen: dict[Release, str | None] = {}
    for name, groups in asked.items():
        for group in groups if takes_uv(known[name]) else []:
            chosen |= _select(address, group, known[name])
    return chosen


def takes_uv(environment: Environment) -> bool:
    """Whether uv supports this environment: a CPython that it knows, on a platform that it has a name for."""
    is_known = environment.platform.name in _UV_PLATFORMS and environment.interpreter.abi.isalnum()
    return is_known and environment.era == "today" and not environment.interpreter.abi.endswith("t")


def _select(address: str, group: Sequence[Release], environment: Environment) -> dict[Release, str | None]:
    own = ["--python", sys.executable, "--no-cache", "--no-deps", "--verbose", "--index-url", address]
    platform = environment.platform.name
    target = ["--python-platform", _UV_PLATFORMS[platform], "--python-version", environment.interpreter.version]
    command = [uv.find_uv_bin(), "pip", "compile", *own, *target, "-"]
    macos = {"MACOSX_DEPLOYMENT_TARGET": ".".join(platform.split("_")[1:3])} if platform.startswith("macosx") else {}
    pins = "\n".join(_pins(group))
    done = subprocess.run(
        command, input=pins, env=os.environ | CALM | macos, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 or len(group) == 1, done.stderr[-3000:]
    selected = dict(_SELECTED.findall(done.stderr)) if done.returncode == 0 else {}
    return {release: selected.get(release.project) for release in group}


def _pins(group: Sequence[Release]) -> list[str]:
    return [f"{release.project}=={release.version}" for release in group]
