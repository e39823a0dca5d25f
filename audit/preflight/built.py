"""Built files: facts from their names, metadata and bytes. No index is asked here."""

import glob
import hashlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from packaging.metadata import InvalidMetadata, Metadata
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.utils import (
    BuildTag,
    InvalidSdistFilename,
    InvalidWheelFilename,
    NormalizedName,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from audit.errors import UsageError
from audit.model import Kind
from audit.preflight.archive import ArchiveError, first_line, sdist_metadata, wheel_metadata

# Files that accompany a built file: signatures, attestations (PEP 740), hashes.
BESIDE: Final = (".asc", ".sig", ".sigstore", ".sigstore.json", ".attestation", ".metadata", ".sha256")
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One built file.

    Args:
        filename: its name, without a folder.
        sha256: of its bytes, 64 hex digits.
        kind: wheel or sdist by the ending of its name; None: neither.
        project, version: from its metadata, else from its name; None: unknown.
        build: the build tag of a wheel; empty: none.
        tags: of a wheel.
        requires_python: by its metadata.
        odd_name: why no installer or index would accept its name, or that its metadata differs; None: it fits.
        fault: why it cannot be read; None: it can.
        odd_metadata: what in its metadata does not follow the specification; None: all does.
    """

    filename: str
    sha256: str
    size_bytes: int
    kind: Kind | None = None
    project: NormalizedName | None = None
    version: Version | None = None
    build: BuildTag = ()
    tags: frozenset[Tag] = frozenset()
    requires_python: SpecifierSet = field(default_factory=SpecifierSet)
    odd_name: str | None = None
    fault: str | None = None
    odd_metadata: str | None = None


def find_built(given: Sequence[str]) -> list[Path]:
    """The files that paths and patterns name, each once, sorted by name; without accompanying files and folders.

    A folder that is named itself stands for the files in it.

    Raises:
        UsageError: one names nothing, two files have the same name, or a name is not text.
    """
    paths: dict[Path, None] = {}
    for each in given:
        is_folder = bool(each) and Path(each).is_dir()
        pattern = f"{glob.escape(each)}/*" if is_folder else each
        found = [each] if Path(each).exists() and not is_folder else glob.glob(pattern)
        if not found and not is_folder:
            raise UsageError(f"{each} is not there: build first, or name the files to upload")
        paths |= dict.fromkeys(map(Path, found))
    files = sorted((path for path in paths if _is_meant(path)), key=lambda path: (path.name, str(path)))
    if not files:
        raise UsageError(f"{', '.join(given)}: no built file is there: build first, or name the files to upload")
    for path in files:
        if not _is_text(path.name):
            raise UsageError(f"{path} has a name that is not UTF-8, which no index takes: give it another one")
    for one, other in itertools.pairwise(files):
        if one.name == other.name:
            raise UsageError(f"{one} and {other} have the same name: an index takes only one of them, so name that one")
    return files


def _is_meant(path: Path) -> bool:
    return not path.is_dir() and not path.name.endswith(BESIDE)


def _is_text(name: str) -> bool:
    """Whether a name is text: bytes that cannot be decoded are in a name as half of a surrogate pair."""
    return all(not 0xD800 <= ord(char) <= 0xDFFF for char in name)


def read_built(paths: Iterable[Path]) -> list[BuiltFile]:
    """Reads the files; a broken one says why.

    Raises:
        UsageError: one is not a file, or cannot be read.
    """
    return [_read(path) for path in paths]


def _read(path: Path) -> BuiltFile:
    if not path.is_file():  # a pipe would wait forever
        raise UsageError(f"{path} is not a file")
    try:
        sha256, size = _digest(path)
        named = _by_name(BuiltFile(path.name, sha256, size))
        if not size:
            return replace(named, fault="it is empty")
        if named.kind is None:
            return named
        return _by_metadata(named, _metadata(path, named.kind))
    except ArchiveError as error:
        return replace(named, fault=str(error))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _digest(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _metadata(path: Path, kind: Kind) -> bytes:
    return wheel_metadata(path) if kind is Kind.WHEEL else sdist_metadata(path)


def _by_name(file: BuiltFile) -> BuiltFile:
    """The facts from the name."""
    name = file.filename
    if not name.isprintable():
        return replace(file, odd_name="there are characters in it that cannot be printed")
    try:
        if name.endswith(".whl"):
            project, version, build, tags = parse_wheel_filename(name)
            return replace(file, kind=Kind.WHEEL, project=project, version=version, build=build, tags=tags)
        if name.endswith((".tar.gz", ".zip")):
            project, version = parse_sdist_filename(name)
            return replace(file, kind=Kind.SDIST, project=project, version=version)
    except InvalidWheelFilename as error:
        return replace(file, kind=Kind.WHEEL, odd_name=first_line(error))
    except InvalidSdistFilename as error:
        return replace(file, kind=Kind.SDIST, odd_name=first_line(error))
    return replace(file, odd_name="its name ends neither in .whl (a wheel) nor in .tar.gz (an sdist)")


def _by_metadata(file: BuiltFile, content: bytes) -> BuiltFile:
    """The file with the facts from its metadata, which an index uses; its name must agree."""
    try:
        metadata, odd = _parsed(content)
        project, version = canonicalize_name(metadata.name, validate=True), metadata.version
        requires = metadata.requires_python or SpecifierSet()
    except (InvalidMetadata, ValueError, UnicodeError) as error:
        return replace(file, fault=f"its metadata cannot be read ({first_line(error)})")
    contradiction = None
    if file.project is not None and file.project != project:
        contradiction = f"the name says project {file.project}, the metadata {project}"
    elif file.version is not None and file.version != version:
        contradiction = f"the name says version {file.version}, the metadata {version}"
    return replace(
        file,
        project=project,
        version=version,
        requires_python=requires,
        odd_name=file.odd_name or contradiction,
        odd_metadata=odd,
    )


def _parsed(content: bytes) -> tuple[Metadata, str | None]:
    """The metadata, and the first thing in it that does not follow the specification."""
    try:
        return Metadata.from_email(content, validate=True), None
    except ExceptionGroup as group:
        return Metadata.from_email(content, validate=False), first_line(group.exceptions[0])
