"""The metadata in archives: found in the right place, and never more read than the limits allow."""

import contextlib
import gzip
import io
import tarfile
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.preflight.archive import ArchiveError, sdist_metadata, wheel_metadata
from tests.preflight.builders import write


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, members: Mapping[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, len(content), "/etc/passwd"
            archive.addfile(member, io.BytesIO(content))
    return path


def test_what_installers_take_is_read(tmp_path: Path) -> None:
    for filename in ("spam-1.0.tar.gz", "spam-1.0.zip"):
        assert b"Name: spam\n" in sdist_metadata(write(tmp_path, filename))
    assert b"Name: spam\n" in wheel_metadata(write(tmp_path, "spam-1.0-py3-none-any.whl"))


def test_a_pkg_info_that_is_not_at_the_top_does_not_count(tmp_path: Path) -> None:
    members = {"spam-1.0/src/PKG-INFO": b"deep", "PKG-INFO": b"outside", "../PKG-INFO": b"above", "/PKG-INFO": b"root"}
    with pytest.raises(ArchiveError, match="it has no PKG-INFO at its top"):
        sdist_metadata(tarred(tmp_path / "spam-1.0.tar.gz", members))
    right = members | {"spam-1.0/PKG-INFO": b"right"}
    assert sdist_metadata(tarred(tmp_path / "spam-1.0.tar.gz", right)) == b"right"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_a_link_is_not_followed(kind: bytes, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="its PKG-INFO is not a file"):
        sdist_metadata(tarred(tmp_path / "spam-1.0.tar.gz", {"spam-1.0/PKG-INFO": b""}, kind))


@pytest.mark.parametrize(
    ("members", "count"),
    [
        ({}, 0),
        ({"spam-1.0.dist-info/RECORD": b""}, 0),
        ({"deep/spam-1.0.dist-info/METADATA": b""}, 0),
        ({"/spam-1.0.dist-info/METADATA": b""}, 0),
        ({"spam-1.0.dist-info/METADATA": b"", "eggs-1.0.dist-info/METADATA": b""}, 2),
    ],
)
def test_a_wheel_has_one_metadata(members: dict[str, bytes], count: int, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=f"^it has {count} METADATA at its top, but must have one$"):
        wheel_metadata(zipped(tmp_path / "spam-1.0-py3-none-any.whl", members))


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spam-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content in (b"Name: spam", b"Name: eggs"):
            archive.writestr("spam-1.0.dist-info/METADATA", content)
    with pytest.raises(ArchiveError, match="it has 2 METADATA"):
        wheel_metadata(path)


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    bomb = bytes(64 * 1024 * 1024)
    wheel = zipped(tmp_path / "spam-1.0-py3-none-any.whl", {"spam-1.0.dist-info/METADATA": bomb})
    with pytest.raises(ArchiveError, match=r"^its METADATA is longer than 4,194,304 bytes$"):
        wheel_metadata(wheel)
    metadata = tarred(tmp_path / "spam-1.0.tar.gz", {"spam-1.0/PKG-INFO": bomb})
    with pytest.raises(ArchiveError, match=r"^its PKG-INFO is longer than 4,194,304 bytes$"):
        sdist_metadata(metadata)
    before = tarred(tmp_path / "spam-1.0.tar.gz", {"spam-1.0/zeros": bomb, "spam-1.0/PKG-INFO": b"Name: spam"})
    with pytest.raises(ArchiveError, match=r"^it unpacks to more than 1,000,000 bytes"):
        sdist_metadata(before, most=1_000_000)
    assert sdist_metadata(before) == b"Name: spam"


def test_a_size_that_lies_does_not_get_more(tmp_path: Path) -> None:
    path = zipped(tmp_path / "spam-1.0-py3-none-any.whl", {"spam-1.0.dist-info/METADATA": bytes(100_000)})
    packed = path.read_bytes()
    at = packed.rindex(b"PK\x01\x02") + 24  # the size unpacked, in the directory at the end
    path.write_bytes(packed[:at] + (10).to_bytes(4, "little") + packed[at + 4 :])
    with pytest.raises(ArchiveError):
        wheel_metadata(path, longest=1_000)


@pytest.mark.parametrize("filename", ["spam-1.0.tar.gz", "spam-1.0.zip", "spam-1.0-py3-none-any.whl"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(data=st.data())
def test_every_broken_archive_raises_one_kind_of_error(filename: str, data: st.DataObject, tmp_path: Path) -> None:
    whole = write(tmp_path, filename).read_bytes()
    path = tmp_path / f"broken-{filename}"
    kept = data.draw(st.integers(0, len(whole)))
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole[:kept] if data.draw(st.booleans()) else whole)
    if at < len(changed):
        changed[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    read = wheel_metadata if filename.endswith(".whl") else sdist_metadata
    with contextlib.suppress(ArchiveError):  # whatever else is raised reaches the user
        read(path)


def test_a_zip_that_points_before_its_beginning_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "spam-1.0-py3-none-any.whl", {"spam-1.0.dist-info/METADATA": b"Name: spam\n"})
    content = bytearray(path.read_bytes())
    content[-5] ^= 0x80  # where the list of its members begins
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="not a complete zip archive"):
        wheel_metadata(path)
    with pytest.raises(FileNotFoundError):
        wheel_metadata(tmp_path / "nosuch.whl")


def test_a_tar_that_is_not_compressed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spam-1.0.tar.gz"
    for body in (b"", b"PK\x03\x04", b"<html>", gzip.compress(b"no tar"), gzip.compress(b"x" * 2_000)):
        path.write_bytes(body)
        with pytest.raises(ArchiveError) as error:
            sdist_metadata(path)
        assert "\n" not in str(error.value)
