"""devpi-server: the Index API 1.0, without times, sizes and versions."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from audit.cli import COULD_NOT_RUN, DONE, FINDINGS
from tests.servers.crawling import Audit, Built, built
from tests.servers.running import free_port, run, served

pytestmark = pytest.mark.slow

FILES = [
    built("spam", "1.0", "spam-1.0.tar.gz"),
    built("spam", "1.0", "spam-1.0-py3-none-any.whl"),
    built("spam", "1.1+fix", "spam-1.1+fix.tar.gz"),
    built("spam", "2.0", "spam-2.0.zip"),
    built("two-words", "2.0rc1", "two_words-2.0rc1-py3-none-any.whl"),
]
LATE = built("spam", "1.0", "spam-1.0-1-py3-none-any.whl")
_SECRET = "secret"


@dataclass(frozen=True, slots=True)
class Devpi:
    """The index ``root/dev`` of a devpi."""

    client: httpx.Client

    def upload(self, file: Built) -> None:
        form = {":action": "file_upload", "name": file.project, "version": file.version}
        self.client.post("/root/dev/", data=form, files={"content": (file.filename, file.body)}).raise_for_status()

    def delete(self, path: str) -> None:
        self.client.delete(path).raise_for_status()

    def path_of(self, file: Built) -> str:
        page = self.client.get(f"/root/dev/+simple/{file.project}/")
        [url] = [entry["url"] for entry in page.json()["files"] if entry["filename"] == file.filename]
        return page.url.join(url).path


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    state, port = str(tmp_path / "state"), free_port()
    run(["devpi-init", "--serverdir", state, "--no-root-pypi", "--root-passwd", _SECRET], tmp_path)
    command = ["devpi-server", "--serverdir", state, "--offline", "--host", "127.0.0.1", "--port", str(port)]
    top = f"http://127.0.0.1:{port}"
    with served(command, f"{top}/+api", tmp_path):
        yield top


@pytest.fixture
def devpi(address: str) -> Iterator[Devpi]:
    accept = {"Accept": "application/vnd.pypi.simple.v1+json, application/json"}
    with httpx.Client(base_url=address, headers=accept, trust_env=False, timeout=300) as client:
        login = client.post("/+login", json={"user": "root", "password": _SECRET}).raise_for_status().json()["result"]
        token = base64.b64encode(f"root:{login['password']}".encode()).decode()
        client.headers["X-Devpi-Auth"] = token
        client.put("/root/dev", json={"bases": [], "volatile": True}).raise_for_status()
        yield Devpi(client)


def test_devpi(devpi: Devpi, address: str, tmp_path: Path) -> None:
    for file in FILES:
        devpi.upload(file)
    audit = Audit(tmp_path, f"{address}/root/dev/+simple/")

    first = audit.crawl()
    assert first.code == DONE, first
    assert "is asked through its Index API: the index has no JSON API" in first.err
    assert "None of the 5 files has an upload time" in first.out
    assert audit.files("project", "version", "filename", "sha256") == sorted(
        (file.project, file.version, file.filename, file.sha256) for file in FILES
    )
    assert set(audit.files("uploaded_at", "size_bytes", "is_yanked", "requires_python")) == {(None, None, False, None)}
    assert set(audit.rows("releases.parquet", "project", "version", "is_listed")) == {
        (file.project, file.version, False) for file in FILES
    }
    assert audit.rows("set_aside.parquet", "filename") == []

    second = audit.crawl()
    assert (second.code, second.requests, audit.events()) == (DONE, 3, [])

    devpi.delete(devpi.path_of(FILES[0]))
    devpi.delete("/root/dev/spam/2.0")
    devpi.upload(LATE)
    assert audit.crawl().code == DONE
    assert audit.events() == [
        ("appeared", LATE.filename),
        ("vanished", "spam-1.0.tar.gz"),
        ("vanished", "spam-2.0.zip"),
    ]

    code, findings = audit.doctor()
    assert (code, findings["upload times"]["verdict"]) == (FINDINGS, "fail")
    assert findings["upload times"]["finding"] == "0 of 4 files have an upload time"
    assert findings["a crawl"]["finding"] == "asks the Index API: the index has no JSON API"
    assert [findings[about]["verdict"] for about in ("versions", "sizes", "hashes")] == ["warn", "warn", "ok"]
    assert findings["Index API"]["finding"] == "2 of 2 pages read: 4 files, 3 releases"

    devpi.delete("/root/dev/two-words")
    assert audit.crawl().code == DONE
    assert ("vanished", "two_words-2.0rc1-py3-none-any.whl") in audit.events(), "the root does not list it any more"
    assert ("two-words", "missing") in audit.rows("projects.parquet", "project", "status")

    known = (audit.files("filename"), audit.events())
    devpi.delete("/root/dev/spam")
    gone = audit.crawl()
    assert (gone.code, gone.out) == (COULD_NOT_RUN, "")
    assert "--allow-vanishing" in gone.err
    assert (audit.files("filename"), audit.events()) == known, "nothing is committed where everything is gone"
    assert audit.crawl("--whole-index", "--allow-vanishing").code == DONE
    assert audit.files("filename") == []
