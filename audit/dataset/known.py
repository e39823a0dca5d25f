"""What the dataset knows of each project: enough to tell whom a crawl must ask again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from packaging.utils import NormalizedName

_COLUMNS = ["project", "api", "last_outcome", "serial", "etag", "first_found_at"]


@dataclass(frozen=True, slots=True)
class Known:
    """One project as the last commit left it; ``api`` None: it never had a usable answer."""

    api: str | None
    last_outcome: str
    serial: int | None
    etag: str | None
    was_found: bool


def read_known(generation: Path | None) -> Mapping[NormalizedName, Known]:
    """All projects ever asked for; none before the first commit."""
    if generation is None:
        return {}
    table = pq.read_table(generation / "projects.parquet", columns=_COLUMNS)
    columns = (table[name].to_pylist() for name in _COLUMNS)
    return {
        project: Known(api, outcome, serial, etag, found is not None)
        for project, api, outcome, serial, etag, found in zip(*columns, strict=True)
    }
