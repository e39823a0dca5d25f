"""Real lock files: real tools lock against the replay index, on which recorded releases have tiny files."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from audit.replay.server import serving
from tests.installers.packages import content
from tests.pages import record
from tests.recorded import index_page
from tests.served import files_served

# `make lockers` fills it from requirements/lockers.txt.
BIN: Final = Path(sys.prefix) / "lockers" / "bin"
MISSING: Final = f"{BIN} is not there: `make lockers` installs the tools that make these locks"
_INSTALLABLE: Final = (".whl", ".tar.gz", ".zip")
_CALM: Final = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_NO_CONFIG": "1",
    "UV_PYTHON": sys.executable,
    "PDM_CHECK_UPDATE": "0",
    "PDM_IGNORE_SAVED_PYTHON": "1",
    "PDM_PYTHON": sys.executable,
    "PDM_USE_VENV": "0",
    "POETRY_VIRTUALENVS_CREATE": "0",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "PIPENV_PYTHON": sys.executable,
    "PIPENV_VENV_IN_PROJECT": "1",
    "NO_COLOR": "1",
    "LC_ALL": "C.UTF-8",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded release, as it was at a time; ``until`` is an upload time (None: as it is now)."""

    project: str
    version: str
    until: str | None = None


@contextmanager
def index_of(releases: Sequence[Recorded], folder: Path) -> Iterator[str]:
    """Serves the releases' recorded files, with their own names and upload times and next to nothing in them."""
    (folder / "files").mkdir(parents=True)
    with files_served(folder / "files") as files:
        for release in releases:
            _publish(release, folder, files)
        with serving(folder) as address:
            yield address


def _publish(release: Recorded, folder: Path, address: str) -> None:
    listed = []
    for file in files_of(release):
        packed = _packed(file["filename"], release)
        (folder / "files" / file["filename"]).write_bytes(packed)
        hashes = {"sha256": hashlib.sha256(packed).hexdigest()}
        listed.append(
            {
                "filename": file["filename"],
                "hashes": hashes,
                "requires-python": file.get("requires-python"),
                "size": len(packed),
                "upload-time": file["upload-time"],
                "url": f"{address}/{file['filename']}",
                "yanked": file["yanked"],
            }
        )
    record(folder, release.project, listed, [release.version])


def _packed(filename: str, release: Recorded) -> bytes:
    """Bytes for a file that differ from those of any other file."""
    packed = content(filename, release.project, release.version)
    if not filename.endswith((".whl", ".zip")):
        return packed
    buffer = io.BytesIO(packed)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = filename.encode()
    return buffer.getvalue()


def files_of(release: Recorded) -> list[dict[str, Any]]:
    """The files of a release that an installer accepts, as on the recorded page."""
    spelled = release.project.replace("-", "_")
    begins = (f"{spelled}-{release.version}-", f"{spelled}-{release.version}.")
    return [
        file
        for file in json.loads(index_page(release.project))["files"]
        if file["filename"].lower().startswith(begins)
        and file["filename"].endswith(_INSTALLABLE)
        and (release.until is None or file["upload-time"] <= release.until)
    ]


def run(command: Sequence[str], home: Path, variables: Mapping[str, str] | None = None) -> str:
    """Runs one of the tools in its own home, and gives what it prints; skips where it is not installed."""
    path = BIN / command[0]
    if not path.exists():
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    own = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(home), "NETRC": os.devnull} | _CALM | dict(variables or {})
    done = subprocess.run(
        [str(path), *command[1:]],
        env=own,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
