"""Bytes and names that outlive a power cut."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder outlive a power cut, where the system can."""
    with suppress(OSError):  # some file systems sync no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_file(path: Path) -> None:
    """Makes a file's bytes outlive a power cut."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def keep_file(old: Path, new: Path) -> None:
    """The same bytes under one more name; a copy where the file system has no hard links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        sync_file(new)
