"""uv's choice in plain Python, where it is not pip's: see docs/picks.md, which has the sources."""

from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.utils import BuildTag, InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

from audit.queries.environments import Environment
from tests.installers.sets import File, Release


def uv_pick(release: Release, environment: Environment) -> str | None:
    """The best file of all; it decides alone whether the release is for the interpreter. None: it is not."""
    ranks = {tag: rank for rank, tag in enumerate(environment.tags)}
    # Of equal ones the first in the index's list stays: max() takes the first.
    fitting = [(fit, file) for file in release.files if (fit := _fit(file.filename, ranks)) is not None]
    best = max(fitting, key=lambda each: each[0], default=None)
    return best[1].filename if best and _is_new_enough(environment.interpreter.version, best[1]) else None


def _fit(filename: str, ranks: dict[Tag, int]) -> tuple[int, BuildTag] | None:
    if filename.endswith((".tar.gz", ".zip")):
        return -len(ranks), ()
    try:
        _, _, build, tags = parse_wheel_filename(filename)
    except InvalidWheelFilename:
        return None
    fitting = [ranks[tag] for tag in tags if tag in ranks]
    return (-min(fitting), build) if fitting else None


def _is_new_enough(python_version: str, file: File) -> bool:
    """Of ``requires-python`` only the lower bound counts."""
    bounds = [each for each in SpecifierSet(file.requires_python or "") if each.operator in {">=", "~=", "=="}]
    return all(Version(python_version) >= Version(each.version.removesuffix(".*")) for each in bounds)
