"""A small file as a stranger may have left it."""

import os
from pathlib import Path

import pytest

from audit.disk.small import read_small


def test_the_bytes_of_a_plain_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 65_536)
    assert read_small(tmp_path / "file") == b"x" * 65_536
    with pytest.raises(FileNotFoundError):
        read_small(tmp_path / "none")


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "large"])
def test_anything_else_is_refused_and_none_waits(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    (tmp_path / "file").write_text("")
    if kind == "link":
        path.symlink_to("file")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"x" * 65_537)
    with pytest.raises(OSError, match=r"symbolic links|not a plain file|longer than 65,536"):
        read_small(path)
