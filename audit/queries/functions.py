"""What SQL cannot compute about Python packages: functions that fill a view's last column, by name."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from audit.versions import parsed_version

# What pip unpacks (pip._internal.utils.filetypes), except wheels.
_SDIST_ENDINGS = (
    *(".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar", ".tbz"),
    *(".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"),
)


def admits(requires_python: str, python_version: str) -> bool:
    """Whether a file with this ``requires-python`` is for this interpreter; as in pip, an invalid value allows all."""
    specifiers = _specifiers(requires_python)
    return specifiers is None or specifiers.contains(python_version, prereleases=True)


def names_release(project: str, version: str, filename: str) -> bool:
    """Whether pip takes a file of this name for ``project==version``, whatever its tags."""
    if filename.endswith(".whl"):
        try:
            named_project, named_version, *_ = parse_wheel_filename(filename)
        except InvalidWheelFilename:
            return False
        return named_project == project and named_version == parsed_version(version)
    stem = next((filename[: -len(ending)] for ending in _SDIST_ENDINGS if filename.endswith(ending)), "")
    dashes = (place for place, char in enumerate(stem) if char == "-")
    dash = next((place for place in dashes if canonicalize_name(stem[:place]) == project), None)
    found = None if dash is None else parsed_version(stem[dash + 1 :])
    return found is not None and found == parsed_version(version)


@lru_cache(maxsize=1 << 14)
def _specifiers(text: str) -> SpecifierSet | None:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {each.__name__: each for each in (admits, names_release)}
