"""Makes bytes and names survive a power cut."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a power cut, if the system can."""
    with suppress(OSError):  # some file systems sync no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_file(path: Path) -> None:
    """Makes a file's bytes survive a power cut."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def keep_file(old: Path, new: Path) -> None:
    """Gives a file one more name (a hard link); makes a copy if the file system has no hard links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        sync_file(new)
