"""proxpi: a cache of another index, without times, sizes and versions."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from audit.cli import DONE, FINDINGS
from audit.replay.server import serving
from tests.servers.crawling import Audit
from tests.servers.running import free_port, served
from tests.servers.upstream import PROJECTS, change, read, record, truth, yank_and_delete

pytestmark = pytest.mark.slow


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    record(tmp_path / "recorded")
    port = free_port()
    top = f"http://127.0.0.1:{port}"
    command = ["flask", "--app", "proxpi.server", "run", "--host", "127.0.0.1", "--port", str(port)]
    with (
        serving(tmp_path / "recorded") as upstream,
        served(command, f"{top}/health", tmp_path, {"PROXPI_INDEX_URL": upstream, "PROXPI_CACHE_DIR": str(tmp_path)}),
    ):
        yield top


def test_proxpi(address: str, tmp_path: Path, crawled_sample: Path) -> None:
    audit = Audit(tmp_path, f"{address}/index/")
    first = audit.crawl()
    assert (first.code, first.requests) == (DONE, len(PROJECTS) + 3), first
    assert "is asked through its Index API: the index has no JSON API" in first.err
    columns = ("project", "filename", "kind", "sha256", "is_yanked", "yanked_reason", "requires_python")
    assert audit.files(*columns) == truth(crawled_sample, *columns)
    assert set(audit.files("uploaded_at", "size_bytes")) == {(None, None)}
    names, listed = audit.files("filename", "version"), truth(crawled_sample, "filename", "version")
    # Only `versions` says which of a file's possible releases exist; without it only the name is read.
    assert {(own[1], expected[1]) for own, expected in zip(names, listed, strict=True) if own != expected} == {
        ("0.15.post1", "0.15"),
        ("0.15.1-post1", "0.15.1"),
        ("0.21.post1", "0.21"),
    }
    assert set(audit.rows("releases.parquet", "version", "is_listed")) == {(version, False) for _, version in names}
    assert audit.rows("set_aside.parquet", "filename") == []

    log = tmp_path / "server.log"
    before_second = log.read_text("utf-8")
    second = audit.crawl()
    assert (second.code, second.requests, audit.events()) == (DONE, len(PROJECTS) + 1, [])
    asked = re.findall(r'"\S*GET (/\S+) HTTP', log.read_text("utf-8").removeprefix(before_second))
    assert sorted(asked) == ["/index/", *(f"/index/{project}/" for project in PROJECTS)], "the API is not chosen again"

    before = read(tmp_path / "recorded", "ninja")["files"]
    change(tmp_path / "recorded", "ninja", yank_and_delete)
    audit.crawl()
    assert audit.events() == [], "the cache has not looked again"
    httpx.delete(f"{address}/cache/ninja", trust_env=False).raise_for_status()
    assert audit.crawl().code == DONE
    yanked = next(file["filename"] for file in before if not file["yanked"])
    assert audit.events() == [("vanished", before[-1]["filename"]), ("yanked", yanked)]

    code, findings = audit.doctor()
    assert (code, findings["upload times"]["verdict"]) == (FINDINGS, "fail")
    assert [findings[about]["verdict"] for about in ("versions", "sizes", "hashes")] == ["warn", "warn", "ok"]
