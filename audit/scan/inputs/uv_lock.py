"""uv.lock: all files of each version, with hash, size and upload time (https://docs.astral.sh/uv/concepts/resolution)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import Size, file_of, input_of, marker_of, name_in, outside, pin_of
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedFile

# The fields of a source that is not an index, and the word for its place.
_ELSEWHERE: Final = {
    "git": "the repository",
    "url": "the address",
    "path": "the file",
    "directory": "the folder",
    "editable": "the folder",
    "virtual": "the folder",
}


class _Source(Struct):
    registry: str | None = None
    git: str | None = None
    url: str | None = None
    path: str | None = None
    directory: str | None = None
    editable: str | None = None
    virtual: str | None = None


class _File(Struct, rename="kebab"):
    url: str | None = None
    path: str | None = None
    filename: str | None = None
    hash: str | None = None
    size: Size | None = None
    upload_time: datetime | None = None


class _Package(Struct, rename="kebab"):
    name: str
    source: _Source
    version: str = ""
    sdist: _File | None = None
    wheels: list[_File] = []
    resolution_markers: list[str] = []


class _Manifest(Struct):
    members: list[str] = []


class _Lock(Struct):
    version: int
    package: list[_Package] = []
    manifest: _Manifest = msgspec.field(default_factory=_Manifest)


def read_uv_lock(document: Document) -> Input:
    """The pins of a uv.lock. The project itself and the members of its workspace are not pins.

    The marker of a pin is that of its fork of the resolution; which dependency asks for it is not followed.

    Raises:
        InputError: it is not one.
    """
    return input_of(document, _each(document, document.toml(_Lock)))


def _each(document: Document, lock: _Lock) -> Iterator[Pin | NotOnIndex]:
    own = {*lock.manifest.members}
    for number, package in enumerate(lock.package):
        line = document.places.table(number)
        if _is_own(package, own):
            continue
        if package.source.registry is not None and "://" in package.source.registry:
            yield _pin(document, package, line)
        else:
            yield _elsewhere(document, package, line)


def _is_own(package: _Package, own: set[str]) -> bool:
    """Whether it is the project that is locked, or a member of its workspace."""
    folder = package.source.virtual or package.source.editable
    return folder is not None and (folder == "." or package.name in own)


def _pin(document: Document, package: _Package, line: int | None) -> Pin:
    files = [_file(document, each, line) for each in (package.sdist, *package.wheels) if each is not None]
    is_enforced = bool(files) and all(each.hash for each in (package.sdist, *package.wheels) if each is not None)
    marker = marker_of(document, package.resolution_markers, line)
    index = package.source.registry
    version = package.version
    return pin_of(document, package.name, version, files, line, is_enforced=is_enforced, marker=marker, index=index)


def _file(document: Document, file: _File, line: int | None) -> PinnedFile:
    name = file.filename or name_in(file.url or file.path or "")
    hashes = [file.hash] if file.hash else []
    return file_of(document, name, hashes, size_bytes=file.size, uploaded_at=file.upload_time, line=line)


def _elsewhere(document: Document, package: _Package, line: int | None) -> NotOnIndex:
    for field, kind in _ELSEWHERE.items():
        if (place := getattr(package.source, field)) is not None:
            return outside(document, line, package.name, kind, place)
    if package.source.registry is not None:
        return outside(document, line, package.name, "the folder", package.source.registry)
    raise document.fault(line, "a source is expected: registry, git, url, path, directory, editable or virtual")
