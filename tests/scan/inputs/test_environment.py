"""What is installed in an environment."""

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.scan.inputs import installed
from tests.scan.inputs.shown import elsewhere_of, pins_of

TAGS = "Tag: cp311-cp311-manylinux_2_17_x86_64\nTag: cp311-cp311-manylinux2014_x86_64\n"


def placed(folder: Path, name: str, **files: str) -> None:
    place = folder / "lib" / "python3.11" / "site-packages" / name
    place.mkdir(parents=True)
    project, version = name.removesuffix(".dist-info").removesuffix(".egg-info").split("-")
    metadata = f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n"
    for file, text in {"METADATA": metadata, **files}.items():
        (place / file.replace("_json", ".json")).write_text(text, "utf-8")


def test_versions_and_the_file_that_each_must_have_been(tmp_path: Path) -> None:
    placed(tmp_path, "Spam-1.0.dist-info", WHEEL=f"Wheel-Version: 1.0\nBuild: 2\n{TAGS}")
    placed(tmp_path, "built-1.0.dist-info", WHEEL="Tag: cp311-cp311-linux_x86_64\n")
    placed(tmp_path, "plain-1.0.dist-info", WHEEL="Tag: py2-none-any\nTag: py3-none-any\n")
    placed(tmp_path, "old-1.0.egg-info")
    found = installed(tmp_path)
    assert (found.source, found.format) == (str(tmp_path), "installed environment")
    assert pins_of(found) == [
        "None: built 1.0 version",
        "None: old 1.0 version",
        "None: plain 1.0 filename",
        "None: spam 1.0 filename",
    ]
    files = [file for pin in found.pins for file in pin.files]
    assert [file.filename for file in files] == [
        "plain-1.0-py2.py3-none-any.whl",
        "Spam-1.0-2-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    ]
    assert all(file.is_inferred for file in files)


def test_what_came_from_no_index(tmp_path: Path) -> None:
    direct = '{"url": "https://ann:secret@git.example.org/ham.git", "vcs_info": {"vcs": "git", "commit_id": "00"}}'
    placed(tmp_path, "ham-1.0.dist-info", direct_url_json=direct)
    placed(tmp_path, "forge-1.0.dist-info", INSTALLER="conda\n")
    placed(tmp_path, "nameless-1.0.dist-info", METADATA="Metadata-Version: 2.1\n")
    (tmp_path / "lib" / "python3.11" / "site-packages" / "gone-1.0.dist-info").mkdir()
    assert elsewhere_of(installed(tmp_path)) == [
        (None, "forge", "installed by conda"),
        (None, "gone-1.0.dist-info", "broken: it has no metadata"),
        (None, "ham", "the repository https://****@git.example.org/ham.git"),
        (None, "nameless-1.0.dist-info", "broken: its metadata has no name or no version"),
    ]


def test_a_folder_of_packages_and_the_running_environment(tmp_path: Path) -> None:
    placed(tmp_path, "spam-1.0.dist-info")
    assert pins_of(installed(tmp_path / "lib" / "python3.11" / "site-packages")) == ["None: spam 1.0 version"]
    running = {str(pin.project): pin.version for pin in installed(None).pins}
    assert running["pytest"] == version("pytest")
    assert installed(None).source == sys.prefix


def test_of_two_on_the_path_the_first_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        placed(tmp_path / str(number), f"spam-{number}.dist-info")
    packages = [str(tmp_path / str(number) / "lib" / "python3.11" / "site-packages") for number in (2, 1)]
    monkeypatch.setattr(sys, "path", ["", str(tmp_path / "gone"), *packages])
    assert pins_of(installed(None)) == ["None: spam 2 version"]


def test_what_is_not_an_environment_is_an_error(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(InputError, match="an environment is expected"):
            installed(folder)


def test_a_record_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    placed(tmp_path, "spam-1.0.dist-info", direct_url_json="{")
    with pytest.raises(InputError, match=r"spam's direct_url\.json, line 1: it is not JSON"):
        installed(tmp_path)
