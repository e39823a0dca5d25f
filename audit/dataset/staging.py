"""Staging: what a running crawl has so far, in segments that are written completely or not at all.

The cost of a segment depends on its own rows only, not on what was staged before. A killed crawl finds its segments
again when it is resumed.
"""

import errno
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from audit.dataset.staged_schema import REPORTED_EVENTS, STAGED_FILES, STAGED_RELEASES, STAGED_RESULTS, STAGED_SET_ASIDE
from audit.dataset.table import SCHEMA_VERSION
from audit.disk.small import read_small
from audit.disk.whole import replacing, write_whole
from audit.errors import CrawlError
from audit.model import Source, started_at

Columns = Mapping[str, Sequence[object]]
# A segment file has these streams in this order: the largest is last, as reading one means reading those before it.
_STREAMS: Final = {
    "results": STAGED_RESULTS,
    "releases": STAGED_RELEASES,
    "set_aside": STAGED_SET_ASIDE,
    "files": STAGED_FILES,
}
# A segment does not repeat for each file what its release has.
OWN_OF_FILES: Final = pa.schema([each for each in STAGED_FILES if each.name not in STAGED_RELEASES.names])
_COMPRESSED: Final = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


class Plan(msgspec.Struct, frozen=True):
    """What identifies a crawl: a later call resumes it only if it asks the same index through the same API.

    ``chosen_by`` says which projects it asks for (None: unknown). ``source`` is where its data comes from; an import
    has no ``index_url``, and an ``api`` only if it imports pages. If ``is_listing`` is false it only adds events: what
    the dataset lists stays as it is.
    """

    crawl_id: str
    api: str | None
    index_url: str | None
    schema_version: str = SCHEMA_VERSION
    chosen_by: str | None = None
    source: Source = Source.CRAWL
    is_listing: bool = True

    def __post_init__(self) -> None:
        """Checks that the id is a crawl's id: it becomes the name of a folder."""
        started_at(self.crawl_id)


def no_rows(schema: pa.Schema) -> dict[str, list[object]]:
    """The columns of a schema, all empty."""
    return {name: [] for name in schema.names}


@dataclass(frozen=True, slots=True)
class Segment:
    """Results of some projects, and the releases and files of those that were found; columns by name.

    ``results`` are sorted by project, ``releases`` like their table. ``files`` are in any order, with the columns of
    `OWN_OF_FILES`; ``release_number`` is the row of ``releases`` that each belongs to. ``set_aside``, what could not be
    read of the projects found, is in any order.
    """

    results: Columns
    releases: Columns = field(default_factory=lambda: no_rows(STAGED_RELEASES))
    files: Columns = field(default_factory=lambda: no_rows(OWN_OF_FILES))
    set_aside: Columns = field(default_factory=lambda: no_rows(STAGED_SET_ASIDE))


