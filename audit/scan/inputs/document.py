"""One text that is read: its name, its content, and errors that say where it does not fit. Pure."""

import re
import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

import msgspec
import tomli

from audit.errors import InputError
from audit.scan.inputs.places import Places

T = TypeVar("T")
MOST_PINS: Final = 100_000
# The most tables, lists and values: a lock file of 64 MiB has a third of this, and more would fill the memory.
_MOST_PARTS: Final = 4_000_000
# The most steps of a search, as each step reads the rest of the text again.
_MOST_STEPS: Final = 12
_BOM: Final = b"\xef\xbb\xbf"
_BYTE: Final = re.compile(r"\(byte (\d+)\)")
_PATH: Final = re.compile(r"^(?P<why>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP: Final = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


@dataclass(frozen=True)
class Document:
    """A text, and ``source``, which names it. ``format`` is the format that it is read as."""

    source: str
    text: str = field(repr=False)
    format: str = "text"

    @classmethod
    def of(cls, source: str, body: bytes, format_: str = "text") -> "Document":
        """Makes it from bytes, which must be UTF-8, with or without a byte order mark.

        Raises:
            InputError: they are not.
        """
        body = body.removeprefix(_BOM)
        try:
            return cls(source, body.decode(), format_)
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            raise InputError(source, line, "text in UTF-8 is expected") from None

    @cached_property
    def places(self) -> Places:
        """The lines of the text."""
        return Places(self.text)

    def fault(self, line: int | None, expected: str) -> InputError:
        """Returns the error to raise if something else is expected."""
        return InputError(self.source, line, f"{expected} ({self.format})")

    def toml(self, type_: type[T]) -> T:
        """Its content, read as TOML.

        Raises:
            InputError: it is not TOML, is nested too deeply, or does not have this shape.
        """
        self._check_parts()
        try:
            return msgspec.convert(tomli.loads(self.text), type_)
        except tomli.TOMLDecodeError as error:
            raise self.fault(error.lineno, f"it is not TOML: {error.msg}") from None
        except RecursionError:
            raise self.fault(None, "it is nested too deeply") from None
        except msgspec.ValidationError as error:
            raise self._misfit(error, is_toml=True) from None
        except ValueError:  # an integer of thousands of digits
            raise self.fault(None, f"a number in it has more than {sys.get_int_max_str_digits():,} digits") from None

    def json(self, type_: type[T]) -> T:
        """Its content, read as JSON.

        Raises:
            InputError: it is not JSON, is nested too deeply, or does not have this shape.
        """
        self._check_parts()
        try:
            return msgspec.json.decode(self.text, type=type_)
        except msgspec.ValidationError as error:
            raise self._misfit(error, is_toml=False) from None
        except msgspec.DecodeError as error:
            place = _BYTE.search(str(error))
            before = self.text.encode()[: int(place[1])] if place else self.text.encode()
            raise self.fault(before.count(b"\n") + 1, f"it is not JSON: {_BYTE.sub('', str(error)).strip()}") from None
        except (RecursionError, UnicodeEncodeError):
            raise self.fault(None, "it is nested too deeply") from None

    def _check_parts(self) -> None:
        """Counts the characters that begin a part, also inside texts: an upper bound that costs little."""
        if sum(self.text.count(sign) for sign in "{[,=") > _MOST_PARTS:
            raise self.fault(None, f"at most {_MOST_PARTS:,} values are expected")

    def _misfit(self, error: msgspec.ValidationError, *, is_toml: bool) -> InputError:
        """The error for a value of another shape: the path to it, and its line if that can be found."""
        found = _PATH.fullmatch(str(error))
        why, path = (found["why"], found["path"] or "$") if found else (str(error), "$")
        line = self._table_of(path) if is_toml else self._line_of(path)
        return self.fault(line, f"{path.removeprefix('$.')}: {why[:1].lower()}{why[1:]}")

    def _table_of(self, path: str) -> int | None:
        numbers = [int(number) for name, number in _STEP.findall(path) if number]
        return self.places.table(numbers[0]) if path.startswith("$.package") and numbers else None

    def _line_of(self, path: str) -> int:
        """The line of a value in JSON, found key by key, as far as the path has keys."""
        raw, position, body = self.text.encode(), 0, self.text.encode()
        for name, number in _STEP.findall(path)[:_MOST_STEPS]:
            parts: Any = _parts(raw)
            keys = list(parts) if isinstance(parts, dict) else range(len(parts))
            wanted = name if name else int(number)
            if wanted not in keys:
                break
            for key in keys:
                raw = bytes(parts[key])
                position = body.index(raw, position)
                if key == wanted:
                    break
                position += len(raw)
        return body.count(b"\n", 0, position) + 1


def _parts(raw: bytes) -> dict[str, msgspec.Raw] | list[msgspec.Raw]:
    try:
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw] | list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return {}
