"""Decoder for the index's root, ``GET /simple/`` as JSON (PEP 691): every project, and its serial where given."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import field
from packaging.utils import InvalidName, NormalizedName, canonicalize_name

from audit.crawl.decode.api_version import decode_document, newer_version
from audit.crawl.decode.bounds import check_parts, is_too_long
from audit.crawl.decode.wire import serial_from


class _Project(msgspec.Struct, gc=False):
    name: Any = None
    last_serial: Any = field(default=None, name="_last-serial")


class _Meta(msgspec.Struct):
    api_version: Any = field(default=None, name="api-version")


class _Root(msgspec.Struct):
    projects: list[_Project]
    meta: _Meta = field(default_factory=_Meta)


_DECODER = msgspec.json.Decoder(_Root)
# Room for five times as many projects as the largest index has.
_WORTH_PAGES = 4


@dataclass(frozen=True, slots=True)
class Root:
    """All projects of an index with their serials (None: not given), by normalized name.

    ``misnamed`` are the listed names that no project can have (PEP 508), or that are too long. ``newer_api`` is
    the version of the Index API that it declares, where that is newer than this program knows.
    """

    serials: dict[NormalizedName, int | None]
    misnamed: list[str]
    newer_api: str | None = None


def decode_root(body: bytes) -> Root:
    """The projects that an index's root lists.

    Raises:
        DecodeError: the document does not fit, lists too many, or is of a greater major version than this program
            reads.
    """
    check_parts(body, pages=_WORTH_PAGES)
    root = decode_document(_DECODER, body, is_mended=True)
    serials: dict[NormalizedName, int | None] = {}
    misnamed: list[str] = []
    for project in root.projects:
        name = _name(project.name)
        if name is None:
            misnamed.append(project.name if isinstance(project.name, str) else repr(project.name))
            continue
        serial = serial_from(project.last_serial)
        # A name listed in two spellings is one project; its newest serial counts, whatever the order.
        before = serials.get(name)
        serials[name] = serial if before is None or (serial is not None and serial > before) else before
    return Root(serials, misnamed, newer_version(root.meta.api_version))


def _name(value: object) -> NormalizedName | None:
    """The normalized name of a project; None for a name that no project can have, or that is too long."""
    try:
        return canonicalize_name(value, validate=True) if isinstance(value, str) and not is_too_long(value) else None
    except InvalidName:
        return None
