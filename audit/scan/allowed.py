"""Which of the index's releases and files a pin means; pure."""

from collections.abc import Iterable, Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.utils import BuildTag, InvalidWheelFilename, NormalizedName, parse_wheel_filename
from packaging.version import Version

from audit.scan.pins import Pin
from audit.versions import parsed_version

WheelKey = tuple[NormalizedName, Version, BuildTag, frozenset[Tag]]


def allowed_versions(pin: Pin, listed: Iterable[str]) -> list[str]:
    """The spellings among ``listed`` that the pin allows, in the order in which an installer tries them.

    Greatest first; pre-releases only if the pin names one or nothing else fits (PEP 440). A version that is not PEP 440
    fits only a pin with the same spelling. Equal versions are sorted by their spelling, the pin's own first.
    """
    known = [(version, text) for text in listed if (version := parsed_version(text)) is not None]
    if pin.version is not None:
        return _exact(pin.version, known, listed)
    try:
        specifiers = SpecifierSet(pin.specifier)
    except InvalidSpecifier:
        return []
    fitting = set(specifiers.filter({version for version, _ in known}))
    return [
        text for version, text in sorted(known, key=lambda each: (each[0], each[1]), reverse=True) if version in fitting
    ]


def _exact(told: str, known: Sequence[tuple[Version, str]], listed: Iterable[str]) -> list[str]:
    """Those equal to the given version, as for ``==`` in PEP 440: a local part counts only if it is given."""
    wanted = parsed_version(told)
    if wanted is None:
        return [text for text in listed if text == told]
    found = [text for version, text in known if version == wanted or (not wanted.local and _public(version) == wanted)]
    return sorted(found, key=lambda text: (text != told, text))


def _public(version: Version) -> Version:
    return Version(version.public)


def wheel_key(filename: str) -> WheelKey | None:
    """The key of a wheel's name, the same for any order of its tags; None: it is not a wheel's name."""
    try:
        return parse_wheel_filename(filename)
    except InvalidWheelFilename:
        return None
