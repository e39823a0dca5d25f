"""Which interpreters and platforms wheels serve, in the categories of people who build them; pure."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from packaging.specifiers import SpecifierSet
from packaging.tags import Tag

from audit.queries.environments.interpreters import CURRENT

_LINUX: Final = re.compile(r"(many|musl)linux(?:1|2010|2014|_\d+_\d+)_(\w+)")
_MACOS: Final = re.compile(r"macosx_\d+_\d+_(\w+)")
# The machines that a macOS wheel of these kinds has code for.
_FAT: Final = {"universal2": ("arm64", "x86_64"), "intel": ("i386", "x86_64"), "universal": ("i386", "ppc")}
_CPYTHON: Final = re.compile(r"cp3(\d+)(t?)")
# The stable ABI of builds with the GIL, and of those without (PEP 803), with the ending of their names.
_STABLE: Final = {"abi3": "", "abi3t": "t"}
_NUMBERED: Final = re.compile(r"(?:cp|pp|py|graalpy)(\d)(\d*)")
_MOST_MINORS: Final = 40
_ANY: Final = "any"


class Served(NamedTuple):
    """An interpreter with its ABI (``cp312``, ``cp313t``, ``pp311``, ``cp39-abi3``, ``py3``), and a platform.

    The versions of libc and of the system do not count in a platform: ``manylinux_x86_64``, ``macosx_arm64``.
    """

    interpreter: str
    platform: str


def served(tags: Iterable[Tag]) -> set[Served]:
    """What wheels with these tags serve; for the stable ABI each CPython that is in use today."""
    return {
        Served(interpreter, platform)
        for tag in tags
        for platform in _platforms(tag.platform)
        for interpreter in _interpreters(tag)
    }


def is_served(wanted: Served, by: set[Served]) -> bool:
    """Whether something serves it, including a wheel for any platform, or for any Python 3."""
    interpreters = {wanted.interpreter, *(["py3"] if wanted.interpreter[2:3] == "3" else [])}
    return any(Served(each, platform) in by for each in interpreters for platform in (wanted.platform, _ANY))


def is_admitted(interpreter: str, requires: Iterable[SpecifierSet]) -> bool:
    """Whether a file with one of these ``requires-python`` is for the interpreter; true without a number."""
    numbers = _NUMBERED.match(interpreter)
    if numbers is None:
        return True
    minors = [int(numbers[2])] if numbers[2] else range(_MOST_MINORS)
    # Checked with its first and with a late patch release: a specifier may exclude either end.
    versions = [f"{numbers[1]}.{minor}.{patch}" for minor in minors for patch in (0, 99)]
    return any(each.contains(version) for each in requires for version in versions)


def _platforms(tag: str) -> tuple[str, ...]:
    if linux := _LINUX.fullmatch(tag):
        return (f"{linux[1]}linux_{linux[2]}",)
    if macos := _MACOS.fullmatch(tag):
        return tuple(f"macosx_{machine}" for machine in _FAT.get(macos[1], (macos[1],)))
    return (tag,)


def _interpreters(tag: Tag) -> list[str]:
    least = _CPYTHON.fullmatch(tag.interpreter)
    if least and tag.abi in _STABLE:
        flag = _STABLE[tag.abi]
        known = [(one[1], each.name) for each in CURRENT if (one := _CPYTHON.fullmatch(each.name)) and one[2] == flag]
        return [name for minor, name in known if int(minor) >= int(least[1])]
    return [tag.abi if tag.abi.startswith(tag.interpreter) else tag.interpreter]
