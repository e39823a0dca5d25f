"""What the formats share: from their texts to records, each checked once. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import unquote

from msgspec import Meta
from packaging.markers import InvalidMarker, Marker
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidName, NormalizedName, canonicalize_name

from audit.masking import masked, masked_text
from audit.model import LONGEST_NAME
from audit.scan.inputs.document import Document
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedBy, PinnedFile

Size = Annotated[int, Meta(ge=0, le=2**63 - 1)]
_SHA256: Final = re.compile(r"\s*sha256[:=]([0-9a-f]{64})\s*", re.IGNORECASE)


def project_of(document: Document, name: str, line: int | None) -> NormalizedName:
    """The project that a name means.

    Raises:
        InputError: it is not one.
    """
    try:
        return canonicalize_name(short(document, name, line), validate=True)
    except InvalidName:
        raise document.fault(line, "the name of a project is expected: letters, digits and ._- between them") from None


def short(document: Document, text: str, line: int | None) -> str:
    """A name, a version or a filename, unchanged.

    Raises:
        InputError: it is longer than any real one.
    """
    if len(text) > LONGEST_NAME:
        raise document.fault(line, f"a name of at most {LONGEST_NAME:,} characters is expected")
    return text


def marker_of(document: Document, conditions: Iterable[str], line: int | None) -> str | None:
    """The marker that is true if any of these conditions is; None if there is no condition.

    Raises:
        InputError: one is not a marker (PEP 508).
    """
    texts = [text for text in conditions if text.strip()]
    try:
        markers = [str(Marker(text)) for text in texts]
    except (InvalidMarker, RecursionError):
        raise document.fault(line, "an environment marker is expected (PEP 508)") from None
    return " or ".join(f"({each})" if len(markers) > 1 else each for each in markers) or None


def specifiers_of(document: Document, text: str, line: int | None) -> SpecifierSet:
    """The versions that a text allows.

    Raises:
        InputError: it is not a version specifier (PEP 440).
    """
    try:
        return SpecifierSet("" if text.strip() == "*" else text)
    except (InvalidSpecifier, RecursionError):
        raise document.fault(line, "a version specifier is expected, such as ==1.0 or >=1.0 (PEP 440)") from None


def version_in(specifiers: SpecifierSet) -> str | None:
    """The only allowed version, as written; None: a range is allowed."""
    exact = [
        each for each in specifiers if each.operator == "===" or (each.operator == "==" and ".*" not in each.version)
    ]
    return exact[0].version if exact else None


def sha256_in(*hashes: str | None) -> str | None:
    """The first SHA-256 among hashes such as ``sha256:...``, in lower case; None: there is none."""
    found = (_SHA256.fullmatch(text or "") for text in hashes)
    return next((each[1].lower() for each in found if each), None)


def name_in(address: str) -> str:
    """The filename at the end of an address or of a path."""
    name = address.partition("#")[0].partition("?")[0].replace("\\", "/").rpartition("/")[2]
    return unquote(name) if "%" in name else name


def in_utc(document: Document, time: datetime | None, line: int | None) -> datetime | None:
    """A time in UTC; one without a zone is taken as UTC.

    Raises:
        InputError: it is outside the years 1 to 9999 in UTC.
    """
    if time is None or time.tzinfo is UTC:
        return time
    try:
        return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        raise document.fault(line, "a time of the years 1 to 9999 is expected") from None


def file_of(
    document: Document,
    filename: str | None,
    hashes: Sequence[str] = (),
    *,
    size_bytes: int | None = None,
    uploaded_at: datetime | None = None,
    line: int | None = None,
) -> PinnedFile:
    """One file; its line is that of its hash or its name, else the given one.

    Raises:
        InputError: a value does not fit.
    """
    sha256 = sha256_in(*hashes)
    line = document.places.of(sha256, filename) or line
    name = None if filename is None else short(document, filename, line)
    return PinnedFile(name or None, sha256, size_bytes, in_utc(document, uploaded_at, line), line=line)


def pin_of(
    document: Document,
    name: str,
    version: str | None,
    files: Sequence[PinnedFile],
    line: int | None,
    *,
    is_enforced: bool,
    marker: str | None = None,
    index: str | None = None,
) -> Pin:
    """A pin to a version, or to none. ``is_enforced``: the installer refuses a file with another hash than those given.

    Raises:
        InputError: a value does not fit.
    """
    project = project_of(document, name, line)
    identified = tuple(file for file in files if file.filename or file.sha256)
    version = None if not version else short(document, version, line)
    otherwise = PinnedBy.RANGE if version is None else PinnedBy.VERSION
    pinned_by = PinnedBy.HASH if is_enforced else PinnedBy.FILENAME if identified else otherwise
    shown = None if index is None else masked(index)
    return Pin(document.source, line, project, version, "", pinned_by, identified, marker, shown)


def input_of(document: Document, found: Iterable[Pin | NotOnIndex]) -> Input:
    """The input with what was found in a document, in its order."""
    read = list(found)
    pins = [each for each in read if isinstance(each, Pin)]
    return Input(document.source, document.format, pins, [each for each in read if isinstance(each, NotOnIndex)])


def not_on_index(document: Document, line: int | None, name: str, what: str) -> NotOnIndex:
    """A requirement that no index has; addresses in ``what`` are masked."""
    return NotOnIndex(document.source, line, name[:LONGEST_NAME], masked_text(what)[:LONGEST_NAME])


def outside(document: Document, line: int | None, name: str, kind: str, place: str) -> NotOnIndex:
    """A requirement from a place that is not an index: its ``kind`` and its address, masked."""
    return NotOnIndex(document.source, line, name[:LONGEST_NAME], f"{kind} {masked(place)}"[:LONGEST_NAME])
