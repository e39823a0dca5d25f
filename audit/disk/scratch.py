"""Hidden folders for a process's temporary files: ``.release-audit-`` and 32 digits.

Each is locked by the process that made it. The system releases the lock however the process ends. So a folder whose
lock is free is not used any more, and the next process that makes one beside it deletes it.
"""

import fcntl
import os
import re
import shutil
import tempfile
import uuid
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = ".release-audit-"
_NAME: Final = re.compile(re.escape(_PREFIX) + r"[0-9a-f]{32}")


class Scratch:
    """A scratch folder at ``path``: it is deleted by `close`, with this object, or when the interpreter ends."""

    def __init__(self, parent: Path) -> None:
        """Makes it in ``parent``, and deletes those that killed processes left there.

        Raises:
            OSError: it cannot be made.
        """
        drop_left(parent)
        self.path, lock = _made(parent)
        self._drop = weakref.finalize(self, _drop, self.path, lock)

    def close(self) -> None:
        """Deletes the folder and everything in it; a second call does nothing."""
        self._drop()


def scratch_near(folder: Path) -> Scratch:
    """A scratch folder in ``folder``, or in the system's temporary folder where none can be made there."""
    try:
        return Scratch(folder)
    except OSError:  # the user may only read it, or its disk is full
        return Scratch(Path(tempfile.gettempdir()))


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A scratch folder in ``parent``, on its file system, for as long as the block runs.

    Raises:
        OSError: it cannot be made.
    """
    made = Scratch(parent)
    try:
        yield made.path
    finally:
        made.close()


def left_in(parent: Path) -> list[Path]:
    """The scratch folders in ``parent`` that no process uses any more, by name."""
    found = []
    for path in _folders(parent):
        lock = _locked(path, fcntl.LOCK_NB)
        if lock is not None:
            os.close(lock)
            found.append(path)
    return found


def drop_left(parent: Path) -> None:
    """Deletes the scratch folders in ``parent`` that no process uses any more."""
    for path in _folders(parent):
        lock = _locked(path, fcntl.LOCK_NB)
        if lock is not None:
            _drop(path, lock)


def _folders(parent: Path) -> list[Path]:
    try:
        with os.scandir(parent) as entries:
            names = [e.name for e in entries if _NAME.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [parent / name for name in sorted(names)]


def _made(parent: Path) -> tuple[Path, int | None]:
    """A new folder and its lock, which is None if the system cannot lock folders: then no process can take it."""
    while True:
        path = parent.absolute() / f"{_PREFIX}{uuid.uuid4().hex}"
        path.mkdir(mode=0o700)
        lock = _locked(path, 0)
        if path.is_dir():
            return path, lock
        if lock is not None:  # another process deleted the folder before it was locked
            os.close(lock)


def _locked(path: Path, flag: int) -> int | None:
    """A handle with the folder's lock; None: another process has the lock, or this is unknown."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | flag)
    except OSError:
        os.close(handle)
        return None
    return handle


def _drop(path: Path, lock: int | None) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if lock is not None:
        with suppress(OSError):
            os.close(lock)
