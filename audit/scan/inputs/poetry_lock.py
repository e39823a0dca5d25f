"""poetry.lock: the files of each version with their hashes, of lock versions 1.0 to 2.1 (https://python-poetry.org)."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import file_of, input_of, marker_of, outside, pin_of
from audit.scan.pins import Input, NotOnIndex, Pin

# The words for sources that are not an index.
_ELSEWHERE: Final = {
    "git": "the repository",
    "hg": "the repository",
    "url": "the address",
    "file": "the file",
    "directory": "the folder",
}


class _File(Struct):
    file: str
    hash: str | None = None


class _Source(Struct):
    type: str
    url: str


class _Package(Struct):
    name: str
    version: str
    files: list[_File] = []
    source: _Source | None = None
    marker: str | None = None
    markers: str | dict[str, str] = ""


class _Metadata(Struct, rename="kebab"):
    lock_version: str = "1.0"
    files: dict[str, list[_File]] = {}  # by name, if the packages have no files: before lock version 2


class _Lock(Struct):
    package: list[_Package] = []
    metadata: _Metadata = field(default_factory=_Metadata)


def read_poetry_lock(document: Document) -> Input:
    """The pins of a poetry.lock. If groups ask for a project under different markers, any of them counts.

    Raises:
        InputError: it is not one.
    """
    return input_of(document, _each(document, document.toml(_Lock)))


def _each(document: Document, lock: _Lock) -> Iterator[Pin | NotOnIndex]:
    for number, package in enumerate(lock.package):
        line = document.places.table(number)
        source = package.source
        if source is not None and source.type in _ELSEWHERE:
            yield outside(document, line, package.name, _ELSEWHERE[source.type], source.url)
        else:
            yield _pin(document, package, package.files or lock.metadata.files.get(package.name, []), line)


def _pin(document: Document, package: _Package, files: list[_File], line: int | None) -> Pin:
    for_all = package.markers if isinstance(package.markers, str) else ""
    by_group = list(package.markers.values()) if isinstance(package.markers, dict) else []
    is_always = any(not each.strip() for each in by_group)
    conditions = [] if is_always else [package.marker or "", for_all, *by_group]
    read = [file_of(document, file.file, [file.hash] if file.hash else [], line=line) for file in files]
    is_enforced = bool(files) and all(file.hash for file in files)
    marker = marker_of(document, conditions, line)
    index = package.source.url if package.source else None
    return pin_of(
        document, package.name, package.version, read, line, is_enforced=is_enforced, marker=marker, index=index
    )
