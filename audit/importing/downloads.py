"""From downloads counted elsewhere to the dataset's table of downloads: imported months replace existing ones."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.answers.text import plain
from audit.counting import counted
from audit.dataset.engine import Engine, literal
from audit.dataset.parquet import ROW_GROUP_ROWS, write_table
from audit.dataset.schema import DOWNLOADS
from audit.dataset.snapshot import check_schema
from audit.dataset.store import Store
from audit.disk.scratch import scratch
from audit.disk.sync import sync_folder
from audit.disk.whole import replacing
from audit.errors import DatasetError, QueryError, UsageError
from audit.model import LONGEST_NAME

# The columns that a query for downloads gives; others are ignored.
COLUMNS: Final = ("filename", "month", "installer", "count")
_FILE: Final = f"{DOWNLOADS.name}.parquet"
_MEMORY: Final = "1200MB"
_MOST_DOWNLOADS: Final = 10**15  # more than all downloads of an index: sums of smaller numbers do not overflow
_MONTH: Final = r"[0-9]{4}-(0[1-9]|1[0-2])"
_KEY: Final = ("month", "filename", "installer")


@dataclass(frozen=True, slots=True)
class Downloads:
    """What was imported; ``kept_months`` are the months of earlier imports that stay unchanged.

    ``unlisted_filename_count`` of the ``filename_count`` names, with ``unlisted_download_count`` of the
    ``download_count`` downloads, are of files that the dataset does not list.
    """

    months: Sequence[str]
    kept_months: Sequence[str]
    row_count: int
    download_count: int
    filename_count: int
    unlisted_download_count: int
    unlisted_filename_count: int


def import_downloads(files: Sequence[Path], dataset: Path) -> Downloads:
    """Puts the rows of Parquet files into the dataset; their months replace the same months there.

    Completely or not at all: a reader finds either the old table or the new one. Crawls do not change it.

    Raises:
        UsageError: a file cannot be read, a column is missing or of another type, or a row does not fit.
        DatasetError: there is no dataset, or it cannot be written; it is as it was.
        CrawlError: a crawl uses the dataset.
    """
    given = [_checked(file) for file in files]
    store = Store(dataset)
    if store.current is None:
        raise DatasetError(f"no dataset at {dataset}: write one with `release-audit crawl --dataset {dataset}`")
    with store.locked():
        current = store.current
        check_schema(current)
        try:
            with scratch(store.folder) as spill, _opened(current, files, given, spill) as engine:
                return _replaced(engine, current)
        except (OSError, QueryError) as error:
            why = (isinstance(error, OSError) and error.strerror) or error
            raise DatasetError(f"{dataset} cannot be written, or a file cannot be read ({why})") from error


def _checked(file: Path) -> str:
    """SQL for a file's rows as those of the table.

    Raises:
        UsageError: it is not such a file, or its columns do not fit.
    """
    try:
        schema = pq.read_schema(file)
    except (OSError, pa.ArrowException) as error:
        why = (isinstance(error, OSError) and error.strerror) or str(error).partition("\n")[0]
        raise UsageError(f"{file} cannot be read as Parquet ({why})") from error
    missing = [name for name in COLUMNS if schema.names.count(name) != 1]
    if missing:
        raise UsageError(f"{file} has no column {missing[0]!r}: expected {', '.join(COLUMNS)} (see docs/downloads.md)")
    types = {name: schema.field(name).type for name in COLUMNS}
    for name in ("filename", "installer"):
        if not _is_text(types[name]):
            raise UsageError(f"{file}: column {name!r} is {types[name]}, expected text")
    if not pa.types.is_integer(types["count"]):
        raise UsageError(f"{file}: column 'count' is {types['count']}, expected whole numbers")
    rows = f"read_parquet({literal(str(file.resolve()))})"
    month = _month(file, types["month"])
    return f'select filename, {month} as month, installer, "count"::hugeint as download_count from {rows}'  # noqa: S608 - quoted


def _month(file: Path, type_: pa.DataType) -> str:
    """SQL for the month of a row, null if it is not valid: text such as 2026-07, or its first day."""
    if _is_text(type_):
        return "month::varchar"
    if pa.types.is_date(type_) or pa.types.is_timestamp(type_):
        return "if(date_trunc('month', month) = month, strftime(month, '%Y-%m'), null)"
    raise UsageError(f"{file}: column 'month' is {type_}, expected text such as 2026-07, or the first day of a month")


def _is_text(type_: pa.DataType) -> bool:
    own = type_.value_type if pa.types.is_dictionary(type_) else type_
    return bool(pa.types.is_string(own) or pa.types.is_large_string(own) or pa.types.is_string_view(own))


@contextmanager
def _opened(current: Path, files: Sequence[Path], given: Sequence[str], spill: Path) -> Iterator[Engine]:
    readable = [current, *(file.resolve() for file in files)]
    with Engine(readable, spill=spill, memory=_MEMORY) as engine:
        engine.run(f"create view given as {' union all '.join(given)}")
        engine.run(f"create view old as from read_parquet({literal(str(current / _FILE))})")
        engine.run(f"create view files as from read_parquet({literal(str(current / 'files.parquet'))})")
        _check_rows(engine)
        engine.run("create table months as select distinct month from given")
        yield engine


def _check_rows(engine: Engine) -> None:
    """Checks that every row is a number of downloads of a file in a month.

    Raises:
        UsageError: one is not; shows it.
    """
    fits = (
        f"length(filename) between 1 and {LONGEST_NAME} and coalesce(length(installer), 0) <= {LONGEST_NAME} "
        f"and regexp_full_match(month, {literal(_MONTH)}) and download_count between 0 and {_MOST_DOWNLOADS}"
    )
    odd = engine.select(f"select * from given where ({fits}) is not true limit 1").to_pylist()  # noqa: S608 - our own words
    if odd:
        shown = ", ".join(f"{name} {str(value)[:100]!r}" for name, value in odd[0].items())
        raise UsageError(
            f"a row does not fit ({shown}): expected a filename, a month such as 2026-07 (no days: group by month), "
            f"and a count from 0 to {_MOST_DOWNLOADS}"
        )


def _replaced(engine: Engine, current: Path) -> Downloads:
    rows = (
        "from old select month, filename, installer, download_count where month not in (from months) union all "
        "from given select month, filename, installer, download_count::bigint as download_count"
    )
    target = current / _FILE
    with replacing(target, target.with_name(f".{_FILE}.part")) as part:
        ordered = f"from ({rows}) order by month, filename, installer nulls first"
        with engine.stream(ordered, None, ROW_GROUP_ROWS) as reader:
            write_table(DOWNLOADS, _each_once(reader), part)
        downloads = _counts_of(engine)
    sync_folder(current)
    return downloads


def _each_once(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yields the rows, which must be sorted.

    Raises:
        UsageError: two are of the same month, file and installer: the input files overlap, and it would count twice.
    """
    before = None
    for batch in reader:
        rows = pa.Table.from_batches([batch])
        joined = rows if before is None else pa.concat_tables([before, rows])
        one, other = joined.slice(0, joined.num_rows - 1), joined.slice(1)
        same = pc.and_(pc.equal(one["month"], other["month"]), pc.equal(one["filename"], other["filename"]))
        same = pc.and_(same, _is_same(one["installer"], other["installer"]))
        if pc.any(same).as_py():
            row = one.filter(same).slice(0, 1).to_pylist()[0]
            shown = ", ".join(str(row[name])[:100] for name in _KEY)
            raise UsageError(f"two rows are for the same month, file and installer ({shown}): which one counts?")
        before = rows.slice(rows.num_rows - 1) if rows.num_rows else before
        yield rows


