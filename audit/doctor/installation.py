"""An installation: the libraries that the program asks for, and its own queries."""

import platform
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

import audit
from audit.doctor.finding import Finding, fail, ok, warn
from audit.errors import QueryError
from audit.extras import LIBRARIES
from audit.queries import catalog

NAME = "release-audit"


def check_installation() -> Iterator[Finding]:
    """What this program stands on."""
    yield ok("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    try:
        requirements = metadata.requires(NAME) or []
        yield ok(NAME, f"{audit.__version__} in {Path(audit.__file__).parent}")
        yield from check_requirements(requirements, _version)
        yield from check_extras(requirements, _version)
    except metadata.PackageNotFoundError:
        yield warn(NAME, f"{audit.__version__} is not installed as a package: its requirements cannot be checked")
    yield check_queries(catalog.folder())


def check_requirements(requirements: Iterable[str], version: Callable[[str], str | None]) -> Iterator[Finding]:
    """Each requirement that holds on this machine against the installed version (None: there is none)."""
    for requirement in map(Requirement, requirements):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        found, wanted = version(requirement.name), f"{requirement.name}{requirement.specifier}"
        if found is None:
            yield fail(requirement.name, f"missing: pip install '{wanted}'")
        elif not requirement.specifier.contains(found, prereleases=True):
            yield fail(requirement.name, f"{found} does not do: pip install '{wanted}'")
        else:
            yield ok(requirement.name, found)


def check_extras(requirements: Iterable[str], version: Callable[[str], str | None]) -> Iterator[Finding]:
    """Each extra: whether what it brings is installed. That it is not is no fault."""
    marked = [(each.name, each.marker) for each in map(Requirement, requirements) if each.marker is not None]
    for extra in sorted(LIBRARIES):
        brought = [
            name for name, marker in marked if marker.evaluate({"extra": extra}) > marker.evaluate({"extra": ""})
        ]
        missing = [name for name in brought if version(name) is None]
        told = (
            f"not installed ({', '.join(missing)}): pip install '{NAME}[{extra}]' brings it" if missing else "installed"
        )
        yield ok(f"extra {extra}", told)


def check_queries(folder: Path) -> Finding:
    """The queries in ``folder``: that there are any, and that each has its header."""
    try:
        count = len(catalog.Catalog(folder).group())
    except (QueryError, OSError, UnicodeDecodeError) as error:
        return fail("queries", f"{error}: install {NAME} again")
    if not count:
        return fail("queries", f"{folder} holds none: install {NAME} again")
    return ok("queries", f"{count} in {folder}")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
