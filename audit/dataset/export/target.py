"""Where an export may be written, so that nothing is lost by mistake."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.errors import UsageError
from audit.queries.run import TABLES_SCHEMA


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file by its first bytes: ``magic`` is at byte ``at``. ``log`` is what its writers leave beside it."""

    name: str
    magic: bytes
    at: int = 0
    log: str = ""

    def check(self, target: Path, *, is_forced: bool) -> None:
        """Checks that a file of this kind can be made at ``target``, or replace one of its kind if ``is_forced``.

        Raises:
            UsageError: it cannot; says why.
        """
        if target.exists() and not target.is_file():
            raise UsageError(f"{target} is not a plain file: choose another name")
        log = target.with_name(f"{target.name}{self.log}")
        if self.log and log.exists():
            raise UsageError(f"{log} is there: another program has the database open, or left changes in it")
        if not target.exists():
            return
        if not is_forced:
            raise UsageError(f"{target} is there already: --force replaces it")
        if not self._is_kind_of(target):
            raise UsageError(f"{target} is not a {self.name} file, and is not replaced: choose another name")

    def _is_kind_of(self, file: Path) -> bool:
        with file.open("rb") as opened:
            return opened.read(self.at + len(self.magic))[self.at :] == self.magic


# In a DuckDB file the magic bytes follow a checksum of eight bytes.
DUCKDB: Final = FileKind("DuckDB", b"DUCK", at=8, log=".wal")
SQLITE: Final = FileKind("SQLite", b"SQLite format 3\0", log="-journal")


def check_duckdb(target: Path, *, is_forced: bool) -> None:
    """Checks that a DuckDB file can be made at ``target``.

    Raises:
        UsageError: it cannot; says why.
    """
    if target.stem == TABLES_SCHEMA:
        raise UsageError(f"{target}: DuckDB would take its name for that of the schema in it: choose another name")
    DUCKDB.check(target, is_forced=is_forced)
