"""The version of the Index API that a document speaks: ``meta.api-version`` (PEP 629, PEP 691)."""

import re
from typing import Any, Final, TypeVar

import msgspec
from msgspec import field

from audit.crawl.decode.mending import decode_mended
from audit.crawl.decode.wire import decode_with
from audit.errors import DecodeError

T = TypeVar("T")

# PEP 792: the newest version whose fields this program knows.
KNOWN: Final = (1, 4)
_VERSION: Final = re.compile(r"(\d{1,9})\.(\d{1,9})", re.ASCII)


class _Meta(msgspec.Struct):
    api_version: Any = field(default=None, name="api-version")


class _Document(msgspec.Struct):
    meta: _Meta = field(default_factory=_Meta)


_DECODER = msgspec.json.Decoder(_Document)


def decode_document(decoder: "msgspec.json.Decoder[T]", body: bytes, *, is_mended: bool = False) -> T:
    """The typed document in ``body``, as `decode_with` gives it; another major version may have another shape.

    ``is_mended``: as `decode_mended` gives it.

    Raises:
        DecodeError: as `decode_with` does; ``api-version`` where the document does not fit and its major version is
            greater than the known one.
    """
    try:
        return decode_mended(decoder, body) if is_mended else decode_with(decoder, body)
    except DecodeError as error:
        if error.reason == "wrong-shape":
            newer_version(given_version(body))
        raise


def given_version(body: bytes) -> object:
    """The value of ``meta.api-version``; None: there is none, or the body cannot be read."""
    try:
        return decode_with(_DECODER, body).meta.api_version
    except DecodeError:
        return None


def parse_version(value: object) -> tuple[int, int] | None:
    """Major and minor; None: not given, or not a version."""
    found = _VERSION.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else (int(found[1]), int(found[2]))


def newer_version(value: object) -> str | None:
    """The version, where its minor is greater than the known one: this program may not understand all of such a page.

    None: a known version, or not a version.

    Raises:
        DecodeError: ``api-version``; the major is greater, so the page must not be read (PEP 629).
    """
    version = parse_version(value)
    if version is None or version <= KNOWN:
        return None
    major, minor = KNOWN
    if version[0] > major:
        raise DecodeError(
            "api-version",
            f"version {value} of the Index API cannot be read, only {major}.x (up to {major}.{minor} known)",
        )
    return f"{version[0]}.{version[1]}"
