"""Where recorded pages come from: kept beside them, sent by a replay in its headers, read from these by a crawl."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from audit.disk.whole import write_whole
from audit.errors import UsageError
from audit.model import Recorded

NAME: Final = "recording.json"
_AT, _FROM = "Recorded-At", "Recorded-From"
_LONGEST: Final = 200
_EXPECTED: Final = 'expected {"recorded_at": "2026-11-23T00:00:00Z", "recorded_from": "NAME"}, NAME of plain ASCII'


def read_recorded(folder: Path) -> Recorded | None:
    """When and of which index the pages in ``folder`` were recorded; None: the folder has no record of it.

    Raises:
        UsageError: the file that says so cannot be read.
    """
    path = folder / NAME
    try:
        recorded = msgspec.json.decode(path.read_bytes(), type=Recorded)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}): {_EXPECTED}") from None
    if (checked := _checked(recorded.recorded_at, recorded.recorded_from)) is None:
        raise UsageError(f"{path} does not fit: {_EXPECTED}")
    return checked


def write_recorded(folder: Path, recorded: Recorded) -> None:
    """Writes into ``folder`` when and from which index the newest of its pages were recorded.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(folder / NAME, msgspec.json.encode(recorded))


def headers_of(recorded: Recorded | None) -> dict[str, str]:
    """The headers that say so; empty where nothing is known."""
    return {_AT: recorded.recorded_at.isoformat(), _FROM: recorded.recorded_from} if recorded else {}


def recorded_in(headers: Mapping[str, str]) -> Recorded | None:
    """What an answer's headers say of its recording; None: nothing, or nothing valid."""
    try:
        return _checked(datetime.fromisoformat(headers[_AT]), headers.get(_FROM, ""))
    except (KeyError, ValueError):
        return None


def _checked(at: datetime, index: str) -> Recorded | None:
    """Both as they are stored, in UTC; None where the time has no zone, or the name does not fit in a header."""
    if at.tzinfo is None or not (index.isascii() and index.isprintable() and len(index) <= _LONGEST):
        return None
    return Recorded(at.astimezone(UTC), index)
