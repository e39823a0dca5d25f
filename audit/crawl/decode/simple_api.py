"""Decoder for the Index API: ``GET /simple/NAME/`` as JSON (PEP 691, 700, 740, 792)."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import UNSET, Raw, UnsetType, field
from packaging.utils import NormalizedName

from audit.crawl.decode.api_version import decode_document, newer_version
from audit.crawl.decode.bounds import check_counts, check_parts, is_too_long
from audit.crawl.decode.decoded import Column, Decoded, SetAside, check_project, odd_field
from audit.crawl.decode.filename import kinds_of, wheel_columns
from audit.crawl.decode.lenient import Files, Reader, outline_of
from audit.crawl.decode.placing import VersionFinder, one_spelling
from audit.crawl.decode.sifting import Sieve, drop_edges, faults_of_files
from audit.crawl.decode.wire import QuickSha256, Sha256, Size, Time, check_digests, serial_from
from audit.errors import DecodeError
from audit.model import MICROSECOND


class _Hashes(msgspec.Struct, gc=False):
    sha256: Sha256 | UnsetType = UNSET


class _File(msgspec.Struct, rename="kebab", gc=False):
    filename: str
    hashes: _Hashes = field(default_factory=_Hashes)
    size: Size | None = None
    upload_time: Time | None = None
    requires_python: str | None = None
    yanked: bool | str = False
    provenance: str | UnsetType | None = UNSET


class _QuickHashes(_Hashes, gc=False):
    sha256: QuickSha256 | UnsetType = UNSET


class _QuickFile(_File, gc=False):
    hashes: _QuickHashes = field(default_factory=_QuickHashes)


class _Meta(msgspec.Struct):
    last_serial: Any = field(default=None, name="_last-serial")
    api_version: Any = field(default=None, name="api-version")


class _Status(msgspec.Struct):
    status: str = "active"
    reason: str | None = None


class _Outline(msgspec.Struct, rename="kebab", kw_only=True):
    """A page without its files. No installer asks for more than these."""

    name: str | UnsetType = UNSET
    meta: _Meta = field(default_factory=_Meta)
    versions: list[str] | None = None
    project_status: _Status | None = None


class _Page(_Outline, kw_only=True):
    files: list[_QuickFile]


class _RawPage(_Outline, kw_only=True):
    files: list[Raw]


def _texts(values: object) -> list[str]:
    """The texts among a list's values."""
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []


# The dataset's columns for these fields.
_COLUMNS: Final = {
    "filename": "filename",
    "hashes": "sha256",
    "size": "size_bytes",
    "upload_time": "uploaded_at",
    "requires_python": "requires_python",
    "yanked": "is_yanked",
    "provenance": "has_provenance",
    "name": "project",
    "meta": "serial",
    "versions": "version",
    "project_status": "index_status",
}
_DECODER: Final = msgspec.json.Decoder(_Page)
_PAGE_READER: Final = Reader(_RawPage, _COLUMNS, {"versions": _texts})
# As for pip: any true value yanks the file.
_FILE_READER: Final = Reader(_File, _COLUMNS, {"yanked": bool})


def decode_simple(project: NormalizedName, body: bytes) -> Decoded:
    """The project in an Index API page; the release of each file is found by its name.

    A file or a field that does not fit is set aside; the rest is kept.

    Raises:
        DecodeError: it is not such a page, or is of another project; or most of its files do not fit.
    """
    check_parts(body)
    page, read, set_aside = _read(body)
    if page.name is not UNSET:
        check_project(project, page.name, "$.name")
    listed = page.versions or []
    check_counts(len(listed), len(read.files) + len(read.unread))
    set_aside += [odd_field("version", each, "too-long") for each in listed if is_too_long(each)]
    serial = serial_from(page.meta.last_serial)
    if serial is None and page.meta.last_serial is not None:
        set_aside.append(odd_field("serial", page.meta.last_serial))
    listed = [version for version in listed if not is_too_long(version)]
    finder = VersionFinder(project, listed)
    names = [file.filename for file in read.files]
    columns = _columns(project, read)
    versions, reasons = _placed(finder, names, columns["kind"])
    sieve = Sieve(columns, versions, read.odd, reasons, [*set_aside, *read.unread])
    kept, file_versions, all_set_aside = sieve.sift()
    unlisted = frozenset(version for version in file_versions if not finder.is_listed(version))
    return Decoded(
        project=project,
        versions=list(dict.fromkeys([*listed, *sorted(unlisted)])),
        file_versions=file_versions,
        files=kept,
        serial=serial,
        index_status=page.project_status.status if page.project_status else None,
        index_status_reason=page.project_status.reason if page.project_status else None,
        newer_api=newer_version(page.meta.api_version),
        unlisted=unlisted,
        set_aside=all_set_aside,
    )


def _read(body: bytes) -> tuple[_Outline, Files[_File], list[SetAside]]:
    """The page, its files, and those of its own fields that do not fit."""
    try:
        page = decode_document(_DECODER, body)
        check_digests([file.hashes.sha256 for file in page.files])
        return page, Files([*page.files]), []
    except DecodeError as error:
        outline, set_aside = outline_of(_PAGE_READER, body, error)
    return outline, _FILE_READER.read_files(outline.files), set_aside


def _placed(
    finder: VersionFinder, filenames: Sequence[str], kinds: Sequence[object]
) -> tuple[list[str | None], dict[int, str]]:
    """The release of each file, and why some have none; equal versions that the index does not list are one release."""
    versions: list[str | None] = []
    reasons = faults_of_files(filenames, kinds)
    for place, filename in enumerate(filenames):
        is_fit = place not in reasons
        version = finder.version_of(filename) if is_fit else None
        if is_fit and version is None:
            reasons[place] = finder.why_not(filename)
        versions.append(version)
    spelled = one_spelling(version for version in versions if version and not finder.is_listed(version))
    return [version and spelled.get(version, version) for version in versions], reasons


def _columns(project: NormalizedName, read: Files[_File]) -> dict[str, Column]:
    files = read.files
    names = [file.filename for file in files]
    kinds = kinds_of(names)
    times = [file.upload_time for file in files]
    drop_edges(times, read.odd)
    columns: dict[str, Column] = {
        "filename": names,
        "kind": kinds,
        "declared_kind": [None] * len(names),
        "uploaded_at": times,
        "size_bytes": [file.size for file in files],
        "sha256": [file.hashes.sha256.lower() if file.hashes.sha256 else None for file in files],
        "requires_python": [file.requires_python or None for file in files],
        # An empty reason is no yank: only what is truthy is one (PEP 691), also for pip.
        "is_yanked": [bool(file.yanked) for file in files],
        "yanked_reason": [file.yanked if isinstance(file.yanked, str) and file.yanked else None for file in files],
        "has_provenance": [None if file.provenance is UNSET else bool(file.provenance) for file in files],
    }
    return columns | wheel_columns(project, names, kinds) | {"time_precision_us": [MICROSECOND] * len(files)}
