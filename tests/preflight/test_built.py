"""Facts from built files: their names, metadata and bytes, and one clear line for each broken one."""

import hashlib
import os
from pathlib import Path

import pytest
from packaging.tags import Tag
from packaging.version import Version

from audit.errors import UsageError
from audit.model import Kind
from audit.preflight.built import BuiltFile, find_built, read_built
from tests.preflight.builders import write
from tests.preflight.test_archive import tarred, zipped

WHEEL = "spam-1.0-1-cp312-cp312-win_amd64.whl"


def read(path: Path) -> BuiltFile:
    [file] = read_built([path])
    return file


def metadata(path: Path, text: str) -> BuiltFile:
    """The file at ``path``, which has this metadata."""
    if path.suffix == ".whl":
        return read(zipped(path, {"spam-1.0.dist-info/METADATA": text.encode()}))
    return read(tarred(path, {"spam-1.0/PKG-INFO": text.encode()}))


def test_a_wheel(tmp_path: Path) -> None:
    path = write(tmp_path, WHEEL)
    file = read(path)
    assert (file.filename, file.kind, file.project, file.version) == (WHEEL, Kind.WHEEL, "spam", Version("1.0"))
    assert file.build == (1, "")
    assert file.tags == {Tag("cp312", "cp312", "win_amd64")}
    assert (file.sha256, file.size_bytes) == (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
    assert (file.fault, file.odd_name, file.odd_metadata) == (None, None, None)


@pytest.mark.parametrize("filename", ["spam-1.0.tar.gz", "spam-1.0.zip"])
def test_an_sdist(filename: str, tmp_path: Path) -> None:
    file = read(write(tmp_path, filename))
    assert (file.kind, file.project, file.version, file.tags) == (Kind.SDIST, "spam", Version("1.0"), frozenset())
    assert (file.fault, file.odd_name) == (None, None)


def test_metadata_decides_and_its_requires_python_is_kept(tmp_path: Path) -> None:
    text = "Metadata-Version: 2.1\nName: Spam\nVersion: 1.0.0\nRequires-Python: >=3.9\n"
    file = metadata(tmp_path / "spam-1.0.tar.gz", text)
    assert (file.project, str(file.version), str(file.requires_python), file.odd_name) == (
        "spam",
        "1.0.0",
        ">=3.9",
        None,
    )


@pytest.mark.parametrize("filename", [WHEEL, "spam-1.0.tar.gz"])
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Name: eggs\nVersion: 1.0\n", "the name says project spam, the metadata eggs"),
        ("Name: spam\nVersion: 1.1\n", "the name says version 1.0, the metadata 1.1"),
    ],
)
def test_metadata_that_contradicts_the_name(filename: str, text: str, why: str, tmp_path: Path) -> None:
    assert metadata(tmp_path / filename, f"Metadata-Version: 2.1\n{text}").odd_name == why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'name' is a required field"),
        ("Metadata-Version: 2.1\nName: spam\n", "'version' is a required field"),
        ("Metadata-Version: 2.1\nName: spam\nVersion: one\n", "'one' is invalid for 'version'"),
        ("Metadata-Version: 2.1\nName: ../spam\nVersion: 1.0\n", "'../spam' is invalid for 'name'"),
        ("Metadata-Version: 2.1\nName: spam\nVersion: 1.0\nRequires-Python: three\n", "invalid for 'requires-python'"),
    ],
)
def test_metadata_that_cannot_be_read(text: str, why: str, tmp_path: Path) -> None:
    fault = metadata(tmp_path / "spam-1.0.tar.gz", text).fault
    assert fault is not None
    assert fault.startswith("its metadata cannot be read (")
    assert why in fault
    assert "\n" not in fault


def test_metadata_that_breaks_the_specification_is_read_and_reported(tmp_path: Path) -> None:
    file = metadata(tmp_path / WHEEL, "Metadata-Version: 2.1\nName: spam\nVersion: 1.0\nFlavour: egg\n")
    assert (file.project, file.fault, file.odd_metadata) == ("spam", None, "unrecognized field: 'flavour'")


@pytest.mark.parametrize(
    ("filename", "why"),
    [
        ("spam-1.0-py3-none.whl", "Invalid wheel filename (wrong number of parts)"),
        ("spam-one-py3-none-any.whl", "Invalid wheel filename (invalid version)"),
        ("spam.tar.gz", "Invalid sdist filename"),
        ("spam-1.0.egg", "its name ends neither in .whl (a wheel) nor in .tar.gz (an sdist)"),
        ("README.md", "its name ends neither in .whl (a wheel) nor in .tar.gz (an sdist)"),
        ("spam\x1b[31m-1.0.tar.gz", "there are characters in it that cannot be printed"),
    ],
)
def test_a_bad_name(filename: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / filename
    path.write_bytes(b"x")
    file = read(path)
    assert file.odd_name is not None
    assert file.odd_name.startswith(why)


def test_what_is_empty_or_cut_short_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path, "spam-1.0.tar.gz")
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert "not a complete .tar.gz archive" in str(read(path).fault)
    path.write_bytes(b"")
    file = read(path)
    assert (file.fault, file.project, file.version) == ("it is empty", "spam", Version("1.0"))


def test_what_is_to_be_uploaded(tmp_path: Path) -> None:
    wheel, sdist = write(tmp_path, WHEEL), write(tmp_path, "spam-1.0.tar.gz")
    for beside in (f"{WHEEL}.asc", f"{WHEEL}.publish.attestation", ".gitignore"):
        (tmp_path / beside).write_text("x")
    (tmp_path / "folder").mkdir()
    expected = [wheel, sdist]
    assert find_built([f"{tmp_path}/*"]) == expected
    assert find_built([str(tmp_path)]) == expected
    assert find_built([str(sdist), str(wheel), str(sdist)]) == expected


def test_files_that_cannot_be_meant(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there: build first"):
        find_built([f"{tmp_path}/*"])
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="no built file is there"):
        find_built([f"{tmp_path}/*"])
    with pytest.raises(UsageError, match="folder: no built file is there"):
        find_built([str(tmp_path / "folder")])
    one, other = write(tmp_path, WHEEL), write(tmp_path / "folder", WHEEL)
    with pytest.raises(UsageError, match="have the same name"):
        find_built([str(one), str(other)])
    os.mkfifo(tmp_path / "spam-1.0.tar.gz")
    with pytest.raises(UsageError, match=r"spam-1\.0\.tar\.gz is not a file"):
        read_built([tmp_path / "spam-1.0.tar.gz"])
