"""A caller's own rows, which a question reads beside the dataset's tables."""

import re
from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from audit.dataset.schema import TABLES
from audit.errors import UsageError
from audit.queries import catalog, run
from audit.queries.environments.relations import NAMES
from audit.queries.pins import LENT

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII | re.IGNORECASE)
# Names of the rows that the program itself gives to DuckDB begin so.
_OWN_NAME: Final = re.compile(r"given_|filled_|unfit_rows$", re.IGNORECASE)


def own_tables(tables: Mapping[str, object]) -> dict[str, pa.Table]:
    """A caller's own rows as Arrow tables; each name must need no quotes in SQL, and be used once.

    Raises:
        UsageError: one of them is not a table, or its name does not fit.
    """
    taken = {*NAMES, *LENT, run.TABLES_SCHEMA}
    taken |= {table.name for table in TABLES} | {query.name for query in catalog.load().group()}
    seen = set[str]()
    for name in tables:
        if not _NAME.fullmatch(name):
            raise UsageError(f"a table cannot be named {name!r}: expected a letter, then letters, digits and _")
        if name.lower() in taken | seen or _OWN_NAME.match(name):
            raise UsageError(f"a table cannot be named {name!r}: that name has another table or query")
        seen.add(name.lower())
    return {name: _as_arrow(name, rows) for name, rows in tables.items()}


def _as_arrow(name: str, rows: object) -> pa.Table:
    try:
        return pa.table(rows)
    except (TypeError, ValueError, pa.ArrowException) as error:
        why = str(error).partition("\n")[0]
        raise UsageError(f"{name} cannot be read as an Arrow table ({type(rows).__name__}): {why}") from error
