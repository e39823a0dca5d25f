"""The simulated platforms, each with the platform tags that it accepts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from packaging import tags

_OLD_MANYLINUX = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
_OLDEST_GLIBC = {"x86_64": 5, "i686": 5}


@dataclass(frozen=True, slots=True)
class Platform:
    """``name`` is the platform's most specific tag; ``tags`` are those that it accepts, best first."""

    name: str
    tags: tuple[str, ...]


def _manylinux(minor: int, architecture: str) -> Platform:
    """Linux with glibc 2.``minor``: PEP 600, with the older names of PEP 513, 571 and 599 beside their new ones."""
    return Platform(f"manylinux_2_{minor}_{architecture}", tuple(_manylinux_tags(minor, architecture)))


def _manylinux_tags(minor: int, architecture: str) -> Iterator[str]:
    yield f"linux_{architecture}"
    for glibc in range(minor, _OLDEST_GLIBC.get(architecture, 17) - 1, -1):
        yield f"manylinux_2_{glibc}_{architecture}"
        if old := _OLD_MANYLINUX.get(glibc):
            yield f"{old}_{architecture}"


def _musllinux(minor: int, architecture: str) -> Platform:
    """Linux with musl 1.``minor``: PEP 656."""
    known = (f"musllinux_1_{musl}_{architecture}" for musl in range(minor, -1, -1))
    return Platform(f"musllinux_1_{minor}_{architecture}", (f"linux_{architecture}", *known))


def _macos(major: int, minor: int, architecture: str) -> Platform:
    admitted = tuple(tags.mac_platforms((major, minor), architecture))
    return Platform(admitted[0], admitted)


MANYLINUX: Final = tuple(
    _manylinux(minor, architecture) for architecture in ("x86_64", "aarch64", "i686") for minor in (17, 28, 39)
)
MUSLLINUX: Final = tuple(_musllinux(2, architecture) for architecture in ("x86_64", "aarch64"))
MACOS_ARM: Final = (_macos(11, 0, "arm64"), _macos(14, 0, "arm64"))
MACOS_INTEL: Final = (_macos(10, 15, "x86_64"), _macos(13, 0, "x86_64"))
WINDOWS_INTEL: Final = (Platform("win_amd64", ("win_amd64",)), Platform("win32", ("win32",)))
WINDOWS_ARM: Final = (Platform("win_arm64", ("win_arm64",)),)


def running_platform() -> Platform:
    """The platform that runs this program."""
    return Platform("this", tuple(tags.platform_tags()))
