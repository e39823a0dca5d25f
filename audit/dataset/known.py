"""What the dataset knows of each project: enough to decide what a crawl must ask for again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName

from audit.dataset.parquet import read_columns

_COLUMNS = ["project", "api", "last_outcome", "serial", "etag", "file_count", "first_found_at"]


@dataclass(frozen=True, slots=True)
class Known:
    """One project as the last commit left it; ``api`` None: it never had a usable answer.

    ``file_count`` files are listed now; ``was_found`` says that some crawl found it.
    """

    api: str | None
    last_outcome: str
    serial: int | None
    etag: str | None
    was_found: bool
    file_count: int = 0


def read_known(generation: Path | None) -> Mapping[NormalizedName, Known]:
    """All projects ever asked for; none before the first commit."""
    if generation is None:
        return {}
    table = read_columns(generation / "projects.parquet", _COLUMNS)
    was_found = table["first_found_at"].is_valid()  # a list of times would take a hundred times longer
    columns = [*(table[name] for name in _COLUMNS[:-1]), was_found]
    lists = (column.to_pylist() for column in columns)
    return {
        project: Known(api, outcome, serial, etag, found, file_count)
        for project, api, outcome, serial, etag, file_count, found in zip(*lists, strict=True)
    }
