"""Scratch folders are deleted with their process, or when the next one is made."""

import fcntl
import gc
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audit.disk import scratch as module
from audit.disk.scratch import Scratch, drop_left, left_in, scratch

HOLDER = """
import sys; from pathlib import Path; from audit.disk.scratch import Scratch
held = Scratch(Path(sys.argv[1])); (held.path / "spill").write_bytes(b"rows")
print(held.path, flush=True); sys.stdin.read()
"""


@contextmanager
def holder(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process with a scratch folder, until the block or the process ends."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        if process.poll() is None:
            process.communicate("")


def test_it_goes_with_its_block_and_with_its_object(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        (folder / "deep").mkdir()
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []
    held = Scratch(tmp_path)
    del held
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_it_goes_when_the_interpreter_ends(tmp_path: Path) -> None:
    with holder(tmp_path) as (process, folder):
        assert folder.is_dir()
    assert (process.returncode, list(tmp_path.iterdir())) == (0, [])


def test_a_killed_process_leaves_one_that_the_next_drops_and_a_running_one_is_kept(tmp_path: Path) -> None:
    with holder(tmp_path) as (running, kept):
        with holder(tmp_path) as (killed, left):
            killed.send_signal(signal.SIGKILL)
            killed.wait()
        assert left_in(tmp_path) == [left]
        with scratch(tmp_path) as mine:
            assert sorted(tmp_path.iterdir()) == sorted([kept, mine])
            assert left_in(tmp_path) == []
        assert (kept / "spill").read_bytes() == b"rows"
        assert running.poll() is None


@pytest.mark.parametrize("name", [".release-audit-notes", ".release-audit-" + "A" * 32, "x.release-audit-" + "0" * 32])
def test_what_is_named_otherwise_is_a_users(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    drop_left(tmp_path)
    assert (tmp_path / name).is_dir()


def test_a_link_of_such_a_name_is_kept_and_one_within_is_not_followed(tmp_path: Path) -> None:
    theirs, left = tmp_path / "theirs", tmp_path / (".release-audit-" + "0" * 32)
    theirs.mkdir()
    (theirs / "thesis").write_text("years of work")
    link = tmp_path / (".release-audit-" + "1" * 32)
    link.symlink_to(theirs)
    left.mkdir()
    (left / "in").symlink_to(theirs)
    drop_left(tmp_path)
    assert (link.is_symlink(), left.exists(), (theirs / "thesis").read_text()) == (True, False, "years of work")


def test_where_no_folder_can_be_locked_nothing_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(*_: object) -> None:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(fcntl, "flock", unable)
    with scratch(tmp_path) as first, scratch(tmp_path) as second:
        assert (first.is_dir(), second.is_dir()) == (True, True)
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_dropped_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, count = module._locked, 0

    def late(path: Path, flag: int) -> int | None:
        nonlocal count
        count += 1
        handle = locked(path, flag)
        if count == 1:
            path.rmdir()
        return handle

    monkeypatch.setattr(module, "_locked", late)
    with scratch(tmp_path) as folder:
        assert (count, folder.is_dir()) == (2, True)
