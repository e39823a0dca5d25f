"""Makes one API's answer from the other's, for projects recorded in one form only. Pure: bytes in, bytes out.

What one form does not have is never guessed: it is empty in the other, as the index writes an unknown value.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from packaging.utils import canonicalize_name

from audit.crawl.decode.filename import kind_of
from audit.crawl.decode.placing import VersionFinder
from audit.crawl.decode.version import facts_of
from audit.crawl.decode.wire import decode_with, serial_from
from audit.errors import DecodeError
from audit.model import Kind
from audit.replay.shapes import IndexFile, IndexPage, JsonDocument, JsonFile

API_VERSION = "1.1"
_EMPTY_INFO: dict[str, Any] = {
    "author": "",
    "author_email": "",
    "bugtrack_url": None,
    "classifiers": [],
    "description": "",
    "description_content_type": None,
    "docs_url": None,
    "download_url": "",
    "downloads": {"last_day": -1, "last_month": -1, "last_week": -1},
    "dynamic": None,
    "home_page": "",
    "keywords": None,
    "license": "",
    "license_expression": None,
    "license_files": None,
    "maintainer": None,
    "maintainer_email": None,
    "package_url": "",
    "platform": None,
    "project_url": "",
    "project_urls": None,
    "provides_extra": None,
    "release_url": "",
    "requires_dist": None,
    "summary": "",
}
_BUILT_WITH = re.compile(r"-py(\d+(?:\.\d+)?)(?=[.-])")


_Releases = dict[str, list[IndexFile]]
_PAGE = msgspec.json.Decoder(IndexPage)
_DOCUMENT = msgspec.json.Decoder(JsonDocument)


def document_from(page: bytes) -> bytes | None:
    """The JSON API document of an Index API page (PEP 691, 700); None where that API answers 404.

    That is so for a project that is quarantined (PEP 792) or has no release.

    Raises:
        DecodeError: the page does not fit, or ``no-version``: a file's name does not say any of its releases.
    """
    decoded = decode_with(_PAGE, page)
    releases = _releases_of(decoded)
    if not releases or decoded.project_status.status == "quarantined":
        return None
    latest = _latest(releases)
    listed = {version: [_json_file(file) for file in files] for version, files in releases.items()}
    document: dict[str, Any] = {
        "info": _info(decoded.name, latest, releases[latest]),
        "last_serial": serial_from(decoded.meta.last_serial),
        "ownership": {"organization": None, "roles": []},
        "releases": listed,
        "urls": listed[latest],
        "vulnerabilities": [],
    }
    return msgspec.json.encode(document)


def page_from(document: bytes) -> bytes:
    """The Index API page of a JSON API document; it lists the releases with no file too (PEP 700).

    Raises:
        DecodeError: the document does not fit.
    """
    decoded = decode_with(_DOCUMENT, document)
    serial = serial_from(decoded.last_serial)
    files = sorted((file for listed in decoded.releases.values() for file in listed), key=lambda file: file.filename)
    page = {
        "files": [_index_file(file) for file in files],
        "meta": {"api-version": API_VERSION} | ({} if serial is None else {"_last-serial": str(serial)}),
        "name": canonicalize_name(decoded.info.name),
        "versions": list(decoded.releases),
    }
    return msgspec.json.encode(page)


def _releases_of(page: IndexPage) -> _Releases:
    finder = VersionFinder(canonicalize_name(page.name), page.versions)
    releases: _Releases = {version: [] for version in page.versions}
    for file in page.files:
        version = finder.version_of(file.filename)
        if version is None:
            raise DecodeError("no-version", f"{file.filename[:200]!r} names no listed version")
        releases.setdefault(version, []).append(file)
    return releases


def _latest(releases: _Releases) -> str:
    """The release that a project's page shows: not yanked, then final, then the greatest."""

    def rank(version: str) -> tuple[bool, bool, bool, str, str]:
        files, facts = releases[version], facts_of(version)
        is_yanked = bool(files) and all(file.yanked is not False for file in files)
        return (
            not is_yanked,
            facts.version_key is not None,
            not facts.is_prerelease,
            facts.version_key or "",
            version,
        )

    return max(releases, key=rank)


def _info(name: str, version: str, files: Sequence[IndexFile]) -> dict[str, Any]:
    first = files[0] if files else None
    yanked, reason = _yank_of(first.yanked) if first else (False, None)
    return {
        **_EMPTY_INFO,
        "name": name,
        "requires_python": first.requires_python if first else None,
        "version": version,
        "yanked": yanked,
        "yanked_reason": reason,
    }


def _json_file(file: IndexFile) -> dict[str, Any]:
    kind = kind_of(file.filename)
    yanked, reason = _yank_of(file.yanked)
    return {
        "comment_text": None,
        "digests": file.hashes,
        "downloads": -1,
        "filename": file.filename,
        "has_sig": False,
        "md5_digest": file.hashes.get("md5"),
        "packagetype": _packagetype_of(kind),
        "python_version": _python_version_of(file.filename, kind),
        "requires_python": file.requires_python,
        "size": file.size,
        "upload_time": file.upload_time and re.sub(r"(?:\.\d+)?Z?$", "", file.upload_time),
        "upload_time_iso_8601": file.upload_time,
        "url": file.url,
        "yanked": yanked,
        "yanked_reason": reason,
    }


def _index_file(file: JsonFile) -> dict[str, Any]:
    return {
        "filename": file.filename,
        # The Index API needs only one hash; clients may use any, so the strongest is enough.
        "hashes": {name: digest for name, digest in file.digests.items() if name == "sha256"},
        "requires-python": file.requires_python,
        "size": file.size,
        "upload-time": file.upload_time_iso_8601,
        "url": file.url,
        "yanked": (file.yanked_reason or True) if file.yanked else False,
    }


def _yank_of(yanked: bool | str) -> tuple[bool, str | None]:
    """The JSON API's two fields, from the one of PEP 592."""
    return yanked is not False, yanked if isinstance(yanked, str) else None


def _packagetype_of(kind: Kind | None) -> str | None:
    if kind is None:
        return None
    return "sdist" if kind is Kind.SDIST else f"bdist_{kind}"


def _python_version_of(filename: str, kind: Kind | None) -> str:
    """The value that upload tools write: ``source``, a wheel's Python tag, or the Python that an installer is for."""
    if kind is Kind.SDIST:
        return "source"
    parts = filename.split("-")
    if kind is Kind.WHEEL and len(parts) >= 5:
        return parts[-3]
    built_with = _BUILT_WITH.search(filename)
    return built_with[1] if built_with else "any"
