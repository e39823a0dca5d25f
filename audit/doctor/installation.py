"""An installation: the libraries that the program needs, and its own queries."""

import platform
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

import audit
from audit.doctor.patient import Patient, topic
from audit.errors import QueryError
from audit.extras import LIBRARIES
from audit.findings.finding import Case, Place
from audit.queries import catalog

NAME: Final = "release-audit"
_KIND: Final = "installation"
_PYTHON: Final = topic(_KIND, "python", "This Python runs the program")
_PACKAGE: Final = topic(_KIND, NAME, "The program is installed as a package, so that its requirements are known")
_REQUIREMENT: Final = topic(
    _KIND, "requirement", "Each library that the program needs is there, in a version that fits"
)
_EXTRA: Final = topic(_KIND, "extra", "The libraries of the extra are installed; not everybody needs them")
_QUERIES: Final = topic(_KIND, "queries", "The queries are there, each with its header")


def check_installation() -> Iterator[Case]:
    """Checks what this program needs: its libraries, extras and queries."""
    here = _here()
    yield here.ok(_PYTHON, f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    try:
        requirements = metadata.requires(NAME) or []
        yield here.ok(_PACKAGE, f"{audit.__version__} in {Path(audit.__file__).parent}")
        yield from check_requirements(requirements, _version)
        yield from check_extras(requirements, _version)
    except metadata.PackageNotFoundError:
        yield here.warn(
            _PACKAGE, f"{audit.__version__} is not installed as a package: its requirements cannot be checked"
        )
    yield check_queries(catalog.folder())


def check_requirements(requirements: Iterable[str], version: Callable[[str], str | None]) -> Iterator[Case]:
    """Checks each requirement that applies on this machine against the installed version (None: not installed)."""
    here = _here()
    for requirement in map(Requirement, requirements):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        found, wanted = version(requirement.name), f"{requirement.name}{requirement.specifier}"
        if found is None:
            yield here.fail(_REQUIREMENT, "missing", f"pip install '{wanted}'", about=requirement.name)
        elif not requirement.specifier.contains(found, prereleases=True):
            advice = f"pip install '{wanted}'"
            yield here.fail(_REQUIREMENT, f"{found} is not a version that fits", advice, about=requirement.name)
        else:
            yield here.ok(_REQUIREMENT, found, about=requirement.name)


def check_extras(requirements: Iterable[str], version: Callable[[str], str | None]) -> Iterator[Case]:
    """Checks for each extra whether its packages are installed. If they are not, that is not a fault."""
    marked = [(each.name, each.marker) for each in map(Requirement, requirements) if each.marker is not None]
    for extra in sorted(LIBRARIES):
        brought = [
            name for name, marker in marked if marker.evaluate({"extra": extra}) > marker.evaluate({"extra": ""})
        ]
        missing = [name for name in brought if version(name) is None]
        message = (
            f"not installed ({', '.join(missing)}): pip install '{NAME}[{extra}]' brings it" if missing else "installed"
        )
        yield _here().ok(_EXTRA, message, about=f"extra {extra}")


def check_queries(folder: Path) -> Case:
    """Checks that there are queries in ``folder``, and that each has its header."""
    try:
        count = len(catalog.Catalog(folder).group())
    except (QueryError, OSError, UnicodeDecodeError) as error:
        return _here().fail(_QUERIES, str(error), f"install {NAME} again")
    if not count:
        return _here().fail(_QUERIES, f"{folder} holds none", f"install {NAME} again")
    return _here().ok(_QUERIES, f"{count} in {folder}")


def _here() -> Patient:
    return Patient(_KIND, Place(str(Path(audit.__file__).parent)))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
