"""Decoder for the JSON API: ``GET /pypi/NAME/json`` (the API reference of PyPI, 'JSON API')."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType
from packaging.utils import NormalizedName

from audit.decode.bounds import check_counts, check_lengths, check_parts
from audit.decode.decoded import Column, Decoded, check_filenames, check_project, check_times
from audit.decode.filename import wheel_columns
from audit.decode.wire import Serial, Size, Time, decode_with, serial_from
from audit.errors import DecodeError
from audit.model import Kind

KIND_BY_PACKAGETYPE = {f"bdist_{kind}": kind.value for kind in Kind} | {"sdist": Kind.SDIST.value}

NO_RELEASES = "the JSON document has no `releases`: the Index API tells them, ask it with --api simple"


class _Digests(msgspec.Struct, gc=False):
    sha256: str | None = None


class _File(msgspec.Struct, gc=False):
    filename: str
    digests: _Digests
    packagetype: str | None = None
    size: Size | None = None
    upload_time_iso_8601: Time | None = None
    requires_python: str | None = None
    yanked: bool = False
    yanked_reason: str | None = None


class _Info(msgspec.Struct):
    name: str


class _Document(msgspec.Struct):
    info: _Info
    releases: dict[str, list[_File]] | UnsetType = UNSET
    last_serial: Serial | str | None = None


_DECODER = msgspec.json.Decoder(_Document)


def decode_json(project: NormalizedName, body: bytes) -> Decoded:
    """The project that a JSON API document tells; the document names the release of each file.

    Of a key that an object holds twice the last one counts, as for every other reader of the document (RFC 8259 leaves
    it open): the decoder never shows the first, and only a second pass over the document would find it.

    Raises:
        DecodeError: the document does not fit; its detail holds the path of the field.
    """
    check_parts(body)
    document = decode_with(_DECODER, body)
    check_project(project, document.info.name, "$.info.name")
    if document.releases is UNSET:
        raise DecodeError("no-releases", NO_RELEASES)
    files = [file for listed in document.releases.values() for file in listed]
    check_counts(len(document.releases), len(files))
    check_lengths(list(document.releases), "the version")
    names = [file.filename for file in files]
    check_filenames(names)
    times: list[datetime | None] = [file.upload_time_iso_8601 for file in files]
    check_times(times)
    columns: dict[str, Column] = {
        "filename": names,
        "kind": [KIND_BY_PACKAGETYPE.get(file.packagetype or "") for file in files],
        "declared_kind": [None] * len(files),
        "uploaded_at": times,
        "size_bytes": [file.size for file in files],
        "sha256": [file.digests.sha256 for file in files],
        "requires_python": [file.requires_python or None for file in files],
        "is_yanked": [file.yanked for file in files],
        "yanked_reason": [(file.yanked_reason or None) if file.yanked else None for file in files],
        "has_provenance": [None] * len(files),
    }
    return Decoded(
        project=project,
        versions=list(document.releases),
        file_versions=[version for version, listed in document.releases.items() for _ in listed],
        files=columns | wheel_columns(names, columns["kind"]),
        serial=serial_from(document.last_serial, "$.last_serial"),
    )
