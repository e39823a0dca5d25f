"""A user's folder, made beside its place and moved there when it is complete; it contains a list of its files.

Its ``SHA256SUMS`` begins with a comment that names its maker, and lists every other file like ``sha256sum`` does, so
that ``sha256sum --check SHA256SUMS`` can check it. A folder is replaced only if every file in it is listed so.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from audit.disk.scratch import scratch
from audit.disk.sync import sync_folder
from audit.errors import OutputError, UsageError

SUMS: Final = "SHA256SUMS"
_HEX: Final = 64
_MOST_BYTES: Final = 1 << 26


def check_folder(target: Path, outside: Path, maker: str) -> None:
    """Checks that a folder can be made at ``target``, or that the one there is empty or was made by ``maker``.

    ``outside`` is the dataset, in which no output may be written.

    Raises:
        UsageError: it cannot; says why.
    """
    place = target.absolute()
    if not place.parent.is_dir():
        raise UsageError(f"{target}: there is no folder {place.parent}: make it first")
    if place.resolve().is_relative_to(outside.resolve()):
        raise UsageError(f"{target} lies in the dataset, where the next crawl may drop it: choose another folder")
    if place.is_symlink():
        raise UsageError(f"{target} is a link, and no link is written through: name the folder itself")
    if not place.exists():
        return
    if not place.is_dir():
        raise UsageError(f"{target} is not a folder: choose another name")
    try:
        other = next(_others(place, maker), None)
    except OSError as error:
        raise UsageError(f"{target} cannot be read ({error.strerror}): choose another folder") from error
    if other is not None:
        raise UsageError(f"{target} holds {other!r}, which {maker} did not make: choose another folder")


@contextmanager
def output_folder(target: Path, *, outside: Path, maker: str) -> Iterator[Path]:
    """Yields an empty folder to fill: when the block ends, it replaces ``target`` with all its files.

    If the block fails, ``target`` is as it was. A process killed between the two moves at the end leaves nothing there,
    but never a part of a folder.

    Raises:
        UsageError: ``target`` is not a possible place for it, see `check_folder`.
        OutputError: it cannot be written; what was there before is as it was.
    """
    check_folder(target, outside, maker)
    place = target.absolute()
    try:
        with scratch(place.parent) as beside:
            fresh = beside / "fresh"
            fresh.mkdir()
            yield fresh
            (fresh / SUMS).write_text(_sums(fresh, maker), "utf-8")
            check_folder(target, outside, maker)  # a file may have appeared there meanwhile
            _put(fresh, place, beside / "before")
    except OSError as error:
        raise OutputError(f"{target} cannot be written ({error.strerror or error}): choose another folder") from error


def _put(fresh: Path, place: Path, before: Path) -> None:
    """Moves one folder away and another into its place; if the second move fails, the first folder is moved back."""
    with suppress(FileNotFoundError):
        place.rename(before)
    try:
        fresh.rename(place)
    except OSError:
        with suppress(FileNotFoundError):
            before.rename(place)
        raise
    sync_folder(place.parent)


def _sums(folder: Path, maker: str) -> str:
    lines = [f"{_digest(folder / name)}  {name}" for name in sorted(_files(folder))]
    return "\n".join([_first_line(maker), *lines]) + "\n"


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _first_line(maker: str) -> str:
    return f"# made by {maker}"


def _others(folder: Path, maker: str) -> Iterator[str]:
    """The files in a folder that ``maker`` did not list there; a link is a file."""
    listed = _listed(folder / SUMS, maker)
    return (name for name in _files(folder) if name not in listed)


def _listed(sums: Path, maker: str) -> set[str]:
    try:
        if sums.is_symlink() or sums.stat().st_size > _MOST_BYTES:
            return set()
        first, *lines = sums.read_text("utf-8").splitlines()
    except (FileNotFoundError, ValueError):
        return set()
    return {SUMS, *(line[_HEX + 2 :] for line in lines)} if first == _first_line(maker) else set()


def _files(folder: Path) -> Iterator[str]:
    """The paths of everything that is not a folder, with slashes, relative to ``folder``."""
    for parent, folders, files in os.walk(folder, onerror=_raise):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in [*files, *links]:
            yield (Path(parent) / name).relative_to(folder).as_posix()


def _raise(error: OSError) -> None:
    raise error
