"""A dataset as one DuckDB file for a browser: of bounded size, with plain UTC times, and a list of what is left out.

If the dataset does not fit, the file has the releases that grew late, of the projects with most late files. For these
its flags answer as the whole dataset does: shared views are computed from all that these projects have. Statistics of a
part would be wrong numbers: so the file has their answers for the whole dataset, with default parameters.
"""

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from audit.dataset.dataset import Dataset, relations
from audit.dataset.engine import Engine, identifier
from audit.dataset.export.duckdb import MOST_MEMORY, finish
from audit.dataset.export.slice import WINDOW_DAYS, Slice, choose
from audit.dataset.parquet import ROW_GROUP_ROWS, read_columns
from audit.dataset.schema import NUMBERS, TABLES
from audit.dataset.snapshot import files_of
from audit.queries import run
from audit.queries.catalog import Catalog, Group, load
from audit.queries.environments import all_environments
from audit.queries.lasting import plain_times
from audit.queries.pins import LENT

MOST_BYTES: Final = 60_000_000
# A first guess, from the sample's measured bytes per file; after that it is measured.
_BYTES_OF_A_FILE: Final = 100
_BYTES_OF_A_GROWN_FILE: Final = 170
_BLOCK_BYTES: Final = 1 << 14
_ROOM: Final = 0.95
DIGEST: Final = "sha256"
# Views that compare a release with others, which a part does not have.
_OF_ALL_RELEASES: Final = ("day_picks", "stray_files")
_TOO_COSTLY: Final = frozenset({"incomplete_window"})  # of all releases: more than all other statistics together
_ANSWERS: Final = "answers"
WHY_ROWS: Final = (
    f"a browser loads only the releases that grew more than {WINDOW_DAYS} days after their first file, "
    "and of these as many as it can hold, the projects with most late files first"
)
_LEFT_OUT: Final = pa.schema(
    [("what", pa.string()), ("held_count", pa.int64()), ("left_out_count", pa.int64()), ("why", pa.string())]
)


@dataclass(frozen=True, slots=True)
class Omission:
    """What the file leaves out, a row of its table ``left_out``: how many, of how many, and why."""

    what: str
    held_count: int
    left_out_count: int
    why: str

    def __str__(self) -> str:
        whole = self.held_count + self.left_out_count
        return f"left out: {self.left_out_count:,} of {whole:,} {self.what}: {self.why}"


@dataclass(frozen=True, slots=True)
class Held:
    """The content of a file: ``is_part`` if the dataset did not fit, what it leaves out, the queries it answers."""

    is_part: bool
    omissions: Sequence[Omission]
    queries: Set[str]


def write(snapshot: Path, file: Path, most_bytes: int = MOST_BYTES) -> Sequence[str]:
    """Makes a DuckDB file of at most ``most_bytes``, and says what it leaves out, a line for each kind.

    Raises:
        QueryError: DuckDB cannot write it.
    """
    return [str(each) for each in export_browser(snapshot, file, most_bytes).omissions]


def export_browser(snapshot: Path, file: Path, most_bytes: int = MOST_BYTES) -> Held:
    """The same as `write`; returns what the file has.

    Raises:
        QueryError: DuckDB cannot write it.
    """
    most_files, most_grown = most_bytes // _BYTES_OF_A_FILE, most_bytes // _BYTES_OF_A_GROWN_FILE
    while True:
        chosen = choose(snapshot, file.parent, most_files, most_grown)
        omissions = _write(snapshot, file, chosen)
        size = file.stat().st_size
        if size <= most_bytes or chosen.file_count == 0:
            is_part = chosen.releases is not None
            return Held(is_part, omissions, _answerable(offered(is_part=is_part), is_part=is_part))
        file.unlink()
        most_grown = min(most_grown, int(chosen.file_count * most_bytes / size * _ROOM))
        most_files = 0  # the whole dataset did not fit


def offered(*, is_part: bool) -> Catalog:
    """The queries that such a file computes: none that reads digests, or rows that only a scan fills."""
    catalog = load().without(DIGEST, *LENT)
    return catalog.without(*_OF_ALL_RELEASES).only(Group.FLAGS) if is_part else catalog


def _write(snapshot: Path, file: Path, chosen: Slice) -> list[Omission]:
    is_part = chosen.releases is not None
    catalog = offered(is_part=is_part)
    with Engine([], database=file, block_bytes=_BLOCK_BYTES, threads=1, spill=file.parent, memory=MOST_MEMORY) as made:
        tables = [run.Relation(table.name, (), table.schema) for table in TABLES]
        known = run.Relations(made, tables, catalog, all_environments, spelling=plain_times)
        with _computed(snapshot, file.parent, chosen, catalog) as (whole, names):
            for name in names:
                with _rows(whole, name, is_part=is_part) as reader:
                    known.lend(name, reader)
        known.lend(NUMBERS.name, _numbers(snapshot))
        known.define_all()
        if is_part:
            _answer(made, snapshot)
        omissions = [*_rows_left_out(made, snapshot), *_queries_left_out(catalog, is_part=is_part)]
        made.register("given_left_out", pa.Table.from_pylist([asdict(each) for each in omissions], _LEFT_OUT))
        made.run("create table left_out as from given_left_out")
        made.run("comment on table left_out is 'one row for each kind that the dataset has and this file lacks'")
        finish(made, known, catalog, {DIGEST})
    return omissions


