"""Reads small files of the program's own, which a stranger may have replaced."""

import os
import stat
from pathlib import Path
from typing import Final

_LONGEST: Final = 1 << 16


def read_small(path: Path) -> bytes:
    """The bytes of a small file.

    Raises:
        FileNotFoundError: there is none.
        OSError: it is a link, not a plain file, or longer than 64 KiB.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError("it is not a plain file")
        if facts.st_size > _LONGEST:
            raise OSError(f"it is longer than {_LONGEST:,} bytes")
        return os.read(handle, _LONGEST)
    finally:
        os.close(handle)
