"""How documents are read: msgspec's errors become one DecodeError with the path of the field."""

from binascii import unhexlify
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import UnsetType

from audit.errors import DecodeError

T = TypeVar("T")
LONGEST_DETAIL = 300
_LONGEST_VALUE = 200

# A time must have a zone: UTC is never guessed. msgspec rounds what is finer than microseconds.
Time = Annotated[datetime, msgspec.Meta(tz=True)]
Size = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Fa-f]{64}\Z")]
# Checking a pattern at each digest costs as much as the rest of the document: `check_digests` checks all of a page at
# once.
QuickSha256 = Annotated[str, msgspec.Meta(min_length=64, max_length=64)]


def decode_with(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """The typed document in ``body``.

    Raises:
        DecodeError: ``wrong-shape`` with the field's JSON path, ``not-json``, ``not-utf-8`` or ``too-deep``.
            How deep the decoder goes is up to the interpreter: some hundreds of levels (3.11) to 100,000s (3.14).
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


def check_digests(digests: Iterable[str | UnsetType]) -> None:
    """Checks that each `QuickSha256` is a `Sha256`.

    Raises:
        DecodeError: ``wrong-shape``; one is not.
    """
    try:
        unhexlify("".join([each for each in digests if each]))
    except ValueError:  # also of what is not ASCII
        raise DecodeError("wrong-shape", "a SHA-256 is not 64 hex digits") from None


def raw_text(raw: msgspec.Raw) -> str:
    """A value as JSON, cut if it is long."""
    return bytes(raw).decode("utf-8", "replace")[:_LONGEST_VALUE]


def serial_from(value: object) -> int | None:
    """A serial as a number: some answers give it as a number, some as text; None: missing, or it does not fit."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    return value if fits else None  # type: ignore[return-value] # mypy does not see what was asked
