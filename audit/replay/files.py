"""The files of a folder that may be served: only files, and nothing outside it that a link leads to."""

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from audit.errors import UsageError

# Follows no link that appeared after the folder was read, and does not wait for a pipe's other end (not on Windows).
_CAREFUL: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def pages_below(folder: Path, name: str) -> dict[str, Path]:
    """The files in the folder ``name`` of ``folder``, by their names there, each with its path without links.

    Raises:
        UsageError: the folder exists and cannot be read.
    """
    try:
        top = Path(os.path.realpath(folder, strict=True))
        below = Path(os.path.realpath(top / name, strict=True))
        if not below.is_relative_to(top):
            return {}
        with os.scandir(below) as entries:
            found = [(entry.name, _file_of(entry, below, top)) for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:  # no permission, or links in a circle
        raise UsageError(f"{str(folder / name)!r} cannot be read ({error.strerror}): check it") from error
    return {page: path for page, path in found if path is not None}


def open_page(path: Path) -> BinaryIO:
    """A file of `pages_below`, to read.

    Raises:
        FileNotFoundError: it is no longer a file.
        OSError: it cannot be read.
    """
    file = os.fdopen(os.open(path, os.O_RDONLY | _CAREFUL), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise FileNotFoundError(path)
    return file


def _file_of(entry: "os.DirEntry[str]", below: Path, top: Path) -> Path | None:
    """The path of an entry's file; None: it is not a file, or is outside ``top``."""
    if entry.is_file(follow_symlinks=False):
        return below / entry.name
    if not entry.is_symlink():
        return None
    try:
        target = Path(os.path.realpath(entry.path, strict=True))
    except OSError:  # a link that leads nowhere, or in a circle
        return None
    return target if target.is_relative_to(top) and target.is_file() else None
