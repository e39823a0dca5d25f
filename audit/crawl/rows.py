"""From decoded projects to the columns of a segment: rows are never made one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from audit.crawl.decode import Decoded
from audit.crawl.decode.version import VersionFacts, facts_of
from audit.dataset.schema import STAGED_FILES, STAGED_RELEASES, STAGED_RESULTS, STAGED_SET_ASIDE
from audit.dataset.staging import Segment
from audit.masking import masked_text
from audit.model import Result, Source

LONGEST_DETAIL = 500
FACTS = tuple(each.name for each in fields(VersionFacts))


def _empty_releases() -> dict[str, list[object]]:
    return {name: [] for name in STAGED_RELEASES.names}


def _empty_files() -> dict[str, list[object]]:
    # What the release has already is not repeated for each file.
    return {name: [] for name in STAGED_FILES.names if name not in STAGED_RELEASES.names}


def _empty_set_aside() -> dict[str, list[object]]:
    return {name: [] for name in STAGED_SET_ASIDE.names}


@dataclass(slots=True)
class Rows:
    """The rows of several projects, to be added in the order of their names; ``source`` is where they are from."""

    source: Source = Source.CRAWL
    releases: dict[str, list[object]] = field(default_factory=_empty_releases)
    files: dict[str, list[object]] = field(default_factory=_empty_files)
    set_aside: dict[str, list[object]] = field(default_factory=_empty_set_aside)

    def add(self, decoded: Decoded) -> None:
        """Adds a project's releases, in the order of their table, its files, and what was set aside."""
        facts = {version: facts_of(version) for version in decoded.versions}
        versions = sorted(facts, key=lambda version: _order(version, facts[version]))
        began = len(self.releases["version"])
        row_of = {version: row for row, version in enumerate(versions, began)}
        self.releases["project"] += [decoded.project] * len(versions)
        self.releases["version"] += versions
        for name in FACTS:
            self.releases[name] += [getattr(facts[version], name) for version in versions]
        self.releases["is_listed"] += [version not in decoded.unlisted for version in versions]
        self.files["release_number"] += [row_of[version] for version in decoded.file_versions]
        untold = {"uploaded_via": [None] * decoded.file_count}  # no API has this column
        for name, values in (untold | dict(decoded.files)).items():
            self.files[name] += values
        self.files["source"] += [self.source.value] * decoded.file_count
        self.set_aside["project"] += [decoded.project] * len(decoded.set_aside)
        for name in STAGED_SET_ASIDE.names[1:]:
            self.set_aside[name] += [getattr(each, name) for each in decoded.set_aside]

    def segment(self, results: Sequence[Result]) -> Segment:
        """The segment: these columns and those of the results, which must be sorted by project."""
        columns = {name: [getattr(result, name) for result in results] for name in STAGED_RESULTS.names}
        columns["detail"] = [detail and masked_text(detail)[:LONGEST_DETAIL] for detail in columns["detail"]]
        return Segment(columns, self.releases, self.files, self.set_aside)


def _order(version: str, facts: VersionFacts) -> tuple[bool, str, str]:
    """The sort key of a release within its project: by PEP 440, then those that are not; equal ones by their text."""
    return facts.version_key is None, facts.version_key or "", version
