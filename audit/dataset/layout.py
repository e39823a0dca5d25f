"""The names in a dataset's folder, and the check that a path is inside it."""

from pathlib import Path
from typing import Final

from audit.dataset.schema import HISTORY_TABLES, SNAPSHOT_TABLES
from audit.errors import DatasetError
from audit.model import CRAWL_ID_PATTERN

CURRENT: Final = "current"
GENERATIONS: Final = "generations"
STAGING: Final = "staging"
LOCK: Final = "crawl.lock"
OWNER: Final = "crawl.pid"
# The names under which any tool finds the tables.
NAMES: Final = (*(f"{table.name}.parquet" for table in SNAPSHOT_TABLES), *(table.name for table in HISTORY_TABLES))


def inside(folder: Path, *parts: str) -> Path:
    """The path ``parts`` in a dataset's folder; neither it nor a folder on the way is a link.

    Raises:
        DatasetError: it leads elsewhere.
    """
    path = folder.joinpath(*parts)
    if path.resolve() != folder.resolve().joinpath(*parts):
        raise DatasetError(f"{path} leads to {path.resolve()}, outside the dataset: nothing is written there")
    return path


def dataset_of(snapshot: Path) -> Path:
    """The dataset that a snapshot belongs to; a plain copy is its own."""
    return snapshot.parent.parent if snapshot.parent.name == GENERATIONS else snapshot


def generation_in(folder: Path, crawl_id: str) -> Path:
    """The folder of a crawl's commit.

    Raises:
        DatasetError: ``crawl_id`` is not a crawl's id, or the path leads elsewhere.
    """
    if not CRAWL_ID_PATTERN.fullmatch(crawl_id):
        raise DatasetError(f"{crawl_id!r} is not a crawl of {folder}: nothing is written there")
    return inside(folder, GENERATIONS, crawl_id)


def link_of(crawl_id: str) -> str:
    """What ``current`` links to after this crawl's commit."""
    return f"{GENERATIONS}/{crawl_id}"


def crawl_linked(target: str) -> str | None:
    """The crawl whose commit a link to ``target`` points to; None: it leads elsewhere."""
    parts = target.split("/")
    is_ours = len(parts) == 2 and parts[0] == GENERATIONS and CRAWL_ID_PATTERN.fullmatch(parts[1])
    return parts[1] if is_ours else None
