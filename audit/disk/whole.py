"""The only way in which files are written: beside their place, and moved there when they are complete.

Until then the old file is unchanged, however the process ends. A user's file is written in a folder of its own
(`audit.disk.scratch`), so that two processes can write the same file.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from audit.disk.scratch import scratch
from audit.disk.sync import sync_file, sync_folder
from audit.errors import OutputError, UsageError


@contextmanager
def replacing(path: Path, part: Path, *, is_synced: bool = True) -> Iterator[Path]:
    """Yields ``part``, an empty file to be written by its name; it replaces ``path`` when the block ends.

    Both are in one file system. An old file at either name is replaced and never written into, so a link is not
    followed. If the block fails, ``part`` is deleted. After this the file survives a power cut, if ``is_synced``.

    Raises:
        OSError: it cannot be written.
    """
    make_empty(part)
    try:
        yield part
        if is_synced:
            sync_file(part)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    if is_synced:
        sync_folder(path.parent)


def make_empty(path: Path) -> None:
    """Makes a new, empty file at ``path``, replacing what was there: then a library may open it by name."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def write_whole(path: Path, content: bytes) -> None:
    """Writes a small file of the program's own; no other process may write it at the same time.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path, path.with_name(f".{path.name}.part")) as part:
        part.write_bytes(content)


def check_output(target: Path, outside: Path | None) -> None:
    """Checks that a user's file can be made at ``target``, or replaced; a device or a pipe is allowed too.

    ``outside`` is the dataset, in which no output may be written; None: there is no dataset.

    Raises:
        UsageError: it cannot; says why.
    """
    if not target.parent.is_dir():
        raise UsageError(f"{target}: there is no folder {target.parent}: make it first")
    if outside is not None and target.parent.resolve().is_relative_to(outside.resolve()):
        raise UsageError(f"{target} lies in the dataset, where the next crawl may drop it: choose another folder")
    if target.is_symlink() and not _is_stream(target):
        raise UsageError(f"{target} is a link, and no link is written through: name the file itself")
    if target.is_dir():
        raise UsageError(f"{target} is a folder: name a file")


@contextmanager
def output(target: Path, *, outside: Path | None, is_new: bool = False) -> Iterator[Path]:
    """Yields the file to write a user's output to: when it is complete it replaces ``target``, and keeps its mode.

    ``outside`` is the dataset, in which no output may be written. With ``is_new`` nothing is replaced, not even a file
    that appears meanwhile. A device or a pipe is yielded itself.

    Raises:
        UsageError: ``target`` is not a possible place for a file, or something is there and ``is_new`` is set.
        OutputError: it cannot be written; what was there before is as it was.
    """
    check_output(target, outside)
    try:
        if _is_stream(target):
            yield target
            return
        with scratch(target.parent) as folder:
            yield from _moved(folder / "fresh", target, is_new=is_new)
    except OSError as error:
        raise OutputError(f"{target} cannot be written ({error.strerror or error}): choose another file") from error


def _moved(fresh: Path, target: Path, *, is_new: bool) -> Iterator[Path]:
    yield fresh
    sync_file(fresh)
    if is_new:
        try:
            os.link(fresh, target)  # unlike a rename, it replaces nothing
        except FileExistsError:
            raise UsageError(f"{target} is there already") from None
    else:
        with suppress(FileNotFoundError):
            fresh.chmod(stat.S_IMODE(target.stat(follow_symlinks=False).st_mode))
        fresh.replace(target)
    sync_folder(target.parent)


def _is_stream(target: Path) -> bool:
    """Whether the target is a stream that is written to but stores nothing, such as ``/dev/stdout``."""
    try:
        mode = target.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
