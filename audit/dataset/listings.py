"""The listings (files and releases) of the next generation, and how they differ from the last one."""

from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pyarrow as pa

from audit.dataset.differences import Differences
from audit.dataset.merge import Merge
from audit.dataset.parquet import rows_in_group, write_table
from audit.dataset.schema import FILES, RELEASES
from audit.dataset.staging import Staging
from audit.dataset.table import Table
from audit.disk.sync import keep_file


@contextmanager
def written_beside(
    before: Path | None, staging: Staging, replaced: pa.Table, crawl_at: datetime, target: Path
) -> Iterator[Mapping[Table, Differences]]:
    """Writes both listings into ``target`` while the block runs; the block ends when they are written.

    Projects in ``replaced`` have the rows that are staged, all others the last generation's. The block gets the
    differences between the generations, which are complete before all is written.

    Raises:
        OSError: something cannot be written.
    """
    projects = replaced["project"].combine_chunks()
    known = projects.filter(replaced["is_known"].combine_chunks())
    with ExitStack() as stack:
        differences = {
            table: stack.enter_context(closing(Differences(table, known, target / f"differing_{table.name}.parquet")))
            for table in (RELEASES, FILES)
        }
        pool = stack.enter_context(ThreadPoolExecutor(1))
        written = pool.submit(_write, before, staging, projects, crawl_at, differences, target)
        try:
            yield differences
        finally:
            written.result()  # an error in the writer says more than the error that follows from it in the block


def _write(
    before: Path | None,
    staging: Staging,
    replaced: pa.Array,
    crawl_at: datetime,
    differences: Mapping[Table, Differences],
    target: Path,
) -> None:
    with ExitStack() as stack:
        for each in differences.values():  # always, even if this one or the other fails: something waits for it
            stack.enter_context(closing(each))
        if before is not None and not len(replaced):
            for table in differences:
                keep_file(before / f"{table.name}.parquet", target / f"{table.name}.parquet")
            return
        releases = Merge(RELEASES, before, staging, replaced, crawl_at)
        files = Merge(FILES, before, staging, replaced, crawl_at, releases=releases)
        with ThreadPoolExecutor(1) as pool:
            beside = pool.submit(_write_merged, releases, differences[RELEASES], target)
            _write_merged(files, differences[FILES], target)
            beside.result()


def _write_merged(merge: Merge, differences: Differences, target: Path) -> None:
    parts = merge.parts(rows_in_group(merge.row_count), partial(differences.until, merge))
    # If writing fails, no more rows are gathered after this has returned.
    with closing(_ahead(parts)) as ahead:
        write_table(merge.table, ahead, target / f"{merge.table.name}.parquet")


def _ahead(parts: Iterator[pa.Table]) -> Generator[pa.Table]:
    """The parts; each is gathered while the one before it is written."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, parts, None)
            yield part
