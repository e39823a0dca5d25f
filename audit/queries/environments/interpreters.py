"""The simulated interpreters, each with its newest patch release and its ABI."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from packaging import tags
from packaging.tags import Tag


@dataclass(frozen=True, slots=True)
class Interpreter:
    """``name`` is its best interpreter tag, with the ABI's flags: cp312, cp313t, cp27mu, pp311.

    ``version`` is the release that ``requires-python`` is compared with: the newest of its series, as in an interpreter
    that is kept up to date. ``is_current``: people install it today.
    """

    name: str
    version: str
    abi: str
    implementation: str = "cp"
    is_current: bool = True

    @property
    def minor_version(self) -> tuple[int, int]:
        """Major and minor version."""
        major, minor, *_ = self.version.split(".")
        return int(major), int(minor)

    def tags(self, platforms: Sequence[str]) -> list[Tag]:
        """The tags that pip looks for, best first, where ``platforms`` are the platform tags, best first.

        The lists are packaging's, put together as pip does (``pip._internal.utils.compatibility_tags``): for PyPy pip
        takes ``pp311-none-any`` where ``packaging.tags.sys_tags`` has ``pp3-none-any``.
        """
        own = f"{self.implementation}{''.join(map(str, self.minor_version))}"
        if self.implementation == "cp":
            specific = tags.cpython_tags(self.minor_version, [self.abi], platforms)
        else:
            specific = tags.generic_tags(own, [self.abi], platforms)
        return [*specific, *tags.compatible_tags(self.minor_version, own, platforms)]


def _cpython(version: str, flags: str = "", *, is_current: bool = True) -> Interpreter:
    major, minor, *_ = version.split(".")
    name = f"cp{major}{minor}"
    # Until 3.7 the ABI had a flag for pymalloc, which every build had: only in 2.7 do two ABIs need two names.
    is_flag_known = flags == "m" and name != "cp27"
    return Interpreter(name if is_flag_known else name + flags, version, name + flags, is_current=is_current)


def _pypy(version: str) -> Interpreter:
    major, minor, *_ = version.split(".")
    return Interpreter(f"pp{major}{minor}", version, f"pypy{major}{minor}_pp73", "pp")


PAST: Final = (
    _cpython("2.7.18", "m", is_current=False),
    _cpython("2.7.18", "mu", is_current=False),
    _cpython("3.3.7", "m", is_current=False),
    _cpython("3.4.10", "m", is_current=False),
    _cpython("3.5.10", "m", is_current=False),
    _cpython("3.6.15", "m", is_current=False),
    _cpython("3.7.17", "m", is_current=False),
)
CURRENT: Final = (
    _cpython("3.8.20"),
    _cpython("3.9.25"),
    _cpython("3.10.22"),
    _cpython("3.11.18"),
    _cpython("3.12.16"),
    _cpython("3.13.18"),
    _cpython("3.13.18", "t"),
    _cpython("3.14.10"),
    _cpython("3.14.10", "t"),
    _cpython("3.15.2"),
    _cpython("3.15.2", "t"),
    _pypy("3.10.16"),
    _pypy("3.11.17"),
)


def running_interpreter() -> Interpreter:
    """The interpreter that runs this program."""
    abi = next(tags.sys_tags()).abi
    version = ".".join(map(str, sys.version_info[:3]))
    return Interpreter("this", version, abi, tags.interpreter_name())
