"""What a report contains, in any format: answers by query, timelines, and their order on the page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from audit.answers.section import Section

_HEX_OF_EDITION = 16


@dataclass(frozen=True, slots=True)
class Timeline:
    """The files of a project's releases that grew late: those of the releases with most late files.

    ``quiet_release_count`` releases without a late file and ``left_out_file_count`` files are not in ``rows``.
    """

    project: str
    rows: pa.Table
    quiet_release_count: int
    left_out_file_count: int


@dataclass(frozen=True, slots=True)
class Content:
    """All that a report shows of one dataset; ``sections`` are by the query's name with dashes.

    ``version`` is the program's, ``crawled_by`` are the versions that committed the dataset's crawls, oldest first
    (empty: not recorded), ``fingerprint`` the dataset's.
    """

    version: str
    crawled_by: Sequence[str]
    fingerprint: str
    window_days: int
    sections: Mapping[str, Section]
    timelines: Sequence[Timeline]

    @property
    def edition(self) -> str:
        """The program and the dataset as one version (PEP 440)."""
        return f"{self.version}{'.' if '+' in self.version else '+'}{self.fingerprint[:_HEX_OF_EDITION]}"

    @property
    def is_untimed(self) -> bool:
        """Whether no file has an upload time: then numbers of lags mean nothing."""
        return not self.first("policies")["files"]

    def first(self, title: str) -> dict[str, Any]:
        """The first row of a section."""
        row: dict[str, Any] = self.sections[title].rows.slice(0, 1).to_pylist()[0]
        return row


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a report: a heading and the sections below it."""

    heading: str
    titles: Sequence[str]

    @property
    def anchor(self) -> str:
        """The chapter's anchor in the page's address."""
        return f"chapter-{self.heading.lower().replace(' ', '-')}"


_CHAPTERS = (
    Chapter("The proposed rules", ("policies", "policy-reasons")),
    Chapter("How late", ("lag-buckets", "upload-windows", "completion")),
    Chapter("When", ("late-by-month", "late-by-year", "enforcement")),
    Chapter("Why", ("reasons", "reasons-by-year", "stray-uploads-counts")),
    Chapter("Which Pythons", ("late-wheels-by-python", "python-availability", "abi3-savings")),
    Chapter(
        "Whom it reaches",
        (
            "displacement",
            "displacing-files",
            "policy-displacement",
            "late-to-newest",
            "overlaps",
            "cooldown-gaps-counts",
        ),
    ),
    Chapter("Who", ("who", "post-releases")),
    Chapter("Flagged releases", ("late-releases", "suspicious-releases")),
    Chapter(
        "Coverage and limits",
        ("coverage", "crawl-choices", "project-outcomes", "failures-by-reason", "set-aside-reasons", "last-crawls"),
    ),
)


def chapters(content: Content) -> Iterator[Chapter]:
    """The chapters with those of their sections that exist; sections that no chapter names come last.

    Without upload times there is only the chapter on coverage.
    """
    if content.is_untimed:
        yield next(chapter for chapter in _CHAPTERS if "coverage" in chapter.titles)
        return
    named = {title for chapter in _CHAPTERS for title in chapter.titles}
    others = tuple(title for title in content.sections if title not in named)
    for chapter in (*_CHAPTERS, Chapter("Other numbers", others)):
        there = tuple(title for title in chapter.titles if title in content.sections)
        if there:
            yield Chapter(chapter.heading, there)


def timeline_of(project: str, rows: pa.Table, *, releases: int, files: int) -> Timeline:
    """The part of the answer of ``timeline`` that fits in a chart: the ``releases`` releases with most late files.

    Of these, at most ``files`` files, late ones first.
    """
    late_counts = rows.filter(rows["is_late"]).group_by("version").aggregate([("version", "count")])
    most_late = late_counts.sort_by([("version_count", "descending"), ("version", "ascending")]).slice(0, releases)
    grown = rows.filter(pc.is_in(rows["version"], value_set=most_late["version"].combine_chunks()))
    places = pa.array(range(grown.num_rows), pa.int64())
    late_first = grown.append_column("place", places).sort_by([("is_late", "descending"), ("place", "ascending")])
    shown = late_first.slice(0, files).sort_by("place").drop_columns("place")
    quiet = pc.count_distinct(rows["version"]).as_py() - late_counts.num_rows
    left_out = rows.num_rows - shown.num_rows
    return Timeline(project, shown, quiet, left_out)
