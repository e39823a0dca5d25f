"""What a document is, by its outline only: enough to choose an API."""

import msgspec
from msgspec import UNSET, Raw, UnsetType

from audit.crawl.decode.mending import decode_mended


class _Document(msgspec.Struct):
    info: dict[str, Raw]
    releases: dict[str, Raw] | UnsetType | None = UNSET
    urls: list[Raw] | UnsetType | None = UNSET


_DECODER = msgspec.json.Decoder(_Document)


def lists_releases(body: bytes) -> bool:
    """Whether a JSON API document lists its project's releases; it does not if it has files but no release.

    Raises:
        DecodeError: the body is not such a document.
    """
    document = decode_mended(_DECODER, body)
    if document.releases is UNSET or document.releases is None:
        return False
    return bool(document.releases) or not document.urls
