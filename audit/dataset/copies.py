"""Plain copies: a dataset whose links have become files and folders (``cp -rL``, zip) is made one again, in place.

Everything is checked first, and no byte is deleted that is not elsewhere in the dataset too. Between any two steps a
reader finds the same tables.
"""

import filecmp
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.dataset.layout import CURRENT, GENERATIONS, NAMES, crawl_linked, generation_in, inside, link_of
from audit.dataset.schema import CRAWLS, HISTORY_TABLES, SNAPSHOT_TABLES
from audit.dataset.snapshot import check_schema, find_snapshot
from audit.disk.sync import keep_file, sync_folder
from audit.errors import DatasetError
from audit.model import CRAWL_ID_PATTERN

# In `generations`: a generation that is being filled, and folders that were replaced by links.
_FILLING: Final = ".filling"
_REPLACED: Final = ".replaced-"
_LEFT: Final = (_FILLING, *(f"{_REPLACED}{name}" for name in (CURRENT, *NAMES)))

Link = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Copy:
    """A plain copy in ``folder``: its tables lie in ``source``, and become the generation ``crawl_id``."""

    folder: Path
    source: Path
    crawl_id: str

    @property
    def generation(self) -> Path:
        """The generation, which may be there already."""
        return generation_in(self.folder, self.crawl_id)


def find_copy(folder: Path) -> Copy | None:
    """The plain copy in ``folder``; None: there is none, everything is as crawls leave it. Nothing is changed.

    Raises:
        DatasetError: it cannot be made a dataset again without a loss; names what would be lost.
    """
    folder = folder.resolve()
    if (folder / CURRENT).is_symlink() or not (folder / CURRENT).exists():
        wrong = [name for name in NAMES if _is_wrong(folder, name)]
    else:
        wrong = [CURRENT, *NAMES]
    if not wrong:
        return None
    source = find_snapshot(folder)
    check_schema(source)
    crawl_id = last_crawl(source) or _same_tables(folder, source)
    if crawl_id is None:
        raise DatasetError(f"{folder} is a copy without its crawls/, and no crawl can follow it: name a new folder")
    copy = Copy(folder, source, crawl_id)
    is_filled = copy.generation.exists()
    if is_filled:
        check_schema(copy.generation)
    _check_kept([folder / name for name in wrong], copy.generation if is_filled else source)
    return copy


def adopt(copy: Copy, link: Link) -> None:
    """Makes a plain copy a dataset with its links; ``link`` replaces a file or a link by a link.

    Raises:
        OSError: it cannot be written; it is readable as before, and the next crawl continues this.
    """
    if not copy.generation.exists():
        _fill(copy)
    current = copy.folder / CURRENT
    if current.is_dir() and not current.is_symlink():
        if find_snapshot(copy.folder) == current.resolve():  # without the link, readers find these
            _link_all(copy, link_of(copy.crawl_id), link)
        _put_aside(copy.folder, CURRENT)
    if current.resolve() != copy.generation:
        link(CURRENT, link_of(copy.crawl_id))
    _link_all(copy, CURRENT, link)
    drop_left(copy.folder)


def drop_left(folder: Path) -> None:
    """Deletes what an earlier, killed `adopt` has put aside: all of it is in a generation too."""
    for name in _LEFT:
        shutil.rmtree(inside(folder, GENERATIONS, name), ignore_errors=True)


def _is_wrong(folder: Path, name: str) -> bool:
    """Whether a table's name is something else than its link; before the first commit there may be nothing."""
    path = folder / name
    if not os.path.lexists(path):
        return (folder / CURRENT).exists()
    return not (path.is_symlink() and str(path.readlink()) == f"{CURRENT}/{name}")


def last_crawl(source: Path) -> str | None:
    """The crawl whose commit these tables are; None: their history was not copied with them."""
    ids = (path.stem for path in (source / CRAWLS.name).glob("*.parquet"))
    return max((each for each in ids if CRAWL_ID_PATTERN.fullmatch(each)), default=None)


def _same_tables(folder: Path, source: Path) -> str | None:
    """The generation that holds the same tables as ``source``, whose history was not copied with it."""
    for path in sorted((folder / GENERATIONS).glob("*"), reverse=True):
        if crawl_linked(link_of(path.name)) and path.is_dir():
            pairs = ((source / f"{table.name}.parquet", path / f"{table.name}.parquet") for table in SNAPSHOT_TABLES)
            if all(_is_same(*pair) for pair in pairs) and last_crawl(path) == path.name:
                return path.name
    return None


def _check_kept(replaced: list[Path], held: Path) -> None:
    """Checks that every file that links will replace is a table that ``held`` has too."""
    for path in replaced:
        base = path if path.name == CURRENT else path.parent
        for file in _files(path):
            name = file.relative_to(base)
            if not (_is_table(name) and _is_same(file, held / name)):
                raise DatasetError(
                    f"{file} differs from {held}, and a crawl would drop it: move it away, or name a new folder"
                )


def _files(path: Path) -> Iterator[Path]:
    """Each file that links will replace; a path that is a link already leads into a generation."""
    if path.is_symlink() or not path.exists():
        return
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_symlink() or not file.is_dir():
            yield file


def _is_table(name: Path) -> bool:
    """Whether a table's file has this path in a generation."""
    if len(name.parts) == 1:
        return name.name in {f"{table.name}.parquet" for table in SNAPSHOT_TABLES}
    is_history = len(name.parts) == 2 and name.parts[0] in {table.name for table in HISTORY_TABLES}
    return is_history and name.suffix == ".parquet"


def _is_same(one: Path, other: Path) -> bool:
    """Whether both are plain files of the same bytes."""
    files = (one, other)
    if any(path.is_symlink() or not path.is_file() for path in files):
        return False
    return os.path.samefile(one, other) or filecmp.cmp(one, other, shallow=False)


def _fill(copy: Copy) -> None:
    """Makes the generation without copying: each file gets one more name (a hard link)."""
    filling = inside(copy.folder, GENERATIONS, _FILLING)
    shutil.rmtree(filling, ignore_errors=True)
    filling.mkdir(parents=True)
    for table in SNAPSHOT_TABLES:
        keep_file(copy.source / f"{table.name}.parquet", filling / f"{table.name}.parquet")
    for table in HISTORY_TABLES:
        (filling / table.name).mkdir()
        for old in sorted((copy.source / table.name).glob("*.parquet")):
            keep_file(old, filling / table.name / old.name)
        sync_folder(filling / table.name)
    sync_folder(filling)
    filling.rename(copy.generation)
    sync_folder(copy.generation.parent)


def _link_all(copy: Copy, to: str, link: Link) -> None:
    """Makes each table's name a link into ``to``."""
    for name in NAMES:
        path = copy.folder / name
        if path.is_dir() and not path.is_symlink():
            _put_aside(copy.folder, name)
        link(name, f"{to}/{name}")


def _put_aside(folder: Path, name: str) -> None:
    aside = inside(folder, GENERATIONS, f"{_REPLACED}{name}")
    shutil.rmtree(aside, ignore_errors=True)
    inside(folder, name).rename(aside)
