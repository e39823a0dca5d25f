"""Whether a pin applies in an environment: the conditions of PEP 508."""

from functools import cache
from typing import Final

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

from audit.queries.environments.environment import THIS, Environment, find

# sys_platform, platform_system, os_name by the beginning of a platform's name.
_SYSTEMS: Final = {
    "win": ("win32", "Windows", "nt"),
    "macosx": ("darwin", "Darwin", "posix"),
    "manylinux": ("linux", "Linux", "posix"),
    "musllinux": ("linux", "Linux", "posix"),
}
# The machine's name there, by the end of a platform's name.
_MACHINES: Final = {
    "win_amd64": "AMD64",
    "win32": "x86",
    "win_arm64": "ARM64",
    "x86_64": "x86_64",
    "i686": "i686",
    "aarch64": "aarch64",
    "arm64": "arm64",
}
_IMPLEMENTATIONS: Final = {"cp": ("cpython", "CPython"), "pp": ("pypy", "PyPy")}


def applies(marker: str | None, environment: str) -> bool:
    """Whether the condition is true in the environment of this name; one that cannot be decided counts as true.

    Raises:
        UsageError: there is no such environment.
    """
    values = _values(environment)
    if marker is None:
        return True
    try:
        return Marker(marker).evaluate(values, context="lock_file") if values else Marker(marker).evaluate()
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName, KeyError):
        return True


@cache
def _values(name: str) -> dict[str, str]:
    """The variables of PEP 508 in an environment; empty: those of this process."""
    environment = find(name)
    return {} if environment.name == THIS else _simulated(environment)


def _simulated(environment: Environment) -> dict[str, str]:
    interpreter, platform = environment.interpreter, environment.platform.name
    system = next(values for start, values in _SYSTEMS.items() if platform.startswith(start))
    machine = next(machine for end, machine in _MACHINES.items() if platform.endswith(end))
    implementation, spoken = _IMPLEMENTATIONS[interpreter.implementation]
    return {
        "python_version": ".".join(map(str, interpreter.minor_version)),
        "python_full_version": interpreter.version,
        "implementation_name": implementation,
        "implementation_version": interpreter.version,
        "platform_python_implementation": spoken,
        "sys_platform": system[0],
        "platform_system": system[1],
        "os_name": system[2],
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }
