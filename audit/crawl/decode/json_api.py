"""Decoder for the JSON API: ``GET /pypi/NAME/json`` (the API reference of PyPI, 'JSON API')."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET, Raw, UnsetType
from packaging.utils import NormalizedName

from audit.crawl.decode.bounds import check_counts, check_parts, is_too_long
from audit.crawl.decode.decoded import Column, Decoded, SetAside, check_project, odd_field
from audit.crawl.decode.filename import kinds_of, wheel_columns
from audit.crawl.decode.lenient import Files, Reader, outline_of
from audit.crawl.decode.placing import VersionFinder
from audit.crawl.decode.sifting import Sieve, drop_edges, faults_of_files
from audit.crawl.decode.wire import QuickSha256, Sha256, Size, Time, check_digests, decode_with, raw_text, serial_from
from audit.errors import DecodeError
from audit.model import MICROSECOND, SECOND, Kind

_KIND_BY_PACKAGETYPE: Final = {f"bdist_{kind}": kind for kind in Kind} | {kind.value: kind for kind in Kind}
NO_RELEASES: Final = "the JSON document has no `releases`: the Index API has them, ask it with --api simple"


class _Digests(msgspec.Struct, gc=False):
    sha256: Sha256 | UnsetType = UNSET


class _File(msgspec.Struct, gc=False):
    filename: str
    digests: _Digests = msgspec.field(default_factory=_Digests)
    packagetype: str | None = None
    size: Size | None = None
    upload_time_iso_8601: Time | None = None
    # Read only where the field above is missing: whole seconds, in UTC though without a zone.
    upload_time: Raw | UnsetType = UNSET
    requires_python: str | None = None
    yanked: bool = False
    yanked_reason: str | None = None


class _QuickDigests(_Digests, gc=False):
    sha256: QuickSha256 | UnsetType = UNSET


class _QuickFile(_File, gc=False):
    digests: _QuickDigests = msgspec.field(default_factory=_QuickDigests)


class _Info(msgspec.Struct):
    name: str


class _Url(msgspec.Struct):
    filename: str


class _Outline(msgspec.Struct, kw_only=True):
    info: _Info
    last_serial: Any = None


class _Document(_Outline, kw_only=True):
    releases: dict[str, list[_QuickFile] | None] | None = None
    urls: list[_Url] | None = None


class _RawDocument(_Outline, kw_only=True):
    releases: dict[str, list[Raw] | None]
    urls: list[Raw] | None = None


@dataclass(slots=True)
class _Read:
    """A document: its outline, its own odd fields, and its files; of ``urls`` the names are read.

    ``counts`` says how many of each release's files could be read: ``files`` has them in this order.
    """

    outline: _Outline
    counts: dict[str, int]
    files: Files[_File]
    urls: Files[_Url]
    set_aside: list[SetAside] = field(default_factory=list)


# The dataset's columns for these fields.
_COLUMNS: Final = {
    "filename": "filename",
    "digests": "sha256",
    "packagetype": "declared_kind",
    "size": "size_bytes",
    "upload_time_iso_8601": "uploaded_at",
    "upload_time": "uploaded_at",
    "requires_python": "requires_python",
    "yanked": "is_yanked",
    "yanked_reason": "yanked_reason",
    "urls": "filename",
}
_DECODER: Final = msgspec.json.Decoder(_Document)
_TIME: Final = msgspec.json.Decoder(datetime | None)
_DOCUMENT_READER: Final = Reader(_RawDocument, _COLUMNS)
_FILE_READER: Final = Reader(_File, _COLUMNS, {"yanked": bool})
_URL_READER: Final = Reader(_Url, _COLUMNS)


def decode_json(project: NormalizedName, body: bytes) -> Decoded:
    """The project in a JSON API document, which names the release of each file.

    A file or a field that does not fit is set aside; the rest is kept. A release that is null has no file.

    If an object has a key twice, the last one counts, as for other readers (RFC 8259 leaves it open): the decoder never
    shows the first, and only a second pass over the document would find it.

    Raises:
        DecodeError: it is not such a document, or is of another project; it contradicts itself; or most of its files do
            not fit.
    """
    check_parts(body)
    read = _read(body)
    check_project(project, read.outline.info.name, "$.info.name")
    versions, serial = read.counts, serial_from(read.outline.last_serial)
    listed = [version for version in versions if not is_too_long(version)]
    check_counts(len(versions), len(read.files.files) + len(read.files.unread))
    _check_urls(read.urls, read.files)
    of_files = [version for version, count in versions.items() for _ in range(count)]
    set_aside = [*read.set_aside, *(odd_field("version", each, "too-long") for each in versions if is_too_long(each))]
    if serial is None and read.outline.last_serial is not None:
        set_aside.append(odd_field("serial", read.outline.last_serial))
    columns = _columns(project, read.files)
    names = [file.filename for file in read.files.files]
    reasons = _faults(VersionFinder(project, listed), names, columns["kind"], of_files)
    sieve = Sieve(columns, of_files, read.files.odd, reasons, [*set_aside, *read.files.unread])
    kept, file_versions, all_set_aside = sieve.sift()
    return Decoded(
        project=project,
        versions=listed,
        file_versions=file_versions,
        files=kept,
        serial=serial,
        set_aside=all_set_aside,
    )


def _read(body: bytes) -> _Read:
    try:
        document = decode_with(_DECODER, body)
        if document.releases is None:
            raise DecodeError("no-releases", NO_RELEASES)
        releases = {version: listed or [] for version, listed in document.releases.items()}
        files: list[_File] = [file for listed in releases.values() for file in listed]
        check_digests([file.digests.sha256 for file in files])
    except DecodeError as error:
        return _read_leniently(body, error)
    counts = {version: len(listed) for version, listed in releases.items()}
    return _Read(document, counts, Files(files), Files(document.urls or []))


def _read_leniently(body: bytes, error: DecodeError) -> _Read:
    """The document, though it does not fit as a whole; raises ``error`` where `outline_of` does."""
    outline, set_aside = outline_of(_DOCUMENT_READER, body, error)
    files: Files[_File] = Files()
    counts = {}
    for version, raws in outline.releases.items():
        counts[version] = files.add(_FILE_READER.read_files(raws or []))
    urls = _URL_READER.read_files(outline.urls or [])
    odd = [*urls.unread, *(each for fields in urls.odd.values() for each in fields)]
    # They only repeat files of the releases, so none is a file of its own.
    set_aside += [replace(each, is_whole_file=False) for each in odd]
    return _Read(outline, counts, files, urls, set_aside)


def _check_urls(urls: Files[_Url], files: Files[_File]) -> None:
    """Checks the latest release, which ``urls`` repeats, against the releases.

    Raises:
        DecodeError: ``contradiction``; ``urls`` has a file that no release has, or has more files.
    """
    filenames = {url.filename for url in urls.files} - {""}
    lacking = filenames.difference(file.filename for file in files.files)
    if lacking:
        raise DecodeError("contradiction", f"`urls` has {min(lacking)[:200]!r}, `releases` lacks it")
    count = len(filenames) + len(urls.unread) + sum(not url.filename for url in urls.files)
    if count > len(files.files) + len(files.unread):
        raise DecodeError("contradiction", f"`urls` has more files ({count:,}) than `releases`")


def _faults(
    finder: VersionFinder, names: Sequence[str], kinds: Sequence[object], versions: Sequence[str]
) -> dict[int, str]:
    """Why some files are set aside, by position."""
    reasons = faults_of_files(names, kinds)
    if any(map(is_too_long, set(versions))):
        reasons = {place: "too-long" for place, each in enumerate(versions) if is_too_long(each)} | reasons
    return reasons | finder.other_names(names, reasons)


def _columns(project: NormalizedName, read: Files[_File]) -> dict[str, Column]:
    files = read.files
    names = [file.filename for file in files]
    kinds = kinds_of(names)
    times, precisions_us = _times(read)
    drop_edges(times, read.odd)
    columns: dict[str, Column] = {
        "filename": names,
        "kind": kinds,
        "declared_kind": _declared([file.packagetype for file in files], kinds),
        "uploaded_at": times,
        "size_bytes": [file.size for file in files],
        "sha256": [file.digests.sha256.lower() if file.digests.sha256 else None for file in files],
        "requires_python": [file.requires_python or None for file in files],
        "is_yanked": [file.yanked for file in files],
        "yanked_reason": [(file.yanked_reason or None) if file.yanked else None for file in files],
        "has_provenance": [None] * len(files),
    }
    return columns | wheel_columns(project, names, kinds) | {"time_precision_us": precisions_us}


def _times(read: Files[_File]) -> tuple[list[datetime | None], list[int]]:
    """When the files were uploaded, and the precision of each time in microseconds."""
    times = [file.upload_time_iso_8601 for file in read.files]
    if all(times):
        return times, [MICROSECOND] * len(times)
    times = [_time_of(file, place, read.odd) for place, file in enumerate(read.files)]
    return times, [*map(_precision_us, read.files)]


def _precision_us(file: _File) -> int:
    """The precision of the file's time: one of the two fields has whole seconds only."""
    is_exact = file.upload_time_iso_8601 is not None or file.upload_time is UNSET
    return MICROSECOND if is_exact else SECOND


