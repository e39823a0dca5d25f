"""Pipfile.lock: the hashes of each version, without the files' names (https://pipenv.pypa.io)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from msgspec import Struct, defstruct, field

from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import (
    file_of,
    input_of,
    marker_of,
    outside,
    pin_of,
    short,
    specifiers_of,
    version_in,
)
from audit.scan.pins import Input, NotOnIndex, Pin

_MOST_CATEGORIES: Final = 200
_ELSEWHERE: Final = {
    "git": "the repository",
    "hg": "the repository",
    "svn": "the repository",
    "file": "the address",
    "path": "the path",
}


class _Source(Struct):
    name: str = ""
    url: str = ""


class _Meta(Struct, rename="kebab"):
    sources: list[_Source] = []


class _Package(Struct):
    version: str = ""
    hashes: list[str] = []
    index: str | None = None
    markers: str = ""
    git: str | None = None
    hg: str | None = None
    svn: str | None = None
    file: str | None = None
    path: str | None = None


def read_pipfile_lock(document: Document) -> Input:
    """The pins of a Pipfile.lock, of all its categories: ``default``, ``develop``, and those that a user made.

    Raises:
        InputError: it is not one.
    """
    categories = [name for name in document.json(dict[str, Any]) if name != "_meta"]
    if len(categories) > _MOST_CATEGORIES:
        raise document.fault(None, f"at most {_MOST_CATEGORIES} categories are expected")
    shape = [(f"category_{number}", dict[str, _Package], field(name=name)) for number, name in enumerate(categories)]
    meta = ("meta", _Meta, field(name="_meta", default_factory=_Meta))
    lock: Any = document.json(defstruct("_Lock", [*shape, meta]))
    packages = [each for number in range(len(categories)) for each in getattr(lock, f"category_{number}").items()]
    return input_of(document, _each(document, lock.meta.sources, packages))


def _each(
    document: Document, sources: list[_Source], packages: Sequence[tuple[str, _Package]]
) -> Iterator[Pin | NotOnIndex]:
    indexes = {source.name: source.url for source in sources}
    lone = sources[0].url if len(sources) == 1 else None
    for name, package in {(name, repr(each)): (name, each) for name, each in packages}.values():
        line = document.places.key(name)
        elsewhere = ((kind, getattr(package, place)) for place, kind in _ELSEWHERE.items())
        kind, place = next(((kind, place) for kind, place in elsewhere if place is not None), ("", None))
        if place is not None:
            yield outside(document, line, name, kind, place)
        else:
            yield _pin(document, name, package, line, indexes.get(package.index or "", lone))


def _pin(document: Document, name: str, package: _Package, line: int | None, index: str | None) -> Pin:
    specifiers = specifiers_of(document, package.version, line)
    version = version_in(specifiers)
    files = [file_of(document, None, [each], line=line) for each in package.hashes]
    marker = marker_of(document, [package.markers], line)
    pin = pin_of(document, name, version, files, line, is_enforced=bool(package.hashes), marker=marker, index=index)
    return replace(pin, specifier=short(document, str(specifiers), line))
