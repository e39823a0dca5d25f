"""pypiserver: HTML only, so there is nothing to crawl, and one line says so."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from audit.cli import COULD_NOT_RUN, FINDINGS
from tests.servers.crawling import Audit, built
from tests.servers.running import free_port, served

pytestmark = pytest.mark.slow

FILES = [
    built("spam", "1.0", "spam-1.0.tar.gz"),
    built("spam", "1.0", "spam-1.0-py3-none-any.whl"),
]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    packages, port = tmp_path / "packages", free_port()
    packages.mkdir()
    command = ["pypi-server", "run", "--port", str(port), "--host", "127.0.0.1", "--disable-fallback"]
    open_to_all = ["--authenticate", ".", "--passwords", "."]
    top = f"http://127.0.0.1:{port}"
    with served([*command, *open_to_all, str(packages)], f"{top}/health", tmp_path):
        yield top


def test_pypiserver(address: str, tmp_path: Path) -> None:
    for file in FILES:
        form = {":action": "file_upload", "name": file.project, "version": file.version}
        content = {"content": (file.filename, file.body)}
        httpx.post(address, data=form, files=content, trust_env=False, timeout=300).raise_for_status()
    audit = Audit(tmp_path, f"{address}/simple/")

    for which in (["--whole-index"], ["--project", "spam"], ["--project", "spam", "--api", "simple"]):
        ended = audit.crawl(*which)
        assert (ended.code, ended.out) == (COULD_NOT_RUN, ""), which
        [line] = ended.err.splitlines()
        assert line.startswith("release-audit: ")
        assert audit.index_url in line
        assert "HTML (PEP 503)" in line
        assert "HTML has no upload times" in line
        assert not (audit.dataset / "files.parquet").exists(), "nothing is committed"

    code, findings = audit.doctor("--project", "spam")
    assert (code, findings["a crawl"]["verdict"], findings["Index API"]["verdict"]) == (FINDINGS, "fail", "fail")
    assert "cannot be crawled: it answers with HTML (PEP 503)" in findings["a crawl"]["finding"]
    code, findings = audit.doctor()
    assert (code, findings["a crawl"]["verdict"], findings["index root"]["verdict"]) == (FINDINGS, "fail", "fail")
