"""Given/expected rows: every ``tests/queries/GROUP/NAME.toml``, found like the queries themselves.

A case gives rows of tables (``given.files``), or of a view that the query reads, and the rows expected.
The environments are those of ``ENVIRONMENTS``, numbered from 0; the last is of the past.
A row that leaves a column out means null there in ``expected``, and a default in ``given``, where ``nulls`` names the
columns that are null instead.
``columns`` narrows what is compared, ``only`` to the rows with these values; ``is_unordered`` is for views, which
promise no order. ``including_deleted`` asks with deleted files.
"""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from audit.dataset.dataset import relations as relations_of
from audit.dataset.engine import Engine
from audit.queries import catalog, run
from audit.queries.catalog import Query
from audit.queries.environments import find
from audit.queries.pins import LENT
from tests.dataset_builder import given_tables, make_dataset

FOLDER = Path(__file__).parent / "queries"
# A few, so that what is expected can be read.
ENVIRONMENTS = [find(name) for name in ("cp312-manylinux_2_28_x86_64", "cp312-win_amd64", "cp27m-win_amd64")]


class Case(msgspec.Struct, forbid_unknown_fields=True):
    """One case of one query."""

    name: str
    expected: list[dict[str, Any]]
    given: dict[str, list[dict[str, Any]]] = {}
    parameters: dict[str, Any] = {}
    columns: list[str] | None = None
    only: dict[str, Any] = {}
    is_unordered: bool = False
    including_deleted: bool = False


def cases(query: Query) -> list[Case]:
    """The cases of a query; none where it has no file."""
    path = FOLDER / query.group / f"{query.stem}.toml"
    return msgspec.convert(tomllib.loads(path.read_text("utf-8"))["case"], list[Case]) if path.exists() else []


def tables_of(case: Case) -> dict[str, list[dict[str, Any]]]:
    """The rows that the case gives of tables of the dataset, by their names."""
    return {name: [_with_nulls(row) for row in some] for name, some in given_tables(case.given).items()}


def rows(case: Case, query: Query, folder: Path) -> list[dict[str, Any]]:
    """What the query answers to what the case gives."""
    tables = tables_of(case)
    snapshot = make_dataset(folder, **tables)
    with Engine([snapshot]) as engine:
        asked = catalog.load().including_deleted() if case.including_deleted else catalog.load()
        known = run.Relations(engine, relations_of(snapshot), asked, lambda: ENVIRONMENTS)
        for name in case.given.keys() - tables.keys():
            known.lend(name, pa.Table.from_pylist(case.given[name], LENT.get(name)))
        answered: list[dict[str, Any]] = known.answer(asked.find(query.name), case.parameters).to_pylist()
    rows = [row for row in answered if all(row[name] == value for name, value in case.only.items())]
    return [{name: row[name] for name in case.columns or row} for row in rows]


def _with_nulls(row: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name != "nulls"}
    return values | dict.fromkeys(row.get("nulls", ()))


def expected(case: Case, query: Query) -> list[dict[str, Any]]:
    """The expected rows in full: null where a row leaves a column out."""
    columns = case.columns or list(query.header.columns)
    unknown = {name for row in case.expected for name in row} - set(columns)
    assert not unknown, f"{query.name}: expected rows name unknown columns {unknown}"
    return [{name: row.get(name) for name in columns} for row in case.expected]
