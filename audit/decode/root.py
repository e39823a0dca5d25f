"""Decoder for the index's root, ``GET /simple/`` as JSON (PEP 691): every project, and its serial where told."""

from dataclasses import dataclass

import msgspec
from msgspec import field
from packaging.utils import NormalizedName, canonicalize_name

from audit.decode.wire import Serial, decode_with, serial_from


class _Project(msgspec.Struct, gc=False):
    name: str
    last_serial: Serial | str | None = field(default=None, name="_last-serial")


class _Root(msgspec.Struct):
    projects: list[_Project]


_DECODER = msgspec.json.Decoder(_Root)


@dataclass(frozen=True, slots=True)
class Root:
    """All projects of an index with their serials (None: not told), by normalized name."""

    serials: dict[NormalizedName, int | None]


def decode_root(body: bytes) -> Root:
    """The projects that an index's root lists.

    Raises:
        DecodeError: the document does not fit.
    """
    projects = decode_with(_DECODER, body).projects
    return Root(
        {canonicalize_name(p.name): serial_from(p.last_serial, "$.projects[..]._last-serial") for p in projects}
    )
