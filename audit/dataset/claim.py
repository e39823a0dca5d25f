"""Whether a folder is a dataset that a crawl may write to: looked at before anything is changed."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from audit.dataset import mark
from audit.dataset.layout import CURRENT, GENERATIONS, LOCK, NAMES, OWNER, STAGING, crawl_linked
from audit.dataset.snapshot import check_schema, find_snapshot
from audit.errors import DatasetError

# What a crawl killed right at its beginning may have left in an empty folder.
_BEGUN: Final = frozenset({LOCK, OWNER, f".{OWNER}.part", mark.PART})


def check_claim(folder: Path) -> None:
    """Checks that a crawl may write to ``folder``: it is missing, empty, marked as a dataset, or has a commit.

    Whatever exists where the program writes must be what it would make itself; a link to elsewhere is not.

    Raises:
        DatasetError: it may not; says why. Nothing was changed.
    """
    try:
        names = set(os.listdir(folder))
    except FileNotFoundError:
        return
    except OSError as error:
        raise DatasetError(f"{folder} cannot be written ({error.strerror}): choose another --dataset") from None
    is_marked = mark.read_mark(folder) is not None
    if not is_marked and names <= _BEGUN:
        return
    if not is_marked:
        _check_commit(folder)
    for name in (STAGING, GENERATIONS):
        _check_folder(folder / name)
    for name in (CURRENT, *NAMES):
        _check_link(folder, name)


def _check_commit(folder: Path) -> None:
    """Checks that a folder without a mark has a dataset's tables: it is older than the mark, or a copy of a commit."""
    refused = f"{folder} is not empty and not marked as a dataset, so nothing in it is touched"
    try:
        snapshot = find_snapshot(folder)
    except DatasetError:
        raise DatasetError(f"{refused}: name a new folder by --dataset") from None
    try:
        check_schema(snapshot)
    except DatasetError as error:
        raise DatasetError(f"{refused}: {error}") from None


def _check_folder(path: Path) -> None:
    """Checks that a path where the program makes and deletes things is a folder, and has no link in it."""
    with suppress(FileNotFoundError):
        if not stat.S_ISDIR(path.lstat().st_mode):
            raise DatasetError(f"{path} is not a folder of a dataset: nothing is written through it, remove it")
        with os.scandir(path) as entries:
            for entry in entries:
                if not (entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)):
                    raise DatasetError(f"{entry.path} is a link or not a file: nothing is written beside it, remove it")


def _check_link(folder: Path, name: str) -> None:
    """Checks that a link at ``name`` is one that a crawl made; anything else is checked as a copy."""
    path = folder / name
    if not path.is_symlink():
        if path.exists() and not (path.is_file() if name.endswith(".parquet") else path.is_dir()):
            raise DatasetError(f"{path} does not belong to a dataset: nothing in {folder} is touched, move it away")
        return
    target = str(path.readlink())
    begin = target if name == CURRENT else target.removesuffix(f"/{name}")
    if crawl_linked(begin) is None and (name == CURRENT or begin != CURRENT):
        raise DatasetError(f"{path} links to {target}, outside the dataset: nothing is written, remove it")
