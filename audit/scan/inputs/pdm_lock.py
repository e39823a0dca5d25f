"""pdm.lock: the files of each version with their hashes (https://pdm-project.org/en/latest/usage/lockfile/)."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import file_of, input_of, marker_of, name_in, outside, pin_of
from audit.scan.pins import Input, NotOnIndex, Pin

# The fields of a package that is not on an index, and the word for its place.
_ELSEWHERE: Final = {
    "git": "the repository",
    "hg": "the repository",
    "svn": "the repository",
    "bzr": "the repository",
    "url": "the address",
    "path": "the path",
}


class _File(Struct):
    file: str | None = None
    url: str | None = None
    hash: str | None = None


class _Package(Struct):
    name: str
    version: str | None = None
    files: list[_File] = []
    marker: str = ""
    git: str | None = None
    hg: str | None = None
    svn: str | None = None
    bzr: str | None = None
    url: str | None = None
    path: str | None = None


class _Lock(Struct):
    package: list[_Package] = []


def read_pdm_lock(document: Document) -> Input:
    """The pins of a pdm.lock. A project that is listed again for one of its extras is one pin.

    Raises:
        InputError: it is not one.
    """
    return input_of(document, _each(document, document.toml(_Lock)))


def _each(document: Document, lock: _Lock) -> Iterator[Pin | NotOnIndex]:
    seen: set[tuple[object, ...]] = set()
    for number, package in enumerate(lock.package):
        line = document.places.table(number)
        found = _elsewhere(document, package, line) or _pin(document, package, line)
        name = found.project if isinstance(found, Pin) else found.name
        key = (name, package.version, package.marker, *(file.hash for file in package.files))
        if key not in seen:
            yield found
        seen.add(key)


def _elsewhere(document: Document, package: _Package, line: int | None) -> NotOnIndex | None:
    for field, kind in _ELSEWHERE.items():
        if (place := getattr(package, field)) is not None:
            return outside(document, line, package.name, kind, place)
    return None


def _pin(document: Document, package: _Package, line: int | None) -> Pin:
    files = [
        file_of(document, file.file or name_in(file.url or ""), [file.hash] if file.hash else [], line=line)
        for file in package.files
    ]
    is_enforced = bool(files) and all(file.hash for file in package.files)
    marker = marker_of(document, [package.marker], line)
    return pin_of(document, package.name, package.version, files, line, is_enforced=is_enforced, marker=marker)
