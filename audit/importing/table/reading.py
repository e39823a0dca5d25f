"""From a chunk of a table's rows to the segments that a crawl of the same files would stage."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyarrow as pa
import pyarrow.compute as pc

from audit.crawl.decode.bounds import MOST_FILES
from audit.crawl.decode.filename import DUMB_NAME
from audit.dataset.engine import Engine, literal
from audit.dataset.staged_schema import STAGED_RESULTS
from audit.dataset.staging import Segment
from audit.importing.table import learning
from audit.importing.table.odd import read_odd
from audit.model import LONGEST_NAME, Outcome, Source

_MEMORY: Final = "500MB"


@dataclass(slots=True)
class Read:
    """The result of a chunk: its segments, and the changes that the table itself shows (`sql/earlier_contents.sql`).

    ``outcomes`` counts its projects, ``file_count`` their files; ``repeated_count`` rows repeated a file.
    """

    changes: pa.Table
    repeated_count: int
    segments: list[Segment] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    file_count: int = 0


class ChunkReader:
    """Reads chunks, one after the other; use it in a ``with`` block."""

    def __init__(self, projects: Sequence[str], source: Source, precision_us: int, spill: Path) -> None:
        """``projects`` are those of the chunks, by number; ``spill`` is a folder for what does not fit into memory."""
        self._source, self._precision_us = source, precision_us
        self._engine = Engine([], spill=spill, memory=_MEMORY)
        numbered = {"number": pa.array(range(len(projects)), pa.int32()), "project": pa.array(projects, pa.string())}
        self._engine.register("projects", pa.table(numbered))
        learning.prepare(self._engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._engine.close()

    def read(self, chunk: pa.Table) -> Read:
        """Reads the rows of several whole projects."""
        self._engine.register("chunk", chunk)
        distinct_rows = self._select("distinct_rows", dumb=literal(DUMB_NAME))
        self._engine.register("distinct_rows", distinct_rows)  # this takes half the time of a table of the engine
        learning.learn(self._engine)
        self._run("odd_projects", longest=str(LONGEST_NAME), most=str(MOST_FILES))
        self._run("releases")
        read = Read(self._select("earlier_contents"), chunk.num_rows - distinct_rows.num_rows)
        self._take_usual(read)
        self._take_odd(read)
        return read

    def _take_usual(self, read: Read) -> None:
        results = self._select("staged_results")
        if not results.num_rows:
            return
        values = {"source": literal(self._source), "precision_us": str(self._precision_us)}
        segment = Segment(
            _columns(results, STAGED_RESULTS),
            _columns(self._select("staged_releases")),
            _columns(self._select("staged_files", **values)),
        )
        read.segments.append(segment)
        read.outcomes[Outcome.FOUND] += results.num_rows
        read.file_count += pc.sum(results["file_count"]).as_py()

    def _take_odd(self, read: Read) -> None:
        rows = self._select("odd_rows").to_pylist()
        if not rows:
            return
        segment, results = read_odd(rows, self._source, self._precision_us)
        read.segments.append(segment)
        for result in results:
            read.outcomes[result.outcome] += 1
            read.file_count += result.file_count

    def _run(self, name: str, **values: str) -> None:
        self._engine.run(_sql(name, values))

    def _select(self, name: str, **values: str) -> pa.Table:
        return self._engine.table(_sql(name, values))


def _sql(name: str, values: dict[str, str]) -> str:
    """A statement with the program's own values as literals, as a statement that makes a table takes no parameters."""
    sql = (files("audit.importing.table") / "sql" / f"{name}.sql").read_text("utf-8")
    for key, value in values.items():
        sql = sql.replace(f"${key}", value)
    return sql


def _columns(rows: pa.Table, schema: pa.Schema | None = None) -> dict[str, pa.Array]:
    """The columns by name; those of the schema that the rows do not have are null."""
    columns = dict(zip(rows.column_names, rows.columns, strict=True))
    missing = {field.name: pa.nulls(rows.num_rows, field.type) for field in schema or () if field.name not in columns}
    return columns | missing
