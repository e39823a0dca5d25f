"""The projects of a table, by the names in its rows."""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from packaging.utils import InvalidName, NormalizedName, canonicalize_name

from audit.dataset.engine import Engine
from audit.model import LONGEST_NAME

_NAMES: Final = "select name, count(*) as row_count from source group by name order by name nulls first"
_SCHEMA: Final = pa.schema([("name", pa.string()), ("number", pa.int32())])


@dataclass(frozen=True, slots=True)
class Names:
    """The projects in order, and the number of the project for each name in the rows.

    ``misnamed`` are names that no project can have (PEP 508): their rows, ``misnamed_row_count`` in all, belong to no
    project.
    """

    projects: list[NormalizedName]
    numbers: pa.Table
    misnamed: list[str]
    misnamed_row_count: int


def read_names(engine: Engine) -> Names:
    """All names in the relation ``source``."""
    name_counts = engine.select(_NAMES)
    counts = dict(zip(name_counts["name"].to_pylist(), name_counts["row_count"].to_pylist(), strict=True))
    known = {name: project for name in counts if (project := _project_of(name)) is not None}
    projects = sorted(set(known.values()))
    number_of = {project: number for number, project in enumerate(projects)}
    rows = {"name": list(known), "number": [number_of[project] for project in known.values()]}
    misnamed = [name for name in counts if name not in known]
    return Names(
        projects,
        pa.Table.from_pydict(rows, _SCHEMA),
        [name or "" for name in misnamed],
        sum(counts[name] for name in misnamed),
    )


def _project_of(name: str | None) -> NormalizedName | None:
    if name is None or len(name) > LONGEST_NAME:
        return None
    try:
        return canonicalize_name(name, validate=True)
    except InvalidName:
        return None
