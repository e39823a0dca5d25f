"""The known files in a folder: those of a project, without what is installed or built in it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from audit.errors import InputError
from audit.scan.inputs.recognize import named

MOST_FOLDERS: Final = 10_000
MOST_FOUND: Final = 1_000
DEEPEST: Final = 8
_PASSED_OVER: Final = frozenset({"node_modules", "site-packages", "dist-packages", "__pycache__", "build", "dist"})
# In addition to lock files, which `named` knows.
_KNOWN: Final = re.compile(r"(.+[-_.])?(requirements|constraints)([-_.].+)?\.(txt|in)|.*(\.cdx|\.spdx|bom)\.json")
_LISTS: Final = re.compile(r".+\.(txt|in)")
_FOLDER_OF_LISTS: Final = "requirements"


def find(folder: Path) -> list[Path]:
    """The files below a folder that are inputs by their names, sorted.

    Hidden folders, environments, build folders and links to folders are skipped. ``.txt`` and ``.in`` files in a folder
    ``requirements`` count, whatever their names. A ``.in`` file is left out if the ``.txt`` made from it is there.

    Raises:
        InputError: the folder cannot be read, or has more than 10,000 folders or 1,000 such files.
    """
    found: list[Path] = []
    for number, (names, where) in enumerate(_folders(folder)):
        found += [where / name for name in names if _is_known(name, where) and (where / name).is_file()]
        if number >= MOST_FOLDERS or len(found) > MOST_FOUND:
            many = f"more than {MOST_FOLDERS:,} folders or {MOST_FOUND:,} files to read: name those that are meant"
            raise InputError(str(folder), None, many)
    lists = {path for path in found if path.suffix == ".txt"}
    return sorted(path for path in found if path.suffix != ".in" or path.with_suffix(".txt") not in lists)


def _is_known(name: str, where: Path) -> bool:
    is_list = where.name == _FOLDER_OF_LISTS and _LISTS.fullmatch(name) is not None
    return is_list or named(name) is not None or _KNOWN.fullmatch(name) is not None


def _folders(folder: Path) -> Iterator[tuple[list[str], Path]]:
    """Each folder that is searched, from the top down, with the names of its files."""

    def raise_it(error: OSError) -> None:
        if error.filename == os.fspath(folder):
            raise InputError(str(folder), None, f"it cannot be read: {error.strerror}") from None

    for path, below, names in os.walk(folder, onerror=raise_it):
        where = Path(path)
        is_deepest = len(where.relative_to(folder).parts) >= DEEPEST
        below[:] = [] if is_deepest else sorted(name for name in below if _is_looked_into(where, name))
        yield names, where


def _is_looked_into(where: Path, name: str) -> bool:
    is_environment = (where / name / "pyvenv.cfg").exists()
    return not (name.startswith(".") or name in _PASSED_OVER or is_environment)
