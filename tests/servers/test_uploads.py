"""What preflight says is what an upload then gets: twine and uv against devpi, and the steps of the page."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from audit.cli import DONE, FINDINGS
from docs.generator.blocks import blocks
from tests.preflight.builders import write
from tests.servers.crawling import Ended, release_audit
from tests.servers.running import environment, free_port, program, run, served

pytestmark = pytest.mark.slow

PAGE: Final = Path(__file__).parents[2] / "docs" / "preflight.md"
_USER, _SECRET = "root", "secret"
SDIST, WHEEL = "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl"
JOINING, OTHER = "spam-1.0-cp312-cp312-win_amd64.whl", "spam-1.0-cp313-cp313-win_amd64.whl"
NEW, JOINS, SAME = ("new-release", "accepted"), ("joins", "accepted"), ("identical", "skipped")


@dataclass(frozen=True, slots=True)
class Index:
    """An index to upload to, and how each program gets its address."""

    home: Path
    upload_url: str
    index_url: str

    def upload(self, uploader: str, *paths: Path) -> Ended:
        """Runs the program; it names the index and the login by the environment."""
        commands = {
            "twine": [program("twine"), "upload", "--non-interactive", "--disable-progress-bar"],
            "uv": [str(Path(sys.executable).with_name("uv")), "publish", "--no-config"],
        }
        return self.run([*commands[uploader], *map(str, paths)])

    def run(self, command: list[str]) -> Ended:
        ended = subprocess.run(
            command, env=self.environment, cwd=self.home, capture_output=True, text=True, check=False
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    @property
    def environment(self) -> dict[str, str]:
        """What a workflow would have in its secrets and variables."""
        programs = f"{Path(sys.executable).parent}:{Path(program('twine')).parent}:/usr/bin:/bin"
        return environment(
            self.home,
            PATH=programs,
            RELEASE_AUDIT_INDEX_URL=self.index_url,
            TWINE_REPOSITORY_URL=self.upload_url,
            TWINE_USERNAME=_USER,
            TWINE_PASSWORD=_SECRET,
            UV_PUBLISH_URL=self.upload_url,
            UV_PUBLISH_USERNAME=_USER,
            UV_PUBLISH_PASSWORD=_SECRET,
        )

    def preflight(self, *paths: Path) -> tuple[int, dict[str, tuple[str, str]]]:
        """The exit code, and of each file its state and its verdict."""
        ended = release_audit(
            self.home, "preflight", *map(str, paths), "--index-url", self.index_url, "--format", "json"
        )
        rows: list[dict[str, Any]] = json.loads(ended.out)
        return ended.code, {row["filename"]: (row["finding"], row["verdict"]) for row in rows if row["sha256"]}

    def sha256s(self) -> dict[str, str]:
        """What the index has."""
        accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
        page = httpx.get(f"{self.index_url}spam/", headers=accept, trust_env=False, timeout=60)
        return (
            {}
            if page.status_code == 404
            else {file["filename"]: file["hashes"]["sha256"] for file in page.raise_for_status().json()["files"]}
        )


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    state, port = str(tmp_path / "state"), free_port()
    run(["devpi-init", "--serverdir", state, "--no-root-pypi", "--root-passwd", _SECRET], tmp_path)
    command = ["devpi-server", "--serverdir", state, "--offline", "--host", "127.0.0.1", "--port", str(port)]
    top = f"http://127.0.0.1:{port}"
    with served(command, f"{top}/+api", tmp_path):
        with httpx.Client(base_url=top, trust_env=False, timeout=60) as client:
            login = client.post("/+login", json={"user": _USER, "password": _SECRET}).raise_for_status()
            client.auth = (_USER, login.json()["result"]["password"])
            client.put("/root/dev", json={"bases": [], "volatile": False}).raise_for_status()
        yield Index(tmp_path, f"{top}/root/dev/", f"{top}/root/dev/+simple/")


def changed(path: Path) -> Path:
    """The wheel with other content."""
    with zipfile.ZipFile(path, "a") as wheel:
        wheel.writestr("spam.py", "")
    return path


@pytest.mark.parametrize("uploader", ["twine", "uv"])
def test_what_is_said_is_what_happens(uploader: str, index: Index, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    sdist, wheel = write(dist, SDIST), write(dist, WHEEL)

    assert index.preflight(sdist, wheel) == (DONE, {SDIST: NEW, WHEEL: NEW})
    assert index.upload(uploader, sdist, wheel).code == 0
    first = index.sha256s()
    assert set(first) == {SDIST, WHEEL}

    assert index.preflight(sdist, wheel) == (DONE, {SDIST: SAME, WHEEL: SAME})
    assert index.upload(uploader, sdist, wheel).code == 0
    assert index.sha256s() == first

    changed(wheel)
    assert index.preflight(sdist, wheel) == (FINDINGS, {SDIST: SAME, WHEEL: ("differs", "refused")})
    refused = index.upload(uploader, wheel)
    assert refused.code != 0
    assert "409 Conflict" in refused.out + refused.err
    assert index.sha256s() == first

    joining = write(dist, JOINING)
    assert index.preflight(joining) == (DONE, {JOINING: JOINS})
    assert index.upload(uploader, joining).code == 0
    assert set(index.sha256s()) == {SDIST, WHEEL, JOINING}

    other = write(dist, OTHER)
    other.write_bytes(other.read_bytes()[:-30])
    assert index.preflight(other) == (FINDINGS, {OTHER: ("bad-file", "refused")})
    assert index.upload(uploader, other).code != 0

    write(dist, OTHER, version="2.0")
    assert index.preflight(other) == (FINDINGS, {OTHER: ("bad-name", "may be refused")})
    refused = index.upload(uploader, other)
    assert refused.code != 0
    assert "400 Bad Request" in refused.out + refused.err
    assert set(index.sha256s()) == {SDIST, WHEEL, JOINING}


def steps(uploader: str) -> list[str]:
    """The commands of the page's workflow that uploads with this program, in order."""
    workflows = [yaml.safe_load(block.text) for block in blocks(PAGE.read_text("utf-8")) if block.language == "yaml"]
    [found] = [
        commands
        for workflow in workflows
        if uploader in str(commands := [step["run"] for step in workflow if "run" in step])
    ]
    return found


@pytest.mark.parametrize("uploader", ["twine upload", "uv publish"])
def test_the_steps_of_the_page(uploader: str, index: Index, tmp_path: Path) -> None:
    looking, uploading = [step for step in steps(uploader) if not step.startswith("python -m pip install")]
    summary = tmp_path / "summary.md"
    shell = ["bash", "-e", "-o", "pipefail", "-c"]

    def night() -> list[int]:
        """The exit codes of the steps, until one fails."""
        codes: list[int] = []
        for step in (looking, uploading):
            ended = index.run(["env", f"GITHUB_STEP_SUMMARY={summary}", *shell, step])
            codes.append(ended.code)
            if ended.code:
                break
        return codes

    wheel = write(tmp_path / "dist", WHEEL)
    write(tmp_path / "dist", SDIST)
    assert night() == [DONE, 0]
    first = index.sha256s()
    assert set(first) == {SDIST, WHEEL}
    assert "| new-release | accepted |" in summary.read_text("utf-8")
    assert night() == [DONE, 0], "a workflow that is run again"

    changed(wheel)
    assert night() == [FINDINGS], "nothing is uploaded"
    assert "| differs | refused |" in summary.read_text("utf-8")
    wheel.unlink()
    write(tmp_path / "dist", JOINING)
    assert night() == [FINDINGS], "it would displace"
    assert index.sha256s() == first
