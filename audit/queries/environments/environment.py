"""The environments: interpreters on the platforms for which they are or were built."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.tags import Tag

from audit.errors import UsageError, hint
from audit.queries.environments.interpreters import CURRENT, PAST, Interpreter, running_interpreter
from audit.queries.environments.platforms import (
    MACOS_ARM,
    MACOS_INTEL,
    MANYLINUX,
    MUSLLINUX,
    WINDOWS_ARM,
    WINDOWS_INTEL,
    Platform,
    running_platform,
)

THIS = "this"
ERAS = ("today", "past")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Environment:
    """An interpreter on a platform; ``name`` is what people type, such as ``cp312-manylinux_2_28_x86_64``."""

    name: str
    interpreter: Interpreter
    platform: Platform

    @property
    def era(self) -> str:
        """``today``, ``past``, or ``this`` for the environment that runs this program."""
        return THIS if self.name == THIS else ERAS[0] if self.interpreter.is_current else ERAS[1]

    @property
    def tags(self) -> list[Tag]:
        """The tags of wheels that fit, best first."""
        return self.interpreter.tags(self.platform.tags)


def all_environments() -> tuple[Environment, ...]:
    """Every named environment: those of today first, then those of the past."""
    return tuple(_known().values())


def this_environment() -> Environment:
    """The interpreter and the machine that run this program; its name is ``this``."""
    return Environment(THIS, running_interpreter(), running_platform())


def all_and_this() -> tuple[Environment, ...]:
    """Every named environment, then the one that runs this program."""
    return (*all_environments(), this_environment())


def select(name: str) -> list[Environment]:
    """The environments of an era (today, past), all of both, or the one of this name.

    Raises:
        UsageError: there is none; says which name is close.
    """
    if name in {ALL, *ERAS}:
        return [each for each in all_environments() if name in {ALL, each.era}]
    return [find(name)]


def find(name: str) -> Environment:
    """The environment of this name.

    Raises:
        UsageError: there is none; says which name is close.
    """
    if name == THIS:
        return this_environment()
    known = _known()
    if name not in known:
        close = hint(name, [*ERAS, ALL, THIS, *known], "say today, past, all, this or a name")
        raise UsageError(f"no environment {name!r}: {close} (release-audit environments lists all)")
    return known[name]


@functools.cache
def _known() -> dict[str, Environment]:
    return {
        f"{interpreter.name}-{platform.name}": Environment(f"{interpreter.name}-{platform.name}", interpreter, platform)
        for interpreter in (*CURRENT, *PAST)
        for platform in _platforms_of(interpreter)
    }


def _platforms_of(interpreter: Interpreter) -> Iterator[Platform]:
    """The platforms for which there are builds.

    Windows on arm64 since 3.11 and macOS on arm64 since 3.8 (installers on python.org); no pip for a Python before 3.6
    knows musllinux (PEP 656); 2.7 had wide Unicode (``mu``) on Linux only; PyPy has builds for the common platforms
    only.
    """
    yield from MANYLINUX
    if interpreter.abi.endswith("mu"):
        return
    yield from (*MACOS_INTEL, WINDOWS_INTEL[0])
    if interpreter.is_current:
        yield from MACOS_ARM
    if interpreter.implementation == "cp":
        yield WINDOWS_INTEL[1]
        if interpreter.minor_version >= (3, 6):
            yield from MUSLLINUX
        if interpreter.minor_version >= (3, 11):
            yield from WINDOWS_ARM
