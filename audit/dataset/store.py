"""Where things lie in a dataset's folder, which process may write to it, and how a commit takes effect."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from audit.dataset.claim import check_claim
from audit.dataset.copies import adopt, drop_left, find_copy
from audit.dataset.layout import CURRENT, GENERATIONS, LOCK, NAMES, OWNER, STAGING, generation_in, inside, link_of
from audit.dataset.mark import mark_of, read_mark, write_mark
from audit.disk.small import read_small
from audit.disk.sync import sync_folder
from audit.disk.whole import write_whole
from audit.errors import AuditError, CrawlError, DatasetError
from audit.model import CRAWL_ID_PATTERN


class Store:
    """A dataset's folder: ``current`` links to one of ``generations/CRAWL``, the rest links into ``current``."""

    def __init__(self, folder: Path) -> None:
        """Makes and reads nothing yet."""
        self.folder = folder

    @property
    def staging(self) -> Path:
        """Where a running crawl keeps what it has so far.

        Raises:
            DatasetError: a link leads elsewhere.
        """
        return inside(self.folder, STAGING)

    @property
    def current(self) -> Path | None:
        """The folder of the last commit; None before the first."""
        link = self.folder / CURRENT
        return link.resolve() if link.exists() else None

    def generation(self, crawl_id: str) -> Path:
        """The folder that a crawl's commit fills.

        Raises:
            DatasetError: there is no such crawl, or a link leads elsewhere.
        """
        return generation_in(self.folder, crawl_id)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other crawls away from the dataset; the lock ends with the process, however that ends.

        A new folder becomes a dataset; a plain copy becomes a dataset that crawls can write to.

        Raises:
            CrawlError: another crawl uses it; the message names its process.
            DatasetError: a crawl may not write to this folder, which is as it was; or it cannot be written.
        """
        self._check()
        lock = self._lock()
        try:
            self._settle()
            with suppress(OSError):  # only needed for the message to a second crawl
                write_whole(self.folder / OWNER, json.dumps({"pid": os.getpid()}).encode())
            yield
        finally:
            with suppress(OSError):
                (self.folder / OWNER).unlink(missing_ok=True)
            lock.release()

    def _check(self) -> None:
        check_claim(self.folder)
        find_copy(self.folder)

    def _settle(self) -> None:
        """Marks the dataset, and repairs what copying did to it; checks all again, now that nothing else writes."""
        self._check()
        try:
            if read_mark(self.folder) is None:
                write_mark(self.folder, mark_of())
            if copy := find_copy(self.folder):
                adopt(copy, self._link)
            drop_left(self.folder)
        except OSError as error:
            why = error.strerror or error
            raise DatasetError(f"{self.folder} cannot be written ({why}): choose another --dataset") from error

    def _lock(self) -> BaseFileLock:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / LOCK)
            lock.acquire(blocking=False)
        except Timeout:
            raise CrawlError(f"{self.folder} is being written by {self._owner()}: wait for it, or stop it") from None
        except OSError as error:
            why = error.strerror or error
            raise DatasetError(f"{self.folder} cannot be written ({why}): choose another --dataset") from None
        return lock

    @property
    def writer(self) -> int | None:
        """The process that writes to the dataset; None: no process does.

        The lock is tried only if a process left its number: a killed process leaves its number, but no lock.
        """
        number = self._number()
        if number is None or not (self.folder / LOCK).is_file():
            return None
        try:
            self._lock().release()
        except AuditError:  # it has the lock, or this user may only read; then the number is all that is known
            return number
        return None

    def _owner(self) -> str:
        number = self._number()
        return "another process" if number is None else f"process {number}"

    def _number(self) -> int | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            return int(json.loads(read_small(self.folder / OWNER))["pid"])
        return None

    def switch(self, crawl_id: str) -> None:
        """Makes a filled generation the current one, at once for every reader, and deletes all but the last two.

        A reader that opened the generation before keeps it until the next commit.
        """
        before = self.current
        for name in NAMES:  # in a first commit these lead nowhere until the next step
            if not (self.folder / name).is_symlink():
                self._link(name, f"{CURRENT}/{name}")
        self._link(CURRENT, link_of(crawl_id))
        kept = {self.generation(crawl_id).resolve(), before}
        for old in inside(self.folder, GENERATIONS).iterdir():
            if CRAWL_ID_PATTERN.fullmatch(old.name) and old.resolve() not in kept:
                shutil.rmtree(self.generation(old.name), ignore_errors=True)

    def _link(self, name: str, target: str) -> None:
        fresh = self.folder / f".{name}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(self.folder / name)
        sync_folder(self.folder)
