"""From decoded projects to a segment: it is made column by column, never row by row."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from itertools import chain
from typing import Final

import pyarrow as pa

from audit.crawl.decode import Decoded
from audit.crawl.decode.version import VersionFacts, facts_of
from audit.dataset.staged_schema import STAGED_RELEASES, STAGED_RESULTS, STAGED_SET_ASIDE
from audit.dataset.staging import OWN_OF_FILES, Columns, Segment, no_rows
from audit.dataset.table import COUNT, TIME
from audit.masking import masked_text
from audit.model import Result, Source

LONGEST_DETAIL: Final = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FACTS: Final = tuple(each.name for each in fields(VersionFacts))


def segment_of(results: Sequence[Result], projects: Sequence[Decoded] = (), source: Source = Source.CRAWL) -> Segment:
    """The segment of some results, and of the projects that have files or releases, both sorted by project.

    ``source`` is where the projects are from.
    """
    releases, rows = _releases(projects)
    return Segment(_results(results), releases, _files(projects, rows, source), _set_aside(projects))


def _results(results: Sequence[Result]) -> Columns:
    columns = {name: [getattr(result, name) for result in results] for name in STAGED_RESULTS.names}
    return columns | {"detail": [detail and masked_text(detail)[:LONGEST_DETAIL] for detail in columns["detail"]]}


def _releases(projects: Sequence[Decoded]) -> tuple[Columns, list[int]]:
    """The releases in the order of their table, and the row of the release of each file."""
    releases = no_rows(STAGED_RELEASES)
    rows: list[int] = []
    for project in projects:
        facts = dict(sorted(((version, facts_of(version)) for version in project.versions), key=_order))
        row_of = {version: row for row, version in enumerate(facts, len(releases["version"]))}
        rows += [row_of[version] for version in project.file_versions]
        releases["project"] += [project.project] * len(facts)
        releases["version"] += facts
        for name in FACTS:
            releases[name] += [getattr(each, name) for each in facts.values()]
        releases["is_listed"] += [version not in project.unlisted for version in facts]
    return releases, rows


def _order(release: tuple[str, VersionFacts]) -> tuple[bool, str, str]:
    """The sort key of a release within its project: by PEP 440, then those that are not; equal ones by their text."""
    version, facts = release
    return facts.version_key is None, facts.version_key or "", version


def _files(projects: Sequence[Decoded], rows: Sequence[int], source: Source) -> Columns:
    own = {"release_number": rows, "source": [source.value] * len(rows)}
    names = (name for name in OWN_OF_FILES.names if name not in own)
    columns = own | {name: [*chain.from_iterable(_column(each, name) for each in projects)] for name in names}
    return columns | {"uploaded_at": _times(columns["uploaded_at"])}


def _times(values: Sequence[datetime | None]) -> pa.Array:
    """The times, which all have a zone: PyArrow would ask each for it, which takes longer than a difference."""
    since = [None if each is None else each - _EPOCH for each in values]
    return pa.array(since, pa.duration("us")).cast(COUNT).cast(TIME)


def _column(project: Decoded, name: str) -> Sequence[object]:
    if name == "uploaded_via" and name not in project.files:  # no API gives this
        return [None] * project.file_count
    return project.files[name]


def _set_aside(projects: Sequence[Decoded]) -> Columns:
    set_aside = [(each.project, aside) for each in projects for aside in each.set_aside]
    own = {"project": [project for project, _ in set_aside]}
    names = (name for name in STAGED_SET_ASIDE.names if name not in own)
    return own | {name: [getattr(aside, name) for _, aside in set_aside] for name in names}
