"""Each number of the site: the answer of a statistic or a flag, its meaning, and its rows as files."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from audit.answers import csv, json, parquet
from audit.answers.section import Section
from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.page.gathering import ROWS, given_to, section_of
from audit.queries import catalog
from audit.queries.catalog import Group, Query
from audit.site.folder import SiteFolder
from audit.site.places import data_path

# The most rows of a file: text is large, and a Pages host accepts no file of more than 100 MB.
_MOST_TEXT: Final = 10_000
_MOST_PARQUET: Final = 1_000_000
# These queries have rows for every file of a project: for a whole index they would be larger than the dataset. So they
# are asked only for projects that have a page.
_OF_SOME_PROJECTS: Final = ("timeline", "pick-history")
# The environment for queries on a single one: the same on every machine that makes the site.
_ENVIRONMENT: Final = "cp314-manylinux_2_28_x86_64"


@dataclass(frozen=True, slots=True)
class Download:
    """A file with the first ``row_count`` rows of an answer that has ``all_row_count``."""

    form: str
    path: str
    row_count: int
    all_row_count: int
    byte_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ShownQuery:
    """One statistic or flag as the site shows it; ``project_count``: of how many projects only (None: of all)."""

    query: Query
    section: Section
    downloads: list[Download]
    project_count: int | None


def queries() -> list[Query]:
    """The queries with a page: every statistic, then every flag."""
    return catalog.load().group(Group.STATISTICS, Group.FLAGS)


def is_of_some(query: Query) -> bool:
    """Whether a query is asked only for the projects with a page."""
    return query.title in _OF_SOME_PROJECTS


def ask(
    dataset: Dataset, query: Query, window_days: int, folder: SiteFolder, project_count: int | None = None
) -> tuple[ShownQuery, Answer]:
    """Asks a query, and writes its rows; also returns the whole answer.

    ``project_count`` is the number of projects in ``dataset`` if it is a slice (None: it is the whole).
    """
    given: dict[str, object] = {**given_to(query, window_days)}
    if query.title == "pick-history":
        given["environment"] = _ENVIRONMENT
    answer = dataset.query(query.name, **given)
    section = section_of(query, answer, given, ROWS)
    return ShownQuery(query, section, list(write_rows(query.title, answer.arrow(), folder)), project_count), answer


def write_rows(title: str, rows: pa.Table, folder: SiteFolder) -> Iterator[Download]:
    """Writes the rows in each form, and yields a description of each file.

    Raises:
        OSError: a file cannot be written.
    """
    text = rows.slice(0, _MOST_TEXT)
    binary = rows.slice(0, _MOST_PARQUET)
    contents: Mapping[str, tuple[pa.Table, bytes]] = {
        "csv": (text, csv.render(text).encode()),
        "json": (text, json.render(text).encode()),
        "parquet": (binary, parquet.render(binary)),
    }
    for ending, (held, content) in contents.items():
        path = data_path(title, ending)
        folder.write(path, content)
        yield Download(ending, path, held.num_rows, rows.num_rows, len(content), hashlib.sha256(content).hexdigest())
