"""A folder is written completely or not at all, and only an own one is ever replaced."""

import errno
import os
import subprocess
from pathlib import Path

import pytest

from audit.disk import folder
from audit.disk.folder import SUMS, check_folder, output_folder
from audit.errors import OutputError, UsageError

MAKER = "a test"
NOWHERE = Path("/nowhere")


def made(target: Path, *names: str) -> Path:
    with output_folder(target, outside=NOWHERE, maker=MAKER) as fresh:
        for name in names:
            (fresh / name).parent.mkdir(exist_ok=True)
            (fresh / name).write_text(name)
    return target


def names(place: Path) -> list[str]:
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


def test_it_takes_its_place_with_the_digests_of_all_that_it_holds(tmp_path: Path) -> None:
    target = made(tmp_path / "out", "b.txt", "sub/a.txt")
    assert names(target) == [SUMS, "b.txt", "sub/a.txt"]
    assert names(tmp_path) == [f"out/{name}" for name in names(target)]
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", SUMS], cwd=target, check=True)


def test_it_replaces_its_own_and_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    made(tmp_path / "out", "old.txt")
    assert names(made(tmp_path / "out", "new.txt")) == [SUMS, "new.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["CNAME", "sub/.git", "new\nline"])
def test_what_somebody_put_there_is_never_replaced(tmp_path: Path, name: str) -> None:
    target = made(tmp_path / "out", "a.txt", "sub/b.txt")
    (target / name).write_text("mine")
    with pytest.raises(UsageError, match="which a test did not make"):
        made(target, "a.txt")
    assert (target / name).read_text() == "mine"


@pytest.mark.parametrize("first", ["# made by another", ""])
def test_a_list_of_digests_of_others_makes_nothing_ones_own(tmp_path: Path, first: str) -> None:
    target = made(tmp_path / "out", "a.txt")
    lines = (target / SUMS).read_text().splitlines(keepends=True)
    (target / SUMS).write_text("".join([f"{first}\n", *lines[1:]]))
    with pytest.raises(UsageError, match="did not make"):
        check_folder(target, NOWHERE, MAKER)


def test_a_link_in_it_is_somebody_elses(tmp_path: Path) -> None:
    target = made(tmp_path / "out", "a.txt")
    (target / "elsewhere").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="'elsewhere'"):
        check_folder(target, NOWHERE, MAKER)


def test_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "data").mkdir()
    for target, message in (
        (tmp_path / "missing" / "out", "make it first"),
        (tmp_path / "file", "is not a folder"),
        (tmp_path / "link", "is a link"),
        (tmp_path / "data" / "out", "lies in the dataset"),
        (tmp_path / "data", "lies in the dataset"),
    ):
        with pytest.raises(UsageError, match=message):
            check_folder(target, tmp_path / "data", MAKER)


@pytest.mark.parametrize("failing", [1, 2])
def test_a_move_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    target = made(tmp_path / "out", "old.txt")
    moves, move = [], Path.rename

    def rename(self: Path, to: Path) -> Path:
        moves.append(self)
        if len(moves) == failing:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return move(self, to)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OutputError, match="out cannot be written"):
        made(target, "new.txt")
    assert names(target) == [SUMS, "old.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_that_comes_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = made(tmp_path / "out", "old.txt")
    sums = folder._sums

    def late(fresh: Path, maker: str) -> str:
        (target / "mine").write_text("mine")
        return sums(fresh, maker)

    monkeypatch.setattr(folder, "_sums", late)
    with pytest.raises(UsageError, match="'mine'"):
        made(target, "new.txt")
    assert names(target) == [SUMS, "mine", "old.txt"]


def test_a_full_disk_is_reported_in_one_line(tmp_path: Path) -> None:
    target = tmp_path / "out"

    def write() -> None:
        with output_folder(target, outside=NOWHERE, maker=MAKER):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OutputError, match=r"out cannot be written \(No space left on device\)"):
        write()
    assert list(tmp_path.iterdir()) == []
