"""From a path to its pins: what is read at all, and the message if nothing is."""

import io
import os
import sys
from pathlib import Path
from threading import Thread

import pytest

from audit.errors import InputError
from audit.scan.inputs import bounded, read, reading


def test_a_file_by_its_path_a_pipe_and_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "r.txt").write_text("spam==1.0\n", "utf-8")
    assert [pin.source for pin in read(str(tmp_path / "r.txt")).pins] == [str(tmp_path / "r.txt")]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=("eggs==1.0\n",))
    writer.start()
    assert [pin.project for pin in read(str(pipe)).pins] == ["eggs"]
    writer.join()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ham==1.0\n")))
    [pin] = read("-").pins
    assert (pin.source, pin.project, pin.line) == ("-", "ham", 1)


def test_a_byte_order_mark_at_the_start_is_not_text() -> None:
    assert read("uv.lock", text='\ufeffversion = 1\nrequires-python = ">=3"\n'.encode()).pins == []
    assert [pin.project for pin in read("-", text="\ufeffspam==1.0\n".encode()).pins] == ["spam"]


@pytest.mark.parametrize("name", ["gone", "a\0b", "folder"])
def test_what_cannot_be_read_is_reported_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError) as caught:
        read(str(tmp_path / name))
    assert str(tmp_path / name) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_what_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_BYTES", 1 << 20)
    for path in ("/dev/zero", str(tmp_path / "large")):
        (tmp_path / "large").write_bytes(b"#" * ((1 << 20) + 1))
        with pytest.raises(InputError, match="it is larger than 1 MiB"):
            read(path)
    with pytest.raises(InputError, match="it is larger than 1 MiB"):
        read("-", text=b"#" * ((1 << 20) + 1))


def test_there_is_a_limit_of_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PINS", 2)
    with pytest.raises(InputError, match="more than 2 pins"):
        read("-", text=b"a\nb\nc\n")


def test_other_documents_are_recognized() -> None:
    with pytest.raises(InputError, match=r"^pyproject\.toml: it is none of these: uv\.lock, pylock\.toml, "):
        read("pyproject.toml", text=b'[project]\nname = "spam"\n')
