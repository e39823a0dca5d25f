"""Where things lie in a dataset's folder, who may write to it, and how a commit takes hold."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import BaseFileLock, FileLock, Timeout

from audit.dataset.schema import HISTORY_TABLES, SNAPSHOT_TABLES
from audit.disk.sync import sync_folder
from audit.errors import AuditError, CrawlError, DatasetError

CURRENT: Final = "current"
_LINKS: Final = {
    **{f"{table.name}.parquet": f"{CURRENT}/{table.name}.parquet" for table in SNAPSHOT_TABLES},
    **{table.name: f"{CURRENT}/{table.name}" for table in HISTORY_TABLES},
}


class Store:
    """A dataset's folder: ``current`` links to one of ``generations/CRAWL``, the rest links into ``current``."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made or read yet."""
        self.folder = folder

    @property
    def staging(self) -> Path:
        """Where a running crawl keeps what it has so far."""
        return self.folder / "staging"

    @property
    def current(self) -> Path | None:
        """The folder of the last commit; None before the first."""
        link = self.folder / CURRENT
        return link.resolve() if link.exists() else None

    def generation(self, crawl_id: str) -> Path:
        """The folder that a crawl's commit fills."""
        return self.folder / "generations" / crawl_id

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other crawls away from the dataset; the lock goes with the process, however that ends.

        Raises:
            CrawlError: another crawl has it; the message names its process.
            DatasetError: the folder cannot be written.
        """
        lock = self._lock()
        try:
            with suppress(OSError):  # only the message to a second crawl needs it
                (self.folder / "crawl.pid").write_text(json.dumps({"pid": os.getpid()}), "utf-8")
            yield
        finally:
            with suppress(OSError):
                (self.folder / "crawl.pid").unlink(missing_ok=True)
            lock.release()

    def _lock(self) -> BaseFileLock:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / "crawl.lock")
            lock.acquire(blocking=False)
        except Timeout:
            raise CrawlError(f"{self.folder} is being written by {self._owner()}: wait for it, or stop it") from None
        except OSError as error:
            why = error.strerror or error
            raise DatasetError(f"{self.folder} cannot be written ({why}): choose another --dataset") from None
        return lock

    @property
    def writer(self) -> int | None:
        """The process that writes to the dataset; None: none does.

        Only where one left its number is the lock tried: it outlives no process, but the number outlives one killed.
        """
        number = self._number()
        if number is None:
            return None
        try:
            self._lock().release()
        except AuditError:  # it has the lock, or this user may only read, and then the number is all there is to go by
            return number
        return None

    def _owner(self) -> str:
        number = self._number()
        return "another process" if number is None else f"process {number}"

    def _number(self) -> int | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            return int(json.loads((self.folder / "crawl.pid").read_text("utf-8"))["pid"])
        return None

    def switch(self, crawl_id: str) -> None:
        """Makes a filled generation the current one, at once for every reader, and drops those before the last two.

        A reader that opened the generation before keeps it until the next commit.
        """
        before = self.current
        for name, target in _LINKS.items():  # of a first commit these lead nowhere until the next step
            if not (self.folder / name).is_symlink():
                self._link(name, target)
        self._link(CURRENT, f"generations/{crawl_id}")
        kept = {self.generation(crawl_id).resolve(), before}
        for old in (self.folder / "generations").iterdir():
            if old.resolve() not in kept:
                shutil.rmtree(old, ignore_errors=True)

    def _link(self, name: str, target: str) -> None:
        fresh = self.folder / f".{name}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(self.folder / name)
        sync_folder(self.folder)
