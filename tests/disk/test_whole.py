"""A file is written completely or not at all, and never through a link."""

import errno
import os
import stat
from pathlib import Path

import pytest

from audit.disk import whole
from audit.disk.whole import output, replacing, write_whole
from audit.errors import OutputError, UsageError

NOWHERE = Path("/nowhere")


def full(_: Path) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_place_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")
    with output(target, outside=NOWHERE) as fresh:
        fresh.write_text("new")
        assert target.read_text() == "old"
        assert fresh.stat().st_dev == target.stat().st_dev
    assert (target.read_text(), names(tmp_path)) == ("new", ["report.html"])


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")
    monkeypatch.setattr(whole, "sync_file", full)

    def write() -> None:
        with output(target, outside=NOWHERE) as fresh:
            fresh.write_text("new")

    with pytest.raises(OutputError, match=r"report\.html cannot be written \(No space left on device\)"):
        write()
    assert (target.read_text(), names(tmp_path)) == ("old", ["report.html"])


def test_what_fails_in_the_block_is_not_an_error_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="mine"), output(tmp_path / "a", outside=NOWHERE):
        raise UsageError("mine")
    assert names(tmp_path) == []


def test_the_mode_is_kept_and_a_new_file_has_the_usual_one(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / "usual").write_text("")
        if name == "old":
            (tmp_path / name).write_text("")
            (tmp_path / name).chmod(0o640)
        with output(tmp_path / name, outside=NOWHERE) as fresh:
            fresh.write_text("")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("old", "new", "usual")]
    assert modes == [0o640, modes[2], modes[2]]


def test_a_new_file_replaces_nothing_that_came_meanwhile(tmp_path: Path) -> None:
    target = tmp_path / "a"

    def write() -> None:
        with output(target, outside=NOWHERE, is_new=True) as fresh:
            fresh.write_text("new")
            target.write_text("theirs")

    with pytest.raises(UsageError, match="there already"):
        write()
    assert (target.read_text(), names(tmp_path)) == ("theirs", ["a"])


@pytest.mark.parametrize("target", ["no/file", "folder", "link", "dangling"])
def test_what_is_no_place_for_a_file_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "thesis").write_text("years of work")
    (tmp_path / "link").symlink_to("thesis")
    (tmp_path / "dangling").symlink_to("nothing")
    before = names(tmp_path)
    with pytest.raises(UsageError, match=target.partition("/")[0]), output(tmp_path / target, outside=NOWHERE):
        pass  # pragma: no cover - refused before
    assert ((tmp_path / "thesis").read_text(), names(tmp_path)) == ("years of work", before)


def test_a_pipe_is_written_and_stays_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        with output(tmp_path / "pipe", outside=NOWHERE) as place:
            place.write_bytes(b"rows")
        assert os.read(reader, 100) == b"rows"
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("name", ["own", ".own.part"])
def test_a_link_in_the_way_is_replaced_and_not_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "thesis").write_text("years of work")
    (tmp_path / name).symlink_to("thesis")
    write_whole(tmp_path / "own", b"mine")
    assert not (tmp_path / "own").is_symlink()
    assert (tmp_path / "own").read_bytes() == b"mine"
    assert (tmp_path / "thesis").read_text() == "years of work"
    assert names(tmp_path) == ["own", "thesis"]


def test_a_block_that_fails_leaves_the_old_and_no_part(tmp_path: Path) -> None:
    path = tmp_path / "own"
    path.write_text("old")

    def write() -> None:
        with replacing(path, tmp_path / "part") as part:
            part.write_text("half")
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        write()
    assert (path.read_text(), names(tmp_path)) == ("old", ["own"])


def test_nothing_is_written_into_the_dataset(tmp_path: Path) -> None:
    (tmp_path / "data" / "current").mkdir(parents=True)
    with pytest.raises(UsageError, match="lies in the dataset"):
        whole.check_output(tmp_path / "data" / "current" / "files.parquet", tmp_path / "x" / ".." / "data")
