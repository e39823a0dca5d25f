"""The metadata file in a built file: read within limits, never unpacked to disk."""

import errno
import gzip
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO, Final

from audit.errors import AuditError

# A METADATA contains the project's README; the longest ones of real projects have a tenth of this size.
LONGEST_METADATA: Final = 4 * 1024 * 1024
# How much of an sdist is unpacked to find its PKG-INFO: ten times the size of the largest ones.
LARGEST_UNPACKED: Final = 1024 * 1024 * 1024
# All errors of Python's archive readers for a broken archive; RuntimeError: it is encrypted.
_BROKEN: Final = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)


class ArchiveError(AuditError):
    """A file is not the archive that its name says, or exceeds a limit; ``str()`` says which."""


def wheel_metadata(path: Path, longest: int = LONGEST_METADATA) -> bytes:
    """The ``METADATA`` of a wheel, at most ``longest`` bytes.

    Raises:
        ArchiveError: it is not a zip archive, or does not have exactly one METADATA, or that is longer.
        OSError: the file cannot be read.
    """
    return _of_zip(path, ".dist-info/METADATA", longest)


def sdist_metadata(path: Path, longest: int = LONGEST_METADATA, most: int = LARGEST_UNPACKED) -> bytes:
    """The ``PKG-INFO`` at the top of an sdist (.tar.gz or .zip); at most ``most`` bytes are unpacked to find it.

    Raises:
        ArchiveError: it is not such an archive, has no PKG-INFO, or exceeds a limit.
        OSError: the file cannot be read.
    """
    if path.name.endswith(".zip"):
        return _of_zip(path, "/PKG-INFO", longest)
    try:
        with path.open("rb") as file, _Bounded(file, most) as unpacked:
            return _of_tar(unpacked, longest)
    except _BROKEN as error:
        raise ArchiveError(f"it is not a complete .tar.gz archive ({first_line(error)})") from error


class _Bounded(gzip.GzipFile):
    """The content of a .gz file; raises an error when more than ``most`` bytes are read."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._left, self._most = most, most

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        piece = super().read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise ArchiveError(f"it unpacks to more than {self._most:,} bytes: an archive that large is not searched")
        return piece


def _of_tar(stream: _Bounded, longest: int) -> bytes:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            parts = member.name.split("/")
            if len(parts) != 2 or parts[1] != "PKG-INFO" or parts[0] in {"", ".", ".."}:
                continue
            content = archive.extractfile(member) if member.isreg() else None
            if content is None:
                raise ArchiveError("its PKG-INFO is not a file")
            with content:
                return _bounded(content, longest, "PKG-INFO")
    raise ArchiveError("it has no PKG-INFO at its top")


def _of_zip(path: Path, ending: str, longest: int) -> bytes:
    name = ending.rpartition("/")[2]
    try:
        with zipfile.ZipFile(path) as archive:
            found = [each for each in archive.infolist() if each.filename.endswith(ending)]
            found = [each for each in found if each.filename.count("/") == 1 and not each.filename.startswith("/")]
            if len(found) != 1:
                raise ArchiveError(f"it has {len(found)} {name} at its top, but must have one")
            if found[0].file_size > longest:
                raise _too_long(name, longest)
            with archive.open(found[0]) as content:
                return _bounded(content, longest, name)
    except (*_BROKEN, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # an offset that no file has
            raise
        raise ArchiveError(f"it is not a complete zip archive ({first_line(error)})") from error


def _bounded(content: IO[bytes], longest: int, name: str) -> bytes:
    """The member's content, whatever size the archive claims."""
    read = content.read(longest + 1)
    if len(read) > longest:
        raise _too_long(name, longest)
    return read


def _too_long(name: str, longest: int) -> ArchiveError:
    return ArchiveError(f"its {name} is longer than {longest:,} bytes")


def first_line(error: BaseException) -> str:
    """The first line of an error's message, or the error's name."""
    return (str(error) or type(error).__name__).partition("\n")[0][:200]