def _time_of(file: _File, place: int, odd: dict[int, list[SetAside]]) -> datetime | None:
    """When the file was uploaded; the field without a zone is UTC by its documentation."""
    if file.upload_time_iso_8601 is not None or file.upload_time is UNSET:
        return file.upload_time_iso_8601
    try:
        uploaded_at: datetime | None = _TIME.decode(file.upload_time)
    except msgspec.DecodeError:
        odd.setdefault(place, []).append(SetAside("uploaded_at", raw_text(file.upload_time)))
        return None
    return uploaded_at if uploaded_at is None or uploaded_at.tzinfo else uploaded_at.replace(tzinfo=UTC)


def _declared(packagetypes: Sequence[str | None], kinds: Sequence[Kind | None]) -> Column:
    pairs = set(zip(packagetypes, kinds, strict=True))
    declared = {each: declared_kind(*each) for each in pairs}
    if not any(declared.values()):
        return [None] * len(kinds)
    return [declared[each] for each in zip(packagetypes, kinds, strict=True)]


def declared_kind(packagetype: str | None, kind: Kind | None) -> str | None:
    """What a file is declared as, where that differs from the kind that its name's ending means."""
    return packagetype[:100] if packagetype and _KIND_BY_PACKAGETYPE.get(packagetype) is not kind else None
