"""A table beside a crawl: the files in it that the crawled index no longer lists."""

from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyarrow as pa

from audit.dataset.engine import Engine, literal
from audit.dataset.schema import EVENTS, FILES, PROJECTS, SET_ASIDE
from audit.dataset.snapshot import files_of

_MEMORY: Final = "300MB"
_KNOWN: Final = "select project from known order by project"
_CHANGES: Final = "select changes.* from changes semi join known using (project)"


class Beside:
    """The dataset as the last crawl left it, in ``snapshot``; use it in a ``with`` block."""

    def __init__(self, snapshot: Path) -> None:
        """Opens the tables."""
        self._engine = Engine([snapshot], memory=_MEMORY)
        tables = {"listed": FILES, "set_aside": SET_ASIDE, "known": PROJECTS, "events": EVENTS}
        for name, table in tables.items():
            paths = ", ".join(literal(str(file)) for file in files_of(snapshot, table))
            self._engine.run(f"create view {name} as from read_parquet([{paths}])")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._engine.close()

    def projects(self) -> pa.Array:
        """All projects that the dataset knows, sorted."""
        return self._engine.select(_KNOWN)["project"].combine_chunks()

    def vanished(self, table_files: pa.Table) -> pa.Table:
        """Events for the files in ``table_files`` that are gone; its rows are files as staged, sorted by project."""
        if not table_files.num_rows:
            return self._engine.select("select null as project where false")
        self._engine.register("table_files", table_files.select(["project", "version", "filename", "uploaded_at"]))
        sql = (files("audit.importing.table") / "sql" / "vanished.sql").read_text("utf-8")
        first, last = table_files["project"][0].as_py(), table_files["project"][-1].as_py()
        return self._engine.select(sql, {"first": first, "last": last})

    def changed(self, changes: pa.Table) -> pa.Table:
        """The table's changes, limited to known projects."""
        self._engine.register("changes", changes)
        return self._engine.select(_CHANGES)
