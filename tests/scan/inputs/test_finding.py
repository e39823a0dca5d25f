"""Which files of a folder are inputs."""

import os
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.scan.inputs import find, finding


def placed(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def found(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in find(folder)]


def test_known_names_sorted(tmp_path: Path) -> None:
    known = [
        *("Pipfile.lock", "app/uv.lock", "bom.json", "constraints.txt", "dev-requirements.txt", "pdm.lock"),
        *("poetry.lock", "pylock.dev.toml", "pylock.toml", "requirements/anything.txt"),
        *("requirements-test.in", "requirements.txt", "sbom.cdx.json", "sbom.spdx.json"),
    ]
    placed(tmp_path, *reversed(known), "notes.txt", "pyproject.toml", "package.json", "Cargo.lock", "requirements.md")
    assert found(tmp_path) == known


def test_a_list_stands_for_what_it_was_made_of(tmp_path: Path) -> None:
    placed(tmp_path, "requirements.in", "requirements.txt", "requirements/dev.in")
    assert found(tmp_path) == ["requirements/dev.in", "requirements.txt"]


def test_what_is_left_out(tmp_path: Path) -> None:
    for folder in (".git", ".venv", ".tox/a", "node_modules/a", "env/lib/site-packages/a", "env", "build"):
        placed(tmp_path, f"{folder}/uv.lock")
    placed(tmp_path, "env/pyvenv.cfg", "/".join("abcdefghij") + "/uv.lock")
    (tmp_path / "linked").symlink_to(tmp_path)
    (tmp_path / "uv.lock").mkdir()
    (tmp_path / "poetry.lock").symlink_to("poetry.lock")
    (tmp_path / "pylock.toml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pdm.lock")
    assert found(tmp_path) == []


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it cannot be read"):
        find(tmp_path / "gone")


def test_there_is_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    placed(tmp_path, *(f"{number}/uv.lock" for number in range(5)))
    monkeypatch.setattr(finding, "MOST_FOUND", 4)
    with pytest.raises(InputError, match="name those that are meant"):
        find(tmp_path)
