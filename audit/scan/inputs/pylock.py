"""pylock.toml, read by packaging (PEP 751): files with their hashes, and if given with size and upload time.

https://packaging.python.org/en/latest/specifications/pylock-toml/
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from packaging.pylock import Package, PackageSdist, PackageWheel, Pylock, PylockValidationError
from packaging.utils import canonicalize_name

from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import file_of, in_utc, input_of, name_in, outside, pin_of
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedFile

_NUMBER: Final = re.compile(r"packages\[(\d+)\]")


def read_pylock(document: Document) -> Input:
    """The pins of a pylock.toml, each with its marker, which may ask for an extra or a group of dependencies.

    Raises:
        InputError: it is not one.
    """
    content = document.toml(dict[str, Any])
    try:
        lock = Pylock.from_dict(content)
    except PylockValidationError as error:
        found = _NUMBER.match(error.context or "")
        line = document.places.table(int(found[1])) if found else None
        raise document.fault(line, f"{error.context or 'the lock'} does not fit the specification (PEP 751)") from None
    except RecursionError:  # in a marker
        raise document.fault(None, "it is nested too deeply") from None
    return input_of(document, _each(document, lock))


def _each(document: Document, lock: Pylock) -> Iterator[Pin | NotOnIndex]:
    for number, package in enumerate(lock.packages):
        line = document.places.table(number)
        files: list[PackageWheel | PackageSdist] = [*(package.wheels or ())]
        files += [package.sdist] if package.sdist else []
        if not files:
            yield _elsewhere(document, package, line)
        elif all(file.url is None and file.path is not None for file in files):
            yield outside(document, line, package.name, "the file", files[0].path or "")
        else:
            yield _pin(document, package, files, line)


def _pin(document: Document, package: Package, files: list[PackageWheel | PackageSdist], line: int | None) -> Pin:
    version = None if package.version is None else str(package.version)
    marker = None if package.marker is None else str(package.marker)
    read = [_file(document, file, line) for file in files]
    return pin_of(document, package.name, version, read, line, is_enforced=True, marker=marker, index=package.index)


def _file(document: Document, file: PackageWheel | PackageSdist, line: int | None) -> PinnedFile:
    hashes = [f"{kind}:{digits}" for kind, digits in file.hashes.items()]
    uploaded_at = in_utc(document, file.upload_time, line)
    return file_of(document, _filename(file), hashes, size_bytes=file.size, uploaded_at=uploaded_at, line=line)


def _filename(file: PackageWheel | PackageSdist) -> str:
    """The file's name as the index spells it: uv writes a normalized name beside the address."""
    name, in_address = file.filename, name_in(file.url or "")
    is_same = in_address == name or canonicalize_name(in_address) == canonicalize_name(name)
    return in_address if is_same else name


def _elsewhere(document: Document, package: Package, line: int | None) -> NotOnIndex:
    if package.vcs is not None:
        return outside(document, line, package.name, "the repository", package.vcs.url or package.vcs.path or "")
    if package.directory is not None:
        return outside(document, line, package.name, "the folder", package.directory.path)
    if package.archive is not None and package.archive.url is not None:
        return outside(document, line, package.name, "the address", package.archive.url)
    return outside(document, line, package.name, "the file", (package.archive and package.archive.path) or "")
