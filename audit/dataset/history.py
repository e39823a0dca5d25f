"""The history from commit to commit: a file for each crawl, and one for each day, month and year that is over.

A commit writes its own crawl's file and keeps all others as they are. Only the first commit of a day, month or year
also joins the files of the one that is over. So a history of many years has a few dozen files.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.dataset.parquet import ROW_GROUP_ROWS, read_columns, write_table
from audit.dataset.schema import CRAWLS, HISTORY_TABLES
from audit.dataset.snapshot import check_readable, files_of
from audit.dataset.table import Table
from audit.disk.sync import keep_file
from audit.model import CRAWL_ID_PATTERN

# The metadata of a file of several crawls: their ids. The file is named after the last of them.
_CRAWLS: Final = b"release-audit.crawls"
# The metadata of each file of crawls: the programs that committed them, as JSON. An entry is a crawl's id and the
# program's version, for the first crawl and each one where the version changed; an empty version is unknown.
_PROGRAMS: Final = b"release-audit.programs"
_YEAR, _MONTH, _DAY = 4, 6, 8  # how many characters of an id give it


def keep_history(before: Path | None, target: Path, crawl_id: str) -> None:
    """Fills the history's folders in ``target`` with what the commits before ``crawl_id`` wrote.

    Raises:
        OSError: something cannot be written.
    """
    for table in HISTORY_TABLES:
        folder = target / table.name
        folder.mkdir()
        old = files_of(before, table) if before else []
        for _, group in groupby(old, lambda path: period(path.stem, crawl_id)):
            files = list(group)
            if len(files) == 1:
                keep_file(files[0], folder / files[0].name)
            else:
                _put_together(table, files, folder / files[-1].name)


def period(crawl_id: str, newest: str) -> str:
    """The beginning of a crawl's id that all crawls in its file share: its year, month or day, once that is over.

    What is not a crawl's id shares a file with nothing.
    """
    if not CRAWL_ID_PATTERN.fullmatch(crawl_id):
        return crawl_id
    over = next((length for length in (_YEAR, _MONTH, _DAY) if crawl_id[:length] != newest[:length]), len(crawl_id))
    return crawl_id[:over]


def crawl_ids_of(file: Path) -> list[str]:
    """The crawls in a file of the history, oldest first, also those without a row in it."""
    return _crawl_ids(file, pq.read_schema(file).metadata or {})


def programs_of(file: Path) -> dict[str, str]:
    """The program's version for each crawl in a file of crawls, oldest first; empty: unknown."""
    metadata = pq.read_schema(file).metadata or {}
    recorded, programs, program = json.loads(metadata.get(_PROGRAMS, b"{}")), {}, ""
    for crawl_id in _crawl_ids(file, metadata):
        programs[crawl_id] = program = recorded.get(crawl_id, program)
    return programs


def last_asked(files: Sequence[Path]) -> list[str | None]:
    """The projects that the last crawl asked for, by the files of crawls; None stands for all that it found unchanged.

    A crawl that asked for nothing is passed over: it wrote nothing. Only the newest file with a row is read: that takes
    as long in a history of many years. Empty: no crawl is known.

    Raises:
        DatasetError: a file is damaged.
    """
    for file in reversed(files):
        check_readable([file])
        rows = read_columns(file, ["crawl_id", "project"])
        if rows.num_rows:
            is_last = pc.equal(rows["crawl_id"], pc.max(rows["crawl_id"]))
            asked: list[str | None] = rows["project"].filter(is_last).to_pylist()
            return asked
    return []


def naming_programs(programs: Mapping[str, str]) -> dict[bytes, bytes]:
    """The metadata that says which program committed each crawl, oldest first."""
    recorded, before = {}, ""
    for crawl_id, program in programs.items():
        if program != before:
            recorded[crawl_id] = before = program
    return {_PROGRAMS: json.dumps(recorded).encode()}


def _crawl_ids(file: Path, metadata: Mapping[bytes, bytes]) -> list[str]:
    ids = metadata.get(_CRAWLS)
    return ids.decode().split() if ids else [file.stem]


def _put_together(table: Table, files: Sequence[Path], target: Path) -> None:
    ids = [crawl_id for file in files for crawl_id in crawl_ids_of(file)]
    metadata = {_CRAWLS: " ".join(ids).encode()}
    if table is CRAWLS:
        metadata |= naming_programs({key: value for file in files for key, value in programs_of(file).items()})
    write_table(table, _parts(files), target, metadata)


def _parts(files: Iterable[Path]) -> Iterator[pa.Table]:
    """The rows of the files in order, in parts as large as a row group."""
    held: list[pa.Table] = []
    for file in files:
        with pq.ParquetFile(file) as opened:
            for batch in opened.iter_batches(ROW_GROUP_ROWS):
                held.append(pa.Table.from_batches([batch]))
                if sum(each.num_rows for each in held) >= ROW_GROUP_ROWS:
                    rows = pa.concat_tables(held)
                    yield rows.slice(0, ROW_GROUP_ROWS)
                    held = [rows.slice(ROW_GROUP_ROWS)]
    if rest := [each for each in held if each.num_rows]:
        yield pa.concat_tables(rest)
