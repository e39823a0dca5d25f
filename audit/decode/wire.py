"""How documents are read: msgspec's errors become one DecodeError with the path of the field."""

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec

from audit.errors import DecodeError

T = TypeVar("T")
LONGEST_DETAIL = 300

# A time must say its zone: one without is never guessed to be UTC. msgspec rounds what is finer than microseconds.
Time = Annotated[datetime, msgspec.Meta(tz=True)]
Size = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Serial = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


def decode_with(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """The typed document in ``body``.

    Raises:
        DecodeError: ``wrong-shape`` with the field's JSON path, ``not-json``, ``not-utf-8`` or ``too-deep``.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise DecodeError("wrong-shape", str(error)[:LONGEST_DETAIL]) from error
    except msgspec.DecodeError as error:
        raise DecodeError("not-json", str(error)[:LONGEST_DETAIL]) from error
    except UnicodeDecodeError as error:
        raise DecodeError("not-utf-8", f"byte {error.start} of a text: {error.reason}") from error
    except RecursionError as error:
        raise DecodeError("too-deep", "nested deeper than the decoder goes") from error


def serial_from(told: int | str | None, path: str) -> int | None:
    """A serial as a number: some answers tell it as a number, some as text.

    Raises:
        DecodeError: ``wrong-shape``; the text is no number that fits.
    """
    if told is None or isinstance(told, int):
        return told
    if told.isascii() and told.isdigit() and len(told) < 19:
        return int(told)
    raise DecodeError("wrong-shape", f"expected a serial, got {told[:40]!r} - at `{path}`")
