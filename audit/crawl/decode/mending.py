"""Documents that only a lenient JSON reader accepts: read by it, and written again as strict JSON.

pip reads pages with Python's own parser (``pip._internal.index.collector.parse_links``), which takes what RFC 8259 does
not: NaN and the infinities, half of a surrogate pair, a byte order mark, UTF-16 and UTF-32.
"""

import json
from math import isfinite
from typing import Any, Final, TypeVar

import msgspec

from audit.crawl.decode.wire import decode_with
from audit.errors import DecodeError

T = TypeVar("T")
_MENDED: Final = frozenset({"not-json", "not-utf-8"})


def mended(body: bytes, error: DecodeError) -> bytes:
    """The document as strict JSON; ``error`` is what the strict reader said of it.

    A value that strict JSON cannot hold becomes a list of a list of its text. No field allows such a list, so it does
    not fit, like any other odd value. In the name of a field, what strict JSON cannot hold is written as its escape.

    Raises:
        DecodeError: ``error``, if the lenient reader cannot read it either.
    """
    try:
        return json.dumps(_strict(json.loads(body)), ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):  # a UnicodeError is a ValueError
        raise error from None


def decode_mended(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """The typed document in ``body`` as `decode_with` gives it; if it is not strict JSON, that of `mended`.

    Raises:
        DecodeError: neither can be read.
    """
    try:
        return decode_with(decoder, body)
    except DecodeError as error:
        if error.reason not in _MENDED:
            raise
        return decode_with(decoder, mended(body, error))


def _strict(value: Any) -> Any:
    if isinstance(value, dict):
        return {_escaped(name): _strict(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_strict(each) for each in value]
    if isinstance(value, str):
        text = _escaped(value)
        return value if text == value else [[text]]
    return [[json.dumps(value)]] if isinstance(value, float) and not isfinite(value) else value


def _escaped(text: str) -> str:
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()
