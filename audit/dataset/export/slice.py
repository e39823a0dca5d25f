"""Which part of a dataset a bounded file has: releases that grew late, of the projects with most late files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from audit.dataset.engine import Engine, literal

WINDOW_DAYS: Final = 14
_MEMORY: Final = "2GB"
# A release grew late if one of its files came more than the window after its first; all its files are kept.
_RANKED: Final = f"""
    with opened as (
        select release_number, min(epoch_us(uploaded_at)) as first_us
        from files
        group by release_number
    ),
    grown as (
        select
            file.project,
            file.version,
            file.release_number,
            count(*) as file_count,
            count(*) filter (epoch_us(uploaded_at) - first_us > {WINDOW_DAYS}::bigint * 86400000000) as late_count
        from files as file
        join opened using (release_number)
        group by file.project, file.version, file.release_number
        having late_count > 0
    ),
    ranked as (
        select project, sum(sum(file_count)) over (order by sum(late_count) desc, project) as files_up_to_it
        from grown
        group by project
        having sum(file_count) <= $most_files
    )
    select grown.project, grown.version, grown.release_number, grown.file_count
    from grown
    join ranked using (project)
    where files_up_to_it <= $most_files
    order by release_number
"""  # noqa: S608 - a number of this module


@dataclass(frozen=True, slots=True)
class Slice:
    """What is kept of a dataset: ``releases`` (project, version, release_number, file_count); None: all of it."""

    file_count: int
    releases: pa.Table | None = None

    @property
    def projects(self) -> list[str] | None:
        """The projects of those releases, by name; None: all."""
        return None if self.releases is None else sorted(set(self.releases["project"].to_pylist()))


def choose(snapshot: Path, spill: Path, most_files: int, most_grown: int) -> Slice:
    """All of a snapshot of at most ``most_files``; else projects whose grown releases have at most ``most_grown``.

    All grown releases of a project are kept, or none. Projects with most late files come first, ties by name; one that
    does not fit is skipped.

    Raises:
        QueryError: DuckDB cannot read the files.
    """
    with Engine([snapshot], spill=spill, memory=_MEMORY) as engine:
        engine.run(f"create view files as from read_parquet({literal(str(snapshot / 'files.parquet'))})")
        all_files = int(engine.select("select count(*) as files from files")["files"][0].as_py())
        if all_files <= most_files:
            return Slice(all_files)
        releases = engine.select(_RANKED, {"most_files": most_grown})
    return Slice(sum(releases["file_count"].to_pylist()), releases)
