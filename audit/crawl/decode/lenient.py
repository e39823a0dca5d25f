"""Reads structs field by field: what does not fit is returned apart, and the rest is read as if it were not there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import NODEFAULT, Raw

from audit.crawl.decode.decoded import WRONG_SHAPE, SetAside
from audit.crawl.decode.mending import mended
from audit.crawl.decode.wire import decode_with, raw_text
from audit.errors import DecodeError

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    decoder: "msgspec.json.Decoder[Any]"
    default: object
    factory: Any

    def absent(self) -> object:
        return self.default if self.factory is NODEFAULT else self.factory()


_ANY = msgspec.json.Decoder(dict[str, Raw])


class Reader(Generic[T]):
    """Reads structs of one type. ``columns`` are the dataset's names for its fields, by the struct's names.

    ``repairs`` give an odd field's meaning, where it has one.
    """

    def __init__(
        self,
        struct: type[T],
        columns: Mapping[str, str],
        repairs: Mapping[str, Callable[[object], object]] | None = None,
    ) -> None:
        """Reads the struct's fields once."""
        self._struct = struct
        self._columns = columns
        self._whole = msgspec.json.Decoder(struct)
        self._repairs = repairs or {}
        self._fields = {
            each.encode_name: _Field(each.name, msgspec.json.Decoder(each.type), each.default, each.default_factory)
            for each in msgspec.structs.fields(struct)
        }

    def read(self, raw: Raw, instead: Mapping[str, Raw] | None = None) -> tuple[T | None, list[SetAside]]:
        """Returns the struct, with defaults in place of odd fields, and these odd fields.

        None: a required field is missing, or the value is no object. ``instead`` are fields by their names in JSON that
        replace those in it.
        """
        try:
            if instead is None:
                return self._whole.decode(raw), []
        except msgspec.DecodeError:
            pass
        try:
            raw_fields = _ANY.decode(raw)
        except msgspec.DecodeError:
            return None, []
        return self._made(raw_fields | dict(instead or {}))

    def _made(self, raw_fields: Mapping[str, Raw]) -> tuple[T | None, list[SetAside]]:
        values: dict[str, object] = {}
        odd: list[SetAside] = []
        for name, known in self._fields.items():
            value, is_odd = known.absent(), False
            if name in raw_fields:
                try:
                    value = known.decoder.decode(raw_fields[name])
                except msgspec.DecodeError:
                    value, is_odd = self._repaired(known.name, raw_fields[name], value), True
            if value is NODEFAULT:
                return None, []
            if is_odd:
                odd.append(SetAside(self._columns[known.name], raw_text(raw_fields[name])))
            values[known.name] = value
        return self._struct(**values), odd

    def _repaired(self, name: str, raw: Raw, otherwise: object) -> object:
        if name not in self._repairs:
            return otherwise
        try:
            return self._repairs[name](msgspec.json.decode(raw))
        except (msgspec.DecodeError, RecursionError):
            return otherwise

    def read_files(self, raws: Iterable[Raw]) -> "Files[T]":
        """The entries for files; one without a name takes the name at the end of its URL, as installers do."""
        read: Files[T] = Files()
        for raw in raws:
            file, odd = self.read(raw)
            if file is None and (name := _name_in_address(raw)) is not None:
                file, odd = self.read(raw, {"filename": Raw(msgspec.json.encode(name))})
                odd.append(SetAside("filename", raw_text(raw)))
            if file is None:
                read.unread.append(SetAside("filename", raw_text(raw), is_whole_file=True))
                continue
            if odd:
                read.odd[len(read.files)] = odd
            read.files.append(file)
        return read


def outline_of(reader: Reader[T], body: bytes, error: DecodeError) -> tuple[T, list[SetAside]]:
    """A page without its files, read although it does not fit as a whole, and its own odd fields.

    Raises:
        DecodeError: ``error``, if it is not such a page; another one, if it is not JSON at all.
    """
    if error.reason not in {WRONG_SHAPE, "not-json", "not-utf-8"}:
        raise error
    body = _readable(body)
    outline, odd = reader.read(Raw(body))
    if outline is None:
        raise error
    return outline, odd


def _readable(body: bytes) -> bytes:
    """The page with all of it valid JSON in UTF-8; reading the outline alone would not check the parts left raw."""
    try:
        decode_with(_ANY, body)
        body.decode()
    except DecodeError as error:
        return mended(body, error)
    except UnicodeDecodeError as fault:
        return mended(body, DecodeError("not-utf-8", f"byte {fault.start}: {fault.reason}"))
    return body


@dataclass(slots=True)
class Files(Generic[T]):
    """The files of a page: those that could be read, the odd fields of each by position, and the rest."""

    files: list[T] = field(default_factory=list)
    odd: dict[int, list[SetAside]] = field(default_factory=dict)
    unread: list[SetAside] = field(default_factory=list)

    def add(self, more: "Files[T]") -> int:
        """Adds other files; returns how many of them could be read."""
        began = len(self.files)
        self.files += more.files
        self.odd |= {began + place: fields for place, fields in more.odd.items()}
        self.unread += more.unread
        return len(more.files)


def _name_in_address(raw: Raw) -> str | None:
    """The filename at the end of an entry's ``url``, the only name that installers read; None: there is none."""
    try:
        url = msgspec.json.decode(_ANY.decode(raw)["url"], type=str)
        return unquote(urlsplit(url).path).rpartition("/")[2] or None
    except (msgspec.DecodeError, KeyError, ValueError):
        return None
