"""The serial that a page itself carries, for answers whose headers have none."""

import msgspec
from msgspec import field

from audit.crawl.decode.wire import decode_with, serial_from


class _Meta(msgspec.Struct):
    last_serial: int | str | None = field(default=None, name="_last-serial")


class _Page(msgspec.Struct):
    last_serial: int | str | None = None
    meta: _Meta = field(default_factory=_Meta)


_DECODER = msgspec.json.Decoder(_Page)


def serial_of(body: bytes) -> int | None:
    """The serial in a page of either API; None where it has none.

    Raises:
        DecodeError: the body is not such a page.
    """
    page = decode_with(_DECODER, body)
    return serial_from(page.last_serial if page.last_serial is not None else page.meta.last_serial)
