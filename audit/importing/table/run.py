"""One import of a table from its files to the commit."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.counting import counted
from audit.crawl.conclusion import conclude
from audit.crawl.tally import Tally
from audit.dataset.engine import Engine
from audit.dataset.mark import mark_of, read_mark
from audit.dataset.staged_schema import REPORTED_EVENTS, STAGED_RESULTS
from audit.dataset.staging import Plan, Segment, Staging, segment_tables, write_segment
from audit.dataset.store import Store
from audit.dataset.table import COUNT
from audit.dataset.writing import writing
from audit.errors import CrawlError, DatasetError, QueryError, UsageError
from audit.importing.table.beside import Beside
from audit.importing.table.chunks import chunks
from audit.importing.table.columns import relation_of
from audit.importing.table.names import Names, read_names
from audit.importing.table.reading import ChunkReader
from audit.model import PRECISION_US, Outcome, Source, Summary, next_crawl_id

_LOG: Final = logging.getLogger(__name__)
# The memory for sorting all rows; those of a whole index do not fit, and are sorted on disk.
_MEMORY: Final = "800MB"

Watch = Callable[[Tally], None]


@dataclass(frozen=True, slots=True)
class TableImport:
    """What to import, and how.

    ``files`` are Parquet exports of the table that ``source`` names. ``is_beside`` leaves the dataset's listing as its
    last crawl made it, and records what only the table has as vanished. ``lists_deleted`` takes the table's listing
    even if the dataset's came from another source. ``is_fresh`` drops what a killed crawl left.
    """

    source: Source
    files: list[Path]
    dataset: Path
    is_beside: bool = False
    lists_deleted: bool = False
    is_fresh: bool = False


def import_table(request: TableImport, now: datetime, watch: Watch = lambda _: None) -> Summary:
    """Commits the table's rows as a crawl that began ``now``; ``watch`` is called at every step.

    An interruption leaves the dataset as it was; the same call starts again.

    Raises:
        UsageError: a file is not such a file, or lacks a column; there is no crawl that the table could complete; or
            there is a crawl whose listing the table would replace.
        CrawlError: another crawl uses the dataset, or was left unfinished in it.
        DatasetError: a file of the export is damaged, or the dataset cannot be written; it is as it was.
    """
    relation = relation_of(request.files)
    with writing(request.dataset, is_fresh=request.is_fresh) as (store, staging):
        plan = _begun(request, store, staging, now)
        try:
            names = _Run(request, relation, staging, store.current, watch).stage()
        except (OSError, QueryError) as error:
            raise DatasetError(f"the table cannot be imported ({error}): correct that and run it again") from error
        mark = read_mark(store.folder) or mark_of()
        return conclude(
            store, staging, plan, mark, place=_place(request), advice="look at the export", misnamed=names.misnamed
        )


def _place(request: TableImport) -> str:
    return f"{counted(len(request.files), 'file')} of {request.source}"


def _begun(request: TableImport, store: Store, staging: Staging, now: datetime) -> Plan:
    """A new plan, with nothing staged.

    Raises:
        CrawlError: a crawl, or another import, is staged.
        UsageError: there is no crawl to complete, or deleted files would be listed again.
    """
    left = None if request.is_fresh else staging.plan
    if left is not None and left.source is not request.source:
        raise CrawlError(
            f"{request.dataset} holds the unfinished {left.source} {left.crawl_id}: finish it with its own command, or "
            "drop it with --fresh"
        )
    if request.is_beside and store.current is None:
        raise UsageError(f"--against-crawl: {request.dataset} holds no crawl: crawl into it first")
    if store.current is not None and not (request.is_beside or request.lists_deleted):
        _check_listing(request.dataset, store.current)
    last = store.current.name if store.current else None
    how = " --against-crawl" if request.is_beside else ""
    plan = Plan(
        next_crawl_id(now, last),
        api=None,
        index_url=None,
        chosen_by=f"import {request.source}{how}",
        source=request.source,
        is_listing=not request.is_beside,
    )
    staging.begin(plan)
    return plan


def _check_listing(dataset: Path, current: Path) -> None:
    """Checks that the dataset's listing came from tables: in any other case a table would list deleted files again.

    Raises:
        UsageError: some of it came from another source.
        DatasetError: the dataset is damaged.
    """
    path = current / "files.parquet"
    try:
        with pq.ParquetFile(path) as listed:
            sources = {
                source for batch in listed.iter_batches(columns=["source"]) for source in batch[0].unique().to_pylist()
            }
    except (pa.ArrowException, OSError) as error:
        raise DatasetError(f"{path} cannot be read: {error}") from error
    if others := sorted(sources - PRECISION_US.keys()):
        raise UsageError(
            f"{dataset} lists what {others[0]} gave, and the table also holds files that were deleted: --against-crawl "
            "keeps the listing and records these as vanished, --list-deleted lists them as well; or import into "
            "another --dataset"
        )


@dataclass(slots=True)
class _Run:
    """One reading of a table; ``before`` is the dataset's last generation."""

    request: TableImport
    relation: str
    staging: Staging
    before: Path | None
    watch: Watch
    changes: list[pa.Table] = field(default_factory=list)
    repeated_count: int = 0

    def stage(self) -> Names:
        """Stages all rows of the table."""
        source = self.request.source
        with ExitStack() as stack:
            spill = self._spill("sorted")
            engine = stack.enter_context(Engine(self.request.files, spill=spill, memory=_MEMORY, keeps_order=False))
            engine.run(f"create view source as {self.relation}")
            names = read_names(engine)
            engine.register("numbers", names.numbers)
            reader = stack.enter_context(ChunkReader(names.projects, source, PRECISION_US[source], self._spill("read")))
            beside = stack.enter_context(Beside(self.before)) if self.request.is_beside and self.before else None
            self._take_all(engine, reader, beside, Tally(asked=len(names.projects)))
            if beside is not None:
                write_segment(self.staging.next_path(0), _found(names, beside))
        reported = [
            changes.select(REPORTED_EVENTS.names).cast(REPORTED_EVENTS) for changes in self.changes if changes.num_rows
        ]
        if reported:
            self.staging.report(pa.concat_tables(reported))
        self._report(names)
        return names

    def _take_all(self, engine: Engine, reader: ChunkReader, beside: Beside | None, tally: Tally) -> None:
        """Reads chunk by chunk; the segments of one are written while the next is read."""
        self.watch(tally)
        number = 0
        with ThreadPoolExecutor(1) as pool:
            written: Future[None] | None = None
            for chunk in chunks(engine):
                read = reader.read(chunk)
                self.repeated_count += read.repeated_count
                if written is not None:
                    written.result()
                if beside is None:
                    self.changes.append(read.changes)
                    written = pool.submit(self._write, number, read.segments)
                    number += len(read.segments)
                else:
                    self.changes.append(beside.changed(read.changes))
                    self.changes += [beside.vanished(segment_tables(each)["files"]) for each in read.segments]
                tally.outcomes.update(read.outcomes)
                tally.ended += read.outcomes.total()
                tally.file_count += read.file_count
                self.watch(tally)
            if written is not None:
                written.result()

    def _write(self, number: int, segments: list[Segment]) -> None:
        for place, segment in enumerate(segments, number):
            write_segment(self.staging.next_path(place), segment)

    def _spill(self, name: str) -> Path:
        return self.staging.folder / f"spill-{name}"

    def _report(self, names: Names) -> None:
        if self.repeated_count:
            _LOG.info("%s left out: their files were read before", counted(self.repeated_count, "row"))
        if names.misnamed_row_count:
            _LOG.warning(
                "%s have a name that no project can have, and were left out", counted(names.misnamed_row_count, "row")
            )


def _found(names: Names, beside: Beside) -> Segment:
    """Each project that the table and the dataset know, without a listing."""
    known = beside.projects()
    table_projects = pa.array(names.projects, pa.string())
    projects = table_projects.filter(pc.is_in(table_projects, value_set=known))
    count = len(projects)
    results = {each.name: pa.nulls(count, each.type) for each in STAGED_RESULTS}
    results |= {each.name: pa.repeat(pa.scalar(0, COUNT), count) for each in STAGED_RESULTS if each.type == COUNT}
    results |= {"project": projects, "outcome": pa.repeat(Outcome.FOUND.value, count)}
    return Segment(results)
