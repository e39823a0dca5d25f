"""Decoder for the Index API: ``GET /simple/NAME/`` as JSON (PEP 691, 700, 740, 792)."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType, field
from packaging.utils import NormalizedName

from audit.decode.api_version import decode_document, newer_version
from audit.decode.bounds import check_counts, check_lengths, check_parts
from audit.decode.decoded import Column, Decoded, check_filenames, check_project, check_times
from audit.decode.filename import VersionFinder, kind_of, wheel_columns
from audit.decode.wire import Serial, Size, Time, serial_from
from audit.errors import DecodeError


class _File(msgspec.Struct, rename="kebab", gc=False):
    filename: str
    hashes: dict[str, str]
    size: Size | None = None
    upload_time: Time | None = None
    requires_python: str | None = None
    yanked: bool | str = False
    provenance: str | UnsetType | None = UNSET


class _Meta(msgspec.Struct):
    last_serial: Serial | str | None = field(default=None, name="_last-serial")
    api_version: Any = field(default=None, name="api-version")


class _Status(msgspec.Struct):
    status: str = "active"
    reason: str | None = None


class _Page(msgspec.Struct, rename="kebab"):
    name: str
    files: list[_File]
    meta: _Meta
    versions: list[str] | None = None
    project_status: _Status | None = None


_DECODER = msgspec.json.Decoder(_Page)


def decode_simple(project: NormalizedName, body: bytes) -> Decoded:
    """The project that an Index API page tells; the release of each file is found by its name.

    Raises:
        DecodeError: the page does not fit; its detail holds the path of the field.
    """
    check_parts(body)
    page = decode_document(_DECODER, body)
    check_project(project, page.name, "$.name")
    check_counts(len(page.versions or ()), len(page.files))
    check_lengths(page.versions or (), "the version")
    names = [file.filename for file in page.files]
    check_filenames(names)
    times = [file.upload_time for file in page.files]
    check_times(times)
    versions = _versions_of(project, names, page.versions)
    columns: dict[str, Column] = {
        "filename": names,
        "kind": [kind_of(name) for name in names],
        "declared_kind": [None] * len(names),
        "uploaded_at": times,
        "size_bytes": [file.size for file in page.files],
        "sha256": [file.hashes.get("sha256") for file in page.files],
        "requires_python": [file.requires_python or None for file in page.files],
        "is_yanked": [file.yanked is not False for file in page.files],
        "yanked_reason": [file.yanked if isinstance(file.yanked, str) and file.yanked else None for file in page.files],
        "has_provenance": [None if file.provenance is UNSET else file.provenance is not None for file in page.files],
    }
    return Decoded(
        project=project,
        versions=list(dict.fromkeys([*(page.versions or []), *versions])),
        file_versions=versions,
        files=columns | wheel_columns(names, columns["kind"]),
        serial=serial_from(page.meta.last_serial, "$.meta._last-serial"),
        index_status=page.project_status.status if page.project_status else None,
        index_status_reason=page.project_status.reason if page.project_status else None,
        newer_api=newer_version(page.meta.api_version),
    )


def _versions_of(project: str, filenames: Sequence[str], listed: Sequence[str] | None) -> list[str]:
    finder = VersionFinder(project, listed or ())
    versions = []
    for number, filename in enumerate(filenames):
        version = finder.version_of(filename)
        if version is None:
            raise DecodeError(
                "no-version", f"{filename[:200]!r} names no listed version - at `$.files[{number}].filename`"
            )
        versions.append(version)
    return versions