@contextmanager
def _computed(snapshot: Path, spill: Path, chosen: Slice, catalog: Catalog) -> Iterator[tuple[Engine, list[str]]]:
    """An engine with all rows of the chosen projects, and the names of its tables and computed views."""
    with Engine([snapshot], spill=spill, memory=MOST_MEMORY) as whole:
        read = run.Relations(whole, relations(snapshot), catalog, all_environments, projects=chosen.projects)
        read.define_tables(table.name for table in TABLES)
        asked = catalog.group(Group.FLAGS, Group.STATISTICS)
        for query in asked:
            read.share(query)
        if chosen.releases is not None:
            _keep(whole, chosen.releases)
        # Not those that only serve to compute the rows of another view.
        needed = catalog.read_by(asked, through=lambda view: not view.header.is_shared)
        computed = [name for name in read.computed if name in needed]
        yield whole, [*(table.name for table in TABLES if table is not NUMBERS), *computed]


def _numbers(snapshot: Path) -> pa.Table:
    """The history of numbers, with plain times: always those of the whole dataset, even in a part."""
    parts = [read_columns(file, NUMBERS.schema.names) for file in files_of(snapshot, NUMBERS)]
    rows = pa.concat_tables([NUMBERS.schema.empty_table(), *parts])
    plain = [each.with_type(pa.timestamp("us")) if pa.types.is_timestamp(each.type) else each for each in rows.schema]
    return rows.cast(pa.schema(plain))


def _answer(made: Engine, snapshot: Path) -> None:
    """Makes each statistic a macro without parameters that returns its answer for the whole dataset."""
    made.run(f"create schema {_ANSWERS}")
    with Dataset(snapshot, memory=MOST_MEMORY) as dataset:
        for name in _answered():
            rows = dataset.query(name).arrow()
            made.register(f"given_{name}", rows)
            held, columns = f"{_ANSWERS}.{identifier(name)}", ", ".join(map(_column, rows.schema))
            made.run(f"create table {held} as from {identifier(f'given_{name}')} select {columns}")
            made.define_macro(name, "", f"from {held}")


def _keep(whole: Engine, releases: pa.Table) -> None:
    """Registers which rows are kept, by each key that tables and computed views have."""
    whole.register("given_kept", releases)
    whole.run("create table kept_release_number as select release_number from given_kept")
    whole.run("create table kept_release as select distinct project, version from given_kept")
    whole.run(
        f"create table kept_file_number as from {run.TABLES_SCHEMA}.files "
        "semi join kept_release_number using (release_number) select file_number"
    )
    whole.run(
        f"create table kept_filename as from {run.TABLES_SCHEMA}.files "
        "semi join kept_release_number using (release_number) select filename"
    )


def _rows(whole: Engine, name: str, *, is_part: bool) -> pa.RecordBatchReader:
    """The kept rows of a table or computed view, without digests, with plain UTC times."""
    relation = f"{run.TABLES_SCHEMA}.{identifier(name)}"
    schema = whole.select(f"from {relation} limit 0").schema
    columns = ", ".join(_column(field) for field in schema if field.name != DIGEST)
    kept = f" semi join {_kept(schema.names)}" if is_part and _kept(schema.names) else ""
    return whole.stream(f"from {relation}{kept} select {columns} order by all", None, ROW_GROUP_ROWS)


def _kept(names: Sequence[str]) -> str | None:
    """The key by which rows with these columns are kept; None: all are kept, as they belong to no release."""
    for key in ("release_number", "file_number"):
        if key in names:
            return f"kept_{key} using ({key})"
    if {"filename", "download_count"} <= {*names}:
        return "kept_filename using (filename)"
    return "kept_release using (project, version)" if {"project", "version"} <= {*names} else None


def _column(field: pa.Field) -> str:
    """A column as the file has it. (Lists have the order that their views give them.)"""
    name = identifier(field.name)
    return f"{name}::timestamp as {name}" if pa.types.is_timestamp(field.type) else name


def _rows_left_out(made: Engine, snapshot: Path) -> Iterator[Omission]:
    """The rows of each table that are left out, and the digests."""
    for table in TABLES:
        there = sum(pq.read_metadata(file).num_rows for file in files_of(snapshot, table))
        held = _count(made, f"{run.TABLES_SCHEMA}.{identifier(table.name)}")
        if held < there:
            yield Omission(f"rows of {table.name}", held, there - held, WHY_ROWS)
    digests = read_columns(snapshot / "files.parquet", [DIGEST])[DIGEST]
    yield Omission("SHA-256 digests of files", 0, len(digests) - digests.null_count, "they cannot be compressed")


def _queries_left_out(catalog: Catalog, *, is_part: bool) -> Iterator[Omission]:
    """How many flags and statistics the file does not answer; for a part, also how many parameters are missing."""
    asked = load().group(Group.FLAGS, Group.STATISTICS)
    held = _answerable(catalog, is_part=is_part)
    gone = [query.title for query in asked if query.name not in held]
    if gone:
        why = f"they need what is left out ({', '.join(gone)})"
        yield Omission("flags and statistics", len(asked) - len(gone), len(gone), why)
    if is_part:
        parameters = sum(len(load().find(name, Group.STATISTICS).header.parameters) for name in _answered())
        yield Omission(
            "parameters of statistics", 0, parameters, "they answer for the whole dataset, with the defaults"
        )


def _answerable(catalog: Catalog, *, is_part: bool) -> set[str]:
    """The flags and statistics that have an answer in the file."""
    computed = {query.name for query in catalog.group(Group.FLAGS, Group.STATISTICS)}
    return computed | set(_answered()) if is_part else computed


def _answered() -> list[str]:
    """The statistics whose answers a part has."""
    return [query.name for query in load().group(Group.STATISTICS) if query.name not in _TOO_COSTLY]


def _count(engine: Engine, relation: str) -> int:
    return int(engine.select(f"from {relation} select count(*) as held")["held"][0].as_py())
