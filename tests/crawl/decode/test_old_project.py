"""A project as old as pyzmq: many eggs and installers, dev versions, files that spell their version otherwise.

Its pages are made from the release of each file, so the right result is known; nothing may be lost.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from packaging.utils import NormalizedName
from packaging.version import Version

from audit.crawl.decode import Decoded, decode_json, decode_simple
from audit.model import Kind
from tests.pages import file

OLD: Final = NormalizedName("old-zmq")
# Each is the beginning of another, or equal to none but itself.
VERSIONS: Final = [
    "2.0.1", "2.0.10", "2.0.10.1", "2.1.0dev", "2.1.0", "2.1.0.1", "2.1.1-dev20110301", "2.1.10",
    "14.6.0", "15.0.0.dev1", "15.0.0", "15.0.0b2", "22.0.0rc1", "22.0.0",
]  # fmt: skip
PYTHONS: Final = ["2.5", "2.6", "2.7", "3.1", "3.4", "3.10"]
ENDINGS: Final = {".egg": Kind.EGG, ".exe": Kind.WININST, ".msi": Kind.MSI, ".whl": Kind.WHEEL}


def names(version: str) -> Iterator[str]:
    """The files of a release, as setuptools, distutils and wheel name them."""
    escaped = version.replace("-", "_")
    yield from (f"old-zmq-{version}.tar.gz", f"old-zmq-{version}.zip")
    for python in PYTHONS:
        yield from (f"old_zmq-{escaped}-py{python}-{on}.egg" for on in ("win32", "win-amd64", "macosx-10.6-intel"))
        yield from (
            f"old-zmq-{version}.{on}-py{python}.{end}" for on in ("win32", "win-amd64") for end in ("exe", "msi")
        )
    yield f"old_zmq-{Version(version)}-cp34-cp34m-win32.whl"
    yield f"old_zmq-{Version(version)}-1-py3-none-any.whl"
    if version == "14.6.0":
        yield "old_zmq-14.6.00-py2.7-macosx-10.6-x86_64.egg"


RELEASE_OF: Final = {name: version for version in VERSIONS for name in names(version)}


def kind_of(name: str) -> Kind:
    return next((kind for ending, kind in ENDINGS.items() if name.endswith(ending)), Kind.SDIST)


def page(**changes: Any) -> bytes:
    body = {"meta": {"api-version": "1.1"}, "name": OLD, "versions": VERSIONS, "files": [*map(file, RELEASE_OF)]}
    return json.dumps({key: value for key, value in (body | changes).items() if value is not None}).encode()


def document() -> bytes:
    def entry(name: str) -> dict[str, Any]:
        kind = kind_of(name)
        listed = file(name)
        return {
            "filename": name,
            "packagetype": "sdist" if kind is Kind.SDIST else f"bdist_{kind}",
            "digests": listed["hashes"],
            "size": listed["size"],
            "upload_time_iso_8601": listed["upload-time"],
            "requires_python": None,
            "yanked": False,
            "yanked_reason": None,
        }

    releases = {version: [*map(entry, names(version))] for version in VERSIONS}
    return json.dumps({"info": {"name": OLD}, "last_serial": 1, "releases": releases}).encode()


def placed(project: Decoded) -> dict[str, str]:
    """The release of each file."""
    return {str(name): version for name, version in zip(project.files["filename"], project.file_versions, strict=True)}


@pytest.mark.parametrize(
    "project",
    [
        pytest.param(decode_simple(OLD, page()), id="simple"),
        pytest.param(decode_simple(OLD, page(versions=VERSIONS[::-1])), id="simple-turned"),
        pytest.param(decode_json(OLD, document()), id="json"),
    ],
)
def test_it_is_whole(project: Decoded) -> None:
    assert placed(project) == RELEASE_OF
    assert sorted(project.versions) == sorted(VERSIONS)
    assert (list(project.set_aside), list(project.unlisted)) == ([], [])
    kinds = dict(zip(project.files["filename"], project.files["kind"], strict=True))
    assert kinds == {name: kind_of(name) for name in RELEASE_OF}


def test_it_is_whole_where_no_versions_are_listed() -> None:
    project = decode_simple(OLD, page(versions=None))
    found = placed(project)
    assert {name: Version(version) for name, version in found.items()} == {
        name: Version(version) for name, version in RELEASE_OF.items()
    }
    assert list(project.set_aside) == []
    assert set(project.unlisted) == set(found.values())
    assert len(set(found.values())) == len(VERSIONS), "equal versions are one release"
