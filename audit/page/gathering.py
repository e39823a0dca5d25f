"""A report on a dataset: asks each query once, and passes the answers to a page."""

from collections.abc import Mapping, Sequence

import pyarrow.compute as pc

from audit.answers.format import ReportFormat
from audit.answers.section import Section
from audit.answers.text import in_a_line
from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.dataset.definition import definition_of
from audit.extras import needing
from audit.page import post
from audit.page.content import Content, Timeline, timeline_of
from audit.program import version
from audit.queries import catalog
from audit.queries.catalog import Group, Query
from audit.queries.parameters import complete

WINDOW_DAYS = 14
# These limits keep the report of a whole index readable, and below a few megabytes.
ROWS = 500
_TIMELINES = 6
_TIMELINES_OF = "from timeline(window_days := $window_days) where project in (select unnest($projects::varchar[]))"
TIMELINE_RELEASES = 30
TIMELINE_FILES = 1000
# It is about a release's first day, not about late files; on a whole index it costs more than all others together.
_LEFT_OUT = "incomplete-window"
_FLAGS = ("late-releases", "suspicious-releases", "displacing-files")


def report(dataset: Dataset, form: ReportFormat = ReportFormat.HTML, window_days: int = WINDOW_DAYS) -> str:
    """The report as one text; the same dataset gives the same bytes.

    Raises:
        UsageError: the window does not fit.
        ExtraError: it is HTML, and the extra ``report`` is not installed.
    """
    if form is ReportFormat.MARKDOWN:
        return post.render(gather(dataset, window_days))
    with needing("report", "a report as HTML"):  # fails before the work, not after it
        from audit.page.html import page  # noqa: PLC0415 - Altair and Vega are slow to load

    return page.render(gather(dataset, window_days))


def gather(dataset: Dataset, window_days: int = WINDOW_DAYS) -> Content:
    """The answers that a report shows: statistics, some flags, and timelines of the most affected projects.

    Each is cut to its first rows and has the count of all.

    Raises:
        UsageError: the window does not fit.
    """
    statistics = [
        query
        for query in catalog.load().group(Group.STATISTICS)
        if query.title != _LEFT_OUT and not dataset.lacks(query.name)
    ]
    flags = [catalog.load().find(name, Group.FLAGS) for name in _FLAGS]
    queries = {query.title: query for query in [*statistics, *flags]}
    given = {title: given_to(query, window_days) for title, query in queries.items()}
    fingerprint = dataset.fingerprint()  # before the memory is full of rows that queries share
    sections = {
        title: section_of(queries[title], dataset.query(title, **given[title]), given[title], ROWS)
        for title in dataset.one_by_one([*queries], then=["timeline"])
    }
    projects = sections["who"].rows["project"].to_pylist()[:_TIMELINES]
    timelines = _timelines(dataset, projects, window_days)
    return Content(version(), [*dataset.programs.values()], fingerprint, window_days, sections, timelines)


def given_to(query: Query, window_days: int) -> dict[str, int]:
    """The parameters with which a report asks a query: the window, if the query has one."""
    return {"window_days": window_days} if "window_days" in query.header.parameters else {}


def section_of(query: Query, answer: Answer, given: Mapping[str, object], limit: int | None = None) -> Section:
    """An answer to ``given`` parameters with its query's header, cut to its first ``limit`` rows (None: all).

    The meanings of columns that the answer leaves out are left out too.
    """
    header = query.header
    values = {name: value for name, value in complete(query, given).items() if value is not None}
    command = "stats" if query.group is Group.STATISTICS else "flags"
    window = f" --window-days {values['window_days']}" if "window_days" in values else ""
    rows = answer.arrow()
    return Section(
        title=query.title,
        question=header.question,
        grain=header.grain,
        source=header.source,
        caveat=header.caveat,
        meanings={name: meaning for name, meaning in _meanings(query).items() if name in answer.columns},
        parameters={name: f"{in_a_line(value)}: {header.parameters[name].meaning}" for name, value in values.items()},
        rows=rows if limit is None else rows.slice(0, limit),
        row_count=rows.num_rows,
        command=f"release-audit {command} {query.title} --dataset DIR{window} --limit 0",
    )


def _meanings(query: Query) -> dict[str, str]:
    """The meaning of each column, also of those of a table that the query extends."""
    return {row["column"]: row["meaning"] for row in definition_of(query, catalog.load()).columns.rows()}


def _timelines(dataset: Dataset, projects: Sequence[str], window_days: int) -> list[Timeline]:
    """The timelines of some projects, in this order; asked for at once, as each question reads all late files."""
    given = {"projects": projects, "window_days": window_days}
    rows = dataset.sql(_TIMELINES_OF, given).arrow()
    theirs = ((project, rows.filter(pc.equal(rows["project"], project))) for project in projects)
    return [timeline_of(*each, releases=TIMELINE_RELEASES, files=TIMELINE_FILES) for each in theirs]