def _is_same(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    both_null = pc.and_(one.is_null(), other.is_null())
    return pc.or_(both_null, pc.fill_null(pc.equal(one, other), False))


def _counts_of(engine: Engine) -> Downloads:
    names = """
        with fetched as (
            select filename, count(*) as row_count, sum(download_count) as downloads from given group by filename
        )
        select
            coalesce(sum(row_count), 0)::bigint as row_count,
            coalesce(sum(downloads), 0)::bigint as download_count,
            count(*) as filename_count,
            coalesce(sum(downloads) filter (not is_listed), 0)::bigint as unlisted_download_count,
            count(*) filter (not is_listed) as unlisted_filename_count
        from (select *, filename in (select filename from files) as is_listed from fetched)
    """
    kept = "select distinct month from old where month not in (from months) order by month"
    return Downloads(
        months=engine.select("from months order by month")["month"].to_pylist(),
        kept_months=engine.select(kept)["month"].to_pylist(),
        **engine.select(names).to_pylist()[0],
    )


def downloads_text(downloads: Downloads, dataset: Path) -> str:
    """What was imported, in words; ends with a newline."""
    kept = f"; {counted(len(downloads.kept_months), 'other month')} as before" if downloads.kept_months else ""
    months = " to ".join(dict.fromkeys((downloads.months[0], downloads.months[-1]))) if downloads.months else "no month"
    share = f" ({downloads.unlisted_download_count / downloads.download_count:.1%})" if downloads.download_count else ""
    return (
        f"downloads of {counted(len(downloads.months), 'month')} ({months}) are in {plain(str(dataset))}: "
        f"{counted(downloads.download_count, 'download')} of {counted(downloads.filename_count, 'file')}{kept}\n"
        f"  not listed by the dataset: {counted(downloads.unlisted_filename_count, 'file')} with "
        f"{counted(downloads.unlisted_download_count, 'download')}{share}, of which no lag is known\n"
    )
