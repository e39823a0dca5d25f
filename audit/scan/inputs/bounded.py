"""Reads files that strangers wrote: of limited size, and nothing that never ends."""

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO, Final

from audit.errors import InputError

MOST_BYTES: Final = 64 * 1024 * 1024
# Opens a pipe without waiting for its other end (Windows does not need it).
_CAREFUL: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def read_named(path: str) -> bytes:
    """The bytes of a file that the user named; also of a pipe, such as a shell's ``<(...)``.

    Raises:
        InputError: it cannot be read, or is larger than 64 MiB.
    """
    try:
        if Path(path).is_dir():
            raise InputError(path, None, "it is a folder in which no known file was found")
        with open(path, "rb") as file:
            return _read(file, path)
    except OSError as error:
        raise InputError(path, None, f"it cannot be read: {error.strerror}") from None
    except ValueError:  # a null character
        raise InputError(path, None, "it is not a path") from None


def read_plain(path: Path, source: str) -> bytes:
    """The bytes of a file that another file named, called ``source``: only a plain file, so nothing can block.

    Raises:
        InputError: it cannot be read, is not a plain file, or is larger than 64 MiB.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _CAREFUL), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(source, None, "it is not a plain file")
            return _read(file, source)
    except OSError as error:
        raise InputError(source, None, f"it cannot be read: {error.strerror}") from None


def read_standard_input() -> bytes:
    """The bytes of standard input.

    Raises:
        InputError: it is larger than 64 MiB.
    """
    return _read(sys.stdin.buffer, "-")


def check_size(body: bytes, source: str) -> None:
    """Checks the size of what was read.

    Raises:
        InputError: it is larger than 64 MiB.
    """
    if len(body) > MOST_BYTES:
        raise InputError(source, None, f"it is larger than {MOST_BYTES >> 20} MiB: no lock file is that large")


def _read(file: BinaryIO, source: str) -> bytes:
    body = file.read(MOST_BYTES + 1)
    check_size(body, source)
    return body
