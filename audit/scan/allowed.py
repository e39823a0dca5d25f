"""Which of the index's releases and files a pin means; pure."""

from collections.abc import Iterable

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.utils import BuildTag, InvalidWheelFilename, NormalizedName, parse_wheel_filename
from packaging.version import Version

from audit.scan.pins import Pin
from audit.versions import parsed_version

WheelKey = tuple[NormalizedName, Version, BuildTag, frozenset[Tag]]


def allowed_versions(pin: Pin, listed: Iterable[str]) -> list[str]:
    """The spellings among ``listed`` that the pin allows, in the order in which an installer tries them.

    Greatest first, so 1.0+local before 1.0 where ``==1.0`` allows both; pre-releases only if the pin names one or
    nothing else fits (PEP 440). A version that was chosen, as in a lock, is itself in any spelling: its builds with a
    local part only where the index lists no other. A version that is not PEP 440 fits only a pin with the same
    spelling. Equal versions, which are one to an installer, are sorted by their spelling.
    """
    known = [(version, text) for text in listed if (version := parsed_version(text)) is not None]
    wanted = None if pin.version is None else parsed_version(pin.version)
    if pin.version is not None and wanted is None:
        return [text for text in listed if text == pin.version]
    versions = [version for version, _ in known]
    fitting = _fitting(pin.specifier, versions) if wanted is None or pin.specifier else _equal(wanted, versions)
    return [text for version, text in sorted(known, reverse=True) if str(version) in fitting]


def _fitting(specifier: str, known: Iterable[Version]) -> set[str]:
    """The versions as text, as pip compares them: ``===`` looks at no more."""
    try:
        return set(SpecifierSet(specifier).filter(map(str, known)))
    except InvalidSpecifier:
        return set()


def _equal(wanted: Version, known: Iterable[Version]) -> set[str]:
    """The version itself, else those equal to it but for a local part."""
    own = {str(each) for each in known if each == wanted}
    return own or {str(each) for each in known if not wanted.local and Version(each.public) == wanted}


def wheel_key(filename: str) -> WheelKey | None:
    """The key of a wheel's name, the same for any order of its tags; None: it is not a wheel's name."""
    try:
        return parse_wheel_filename(filename)
    except InvalidWheelFilename:
        return None
