"""When an input was made: by the user, by a real git, by the files in it."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from packaging.utils import NormalizedName

from audit.scan.findings import LockTime
from audit.scan.locked import lock_time
from audit.scan.pins import Input, Pin, PinnedBy, PinnedFile

COMMITTED = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
UPLOADED = datetime(2024, 2, 1, tzinfo=UTC)
GIVEN = datetime(2025, 1, 1, tzinfo=UTC)


def locked(path: Path | str, *uploads: datetime | None) -> Input:
    files = tuple(PinnedFile(f"file-{place}", uploaded_at=at) for place, at in enumerate(uploads))
    return Input(str(path), "uv.lock", [Pin(str(path), 1, NormalizedName("spam"), "1.0", "", PinnedBy.HASH, files)])


def git(folder: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{what}": "x@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    when = {f"GIT_{role}_DATE": COMMITTED.isoformat() for role in ("AUTHOR", "COMMITTER")}
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **who, **when}, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "uv.lock").write_text("version = 1\n")
    git(tmp_path, "add", "uv.lock")
    git(tmp_path, "commit", "--quiet", "-m", "lock")
    return tmp_path


def test_what_the_user_says_comes_first(repository: Path) -> None:
    assert lock_time(locked(repository / "uv.lock", UPLOADED), GIVEN) == LockTime(GIVEN, "given")


def test_the_commit_that_last_changed_the_file(repository: Path) -> None:
    os.utime(repository / "uv.lock", (0, 0))
    assert lock_time(locked(repository / "uv.lock", UPLOADED), None) == LockTime(COMMITTED, "git")


def test_a_file_that_was_changed_since_is_newer_than_its_commit(repository: Path) -> None:
    (repository / "uv.lock").write_text("version = 2\n")
    assert lock_time(locked(repository / "uv.lock", UPLOADED), None) == LockTime(UPLOADED, "newest upload")


def test_a_file_that_is_in_no_commit(repository: Path) -> None:
    (repository / "pylock.toml").write_text("")
    assert lock_time(locked(repository / "pylock.toml", None, UPLOADED), None) == LockTime(UPLOADED, "newest upload")


def test_nothing_says_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uv.lock").write_text("")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert lock_time(locked(tmp_path / "uv.lock", None), None) is None
    assert lock_time(locked("-"), None) is None


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert lock_time(locked(repository / "uv.lock", UPLOADED), None) == LockTime(UPLOADED, "newest upload")


def test_a_repository_makes_git_run_nothing(repository: Path) -> None:
    ran = repository / "ran"
    script = repository / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
    script.chmod(0o755)
    for name in ("core.fsmonitor", "core.sshCommand", "gpg.program", "diff.external", "core.pager"):
        git(repository, "config", name, str(script))
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "filter.evil.clean", str(script))
    (repository / ".gitattributes").write_text("* filter=evil diff=evil\n")
    assert lock_time(locked(repository / "uv.lock", UPLOADED), None) == LockTime(COMMITTED, "git")
    assert not ran.exists()