class Staging:
    """The segments of one crawl, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        """Makes and reads nothing yet."""
        self.folder = folder

    @property
    def plan(self) -> Plan | None:
        """The plan of the crawl that is staged here; None: there is none.

        Raises:
            CrawlError: there is one that cannot be read.
        """
        try:
            return msgspec.json.decode(read_small(self.folder / "plan.json"), type=Plan)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:  # ValueError: the bytes are not a plan, or not UTF-8
            raise CrawlError(f"{self.folder}/plan.json cannot be read ({error}): start over with --fresh") from None

    def begin(self, plan: Plan) -> None:
        """Starts an empty staging for the plan, dropping what was there."""
        self.clear()
        self.folder.mkdir(parents=True)
        self.rewrite(plan)

    def rewrite(self, plan: Plan) -> None:
        """Writes the plan again, when more is known about it."""
        write_whole(self.folder / "plan.json", msgspec.json.encode(plan))

    def clear(self) -> None:
        """Drops all that is staged."""
        if self.folder.exists():
            (self.folder / "plan.json").unlink(missing_ok=True)
            shutil.rmtree(self.folder)

    def spill(self) -> Path:
        """An empty folder, made when it is needed, for what does not fit into memory.

        Raises:
            OSError: a symbolic link stands in its place, which is not followed.
        """
        spill = self.folder / "spill"
        if spill.is_symlink():
            raise OSError(errno.ELOOP, "a symbolic link, where a folder is made", str(spill))
        if os.path.lexists(spill):
            shutil.rmtree(spill)  # refuses a link itself, but Python 3.14 does not say so
        return spill

    def segments(self) -> list[Path]:
        """The segments in the order in which they were begun."""
        return sorted(self.folder.glob(f"{'[0-9]' * 8}.arrow"))

    def drop_damaged(self) -> list[Path]:
        """Deletes each segment that is damaged, and returns them: their projects are then not staged.

        Called once, by a crawl that resumes: later segments are written completely, and earlier ones were checked here.
        """
        damaged = []
        seen: set[str] = set()
        for path in self.segments():
            projects = _projects_of(path)
            if projects is None or not seen.isdisjoint(projects):
                path.unlink()
                damaged.append(path)
            else:
                seen.update(projects)
        return damaged

    def report(self, events: pa.Table) -> None:
        """Stages events that the source itself reports; called once."""
        with (
            replacing(self._reported_path, self._reported_path.with_suffix(".part")) as part,
            pa.OSFile(str(part), "wb") as sink,
            pa.ipc.new_file(sink, REPORTED_EVENTS, options=_COMPRESSED) as writer,
        ):
            writer.write_table(events.select(REPORTED_EVENTS.names).cast(REPORTED_EVENTS))

    def reported_events(self) -> pa.Table:
        """The events that the source reported, if any."""
        if not self._reported_path.exists():
            return REPORTED_EVENTS.empty_table()
        with pa.memory_map(str(self._reported_path)) as source:
            return pa.ipc.open_file(source).read_all()

    @property
    def _reported_path(self) -> Path:
        return self.folder / "told.arrow"

    @property
    def next_number(self) -> int:
        """The number of the next segment, greater than all existing ones.

        Several segments are written at the same time, so a killed crawl may have left a gap.
        """
        return max((int(path.stem) + 1 for path in self.segments()), default=0)

    def next_path(self, number: int) -> Path:
        """The path of the segment with this number."""
        return self.folder / f"{number:08d}.arrow"

    def read(self, stream: str) -> pa.RecordBatchReader:
        """All rows of one stream (results, releases, files or set_aside), segment by segment."""
        batches = (batch for path in self.segments() for batch in read_segment(path, stream).to_batches())
        return pa.RecordBatchReader.from_batches(_STREAMS[stream], batches)


def read_segment(path: Path, stream: str) -> pa.Table:
    """The rows of one stream of one segment."""
    with pa.memory_map(str(path)) as source:
        for name in _STREAMS:
            reader = pa.ipc.open_stream(source)
            if name == stream:
                return reader.read_all()
            for _ in reader:  # a stream ends where the next one begins
                pass
    raise KeyError(stream)


def _projects_of(path: Path) -> list[str] | None:
    """The projects of a segment, if it is valid: of this schema, with intact texts and lists, and the right counts."""
    try:
        tables = {name: read_segment(path, name) for name in _STREAMS}
        for name, table in tables.items():
            if table.schema != _STREAMS[name]:
                return None
            table.validate(full=True)
        results = tables["results"]
        counts = {"release_count": tables["releases"].num_rows, "file_count": tables["files"].num_rows}
        projects: list[str] = results["project"].to_pylist()
    except (pa.ArrowException, OSError, ValueError):
        return None
    agree = all((pc.sum(results[name]).as_py() or 0) == count for name, count in counts.items())
    return projects if agree and projects == sorted(set(projects)) else None


def write_segment(path: Path, segment: Segment) -> None:
    """Writes a segment: it appears only when it is complete and synced to disk."""
    tables = segment_tables(segment)
    with replacing(path, path.with_suffix(".part")) as part, pa.OSFile(str(part), "wb") as sink:
        for name, schema in _STREAMS.items():
            with pa.ipc.new_stream(sink, schema, options=_COMPRESSED) as writer:
                writer.write_table(tables[name])


def segment_tables(segment: Segment) -> dict[str, pa.Table]:
    """The rows of each stream: releases and files in the order of their tables."""
    releases = pa.Table.from_pydict(segment.releases, STAGED_RELEASES)
    results = pa.Table.from_pydict(segment.results, STAGED_RESULTS)
    set_aside = pa.Table.from_pydict(segment.set_aside, STAGED_SET_ASIDE)
    return {"results": results, "releases": releases, "files": _files(segment, releases), "set_aside": set_aside}


def _files(segment: Segment, releases: pa.Table) -> pa.Table:
    """The files sorted by release, upload and name, with the columns that come from their releases."""
    own = [field for field in STAGED_FILES if field.name in segment.files]
    files = pa.Table.from_pydict(segment.files, pa.schema(own))
    order = [(name, "ascending") for name in ("release_number", "uploaded_at", "filename")]
    files = files.take(pc.sort_indices(files, sort_keys=order))  # a null time comes last
    theirs = releases.take(files["release_number"])
    columns = [(files if field.name in segment.files else theirs)[field.name] for field in STAGED_FILES]
    return pa.Table.from_arrays(columns, schema=STAGED_FILES)
