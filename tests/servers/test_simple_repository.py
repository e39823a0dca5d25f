"""simple-repository-server: for a folder its times are when files were written, for another index that index's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.cli import DONE, FINDINGS
from audit.replay.server import serving
from tests.servers.crawling import Audit, Built, built, release_audit
from tests.servers.running import free_port, served
from tests.servers.upstream import PROJECTS, change, read, record, truth, yank_and_delete

pytestmark = pytest.mark.slow

FIRST_UPLOAD = datetime(2026, 1, 1, tzinfo=UTC)
FILES = [
    built("spam", "1.0", "spam-1.0.tar.gz"),
    built("spam", "1.0", "spam-1.0-py3-none-any.whl"),
    built("two-words", "2.0rc1", "two_words-2.0rc1.tar.gz"),
]
LATE = built("spam", "1.0", "spam-1.0-1-py3-none-any.whl")


@contextmanager
def proxied(source: str, home: Path) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}/simple/"
    command = ["simple-repository-server", "--host", "127.0.0.1", "--port", str(port), source]
    with served(command, address, home):
        yield address


def put(packages: Path, file: Built, written_at: datetime) -> None:
    folder = packages / file.project
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file.filename
    path.write_bytes(file.body)
    os.utime(path, (written_at.timestamp(),) * 2)


def test_a_folder(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    written = {file.filename: FIRST_UPLOAD + timedelta(seconds=n) for n, file in enumerate(FILES)}
    for file in FILES:
        put(packages, file, written[file.filename])
    with proxied(str(packages), tmp_path) as address:
        audit = Audit(tmp_path, address)
        first = audit.crawl()
        assert first.code == DONE, first
        assert "is asked through its Index API: the index has no JSON API" in first.err
        assert audit.files("project", "version", "filename", "size_bytes", "uploaded_at", "sha256") == sorted(
            (file.project, file.version, file.filename, len(file.body), written[file.filename], None) for file in FILES
        )
        assert audit.rows("releases.parquet", "project", "version", "is_listed") == [
            ("spam", "1.0", True),
            ("two-words", "2.0rc1", True),
        ]
        # Other files that its owner keeps there are listed too.
        beside = [f"{file.filename}{end}" for file in FILES[:2] for end in (".asc", ".metadata")]
        for name in beside:
            (packages / "spam" / name).write_text("signed")
        second = audit.crawl()
        assert (second.code, second.requests, audit.events()) == (DONE, 3, [])
        aside = [(name, "unknown-ending") for name in sorted(beside)]
        assert audit.rows("set_aside.parquet", "filename", "reason") == aside

        put(packages, LATE, FIRST_UPLOAD + timedelta(days=30))
        (packages / "spam" / "spam-1.0-py3-none-any.whl").unlink()
        assert audit.crawl().code == DONE
        assert audit.events() == [("appeared", LATE.filename), ("vanished", "spam-1.0-py3-none-any.whl")]
        late = release_audit(tmp_path, "flags", "late-files", "--dataset", str(audit.dataset), "--format", "csv")
        assert f",{LATE.filename}," in late.out
        assert ",spam-1.0.tar.gz," not in late.out

        code, findings = audit.doctor()
        assert (code, findings["upload times"]["verdict"], findings["hashes"]["verdict"]) == (DONE, "ok", "warn")
        assert findings["precision"]["finding"] == "to seconds, by 3 times"
        assert findings["plausible times"]["verdict"] == "ok"
        for path in packages.rglob("*.*"):
            path.touch()  # a copy that did not keep the times
        _, findings = audit.doctor()
        assert findings["plausible times"]["verdict"] == "warn"


def test_a_proxy(tmp_path: Path, crawled_sample: Path) -> None:
    record(tmp_path / "recorded")
    with serving(tmp_path / "recorded") as upstream, proxied(upstream, tmp_path) as address:
        audit = Audit(tmp_path, address)
        first = audit.crawl()
        assert (first.code, first.requests) == (DONE, len(PROJECTS) + 3)
        columns = ("project", "version", "filename", "kind", "size_bytes", "sha256", "is_yanked", "yanked_reason")
        assert audit.files(*columns) == truth(crawled_sample, *columns)
        whole = [(name, time.replace(microsecond=0)) for name, time in truth(crawled_sample, "filename", "uploaded_at")]
        assert audit.files("filename", "uploaded_at") == whole, "it drops the fraction of a second"
        releases = ("project", "version", "is_listed")
        assert audit.rows("releases.parquet", *releases) == truth(crawled_sample, *releases, table="releases")

        second = audit.crawl()
        assert (second.code, second.requests, audit.outcomes()) == (DONE, 1, {"unchanged"}), "its root lists serials"

        before = read(tmp_path / "recorded", "ninja")["files"]
        change(tmp_path / "recorded", "ninja", yank_and_delete)
        third = audit.crawl()
        assert (third.code, third.requests) == (DONE, 2)
        yanked = next(file["filename"] for file in before if not file["yanked"])
        assert audit.events() == [("vanished", before[-1]["filename"]), ("yanked", yanked)]

        code, findings = audit.doctor()
        assert code != FINDINGS
        assert findings["precision"]["finding"].startswith("to seconds, ")
        assert (findings["root serials"]["verdict"], findings["page serials"]["verdict"]) == ("ok", "ok")
