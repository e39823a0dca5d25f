"""A page for each project with most late files, and a list of all that have one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from markdown_it import MarkdownIt

from audit.answers.section import Section
from audit.answers.values import days
from audit.counting import counted
from audit.page import charts
from audit.page.content import Timeline, timeline_of
from audit.page.gathering import ROWS, TIMELINE_FILES, TIMELINE_RELEASES
from audit.page.html.page import fluid
from audit.page.sentence import Figure, Sentence, figures, part, said
from audit.scan import rules
from audit.site.asked import Asked
from audit.site.folder import SiteFolder
from audit.site.looks import Looks
from audit.site.page import SitePage
from audit.site.places import has_page, project_path

PART: Final = "Projects"
PATH: Final = "projects.html"
_LISTED: Final = 5_000
# The tables on a project's page, and their columns.
_SHOWN: Final = {
    "timeline": ["version", "filename", "uploaded_at", "lag_us", "reason", "batch", "signs", "is_yanked"],
    "displacing-files": [
        *("version", "filename", "filename_before", "environment_count", "environment"),
        *("other_environment_count", "reason", "lag_us"),
    ],
    "suspicious-releases": ["version", "why", "first_uploaded_at", "last_uploaded_at"],
}
# The rule whose text says how to pin.
_RULE: Final = "RA001"
_ADVICE: Final = "## How to fix it"


@dataclass(frozen=True, slots=True)
class _Project:
    """What a page shows of one project: its row of ``who``, and its rows of other answers, without empty ones."""

    name: str
    row: Mapping[str, Any]
    timeline: Timeline
    sections: Mapping[str, Section]


def write_projects(folder: SiteFolder, looks: Looks, asked: Asked) -> None:
    """Writes the list of projects with late files, and the pages of those that have one.

    Raises:
        OSError: one cannot be written.
    """
    _write_list(folder, looks, asked)
    advice = _advice()
    for project in _projects(asked):
        _write_project(folder, looks, project, asked.content.window_days, advice)


def addresses(asked: Asked, root: str) -> dict[str, str]:
    """The address of each project's page, relative to ``root``."""
    return {project: root + project_path(project) for project in asked.projects}


def _write_list(folder: SiteFolder, looks: Looks, asked: Asked) -> None:
    who = asked.answers["who"]
    paged, late = len(asked.projects), who.num_rows
    unfit = sum(not has_page(project) for project in who["project"].to_pylist())
    description = (
        f"{counted(late, 'project')} with late files, most first; {paged:,} of them have a page with a timeline."
    )
    folder.page(
        SitePage(PATH, "Projects with late files", description, PART, scripts=looks.tables),
        "projects.html.j2",
        section=replace(asked.content.sections["who"], rows=who.slice(0, _LISTED)),
        addresses=addresses(asked, ""),
        unpaged_count=late - paged - unfit,
        unfit_count=unfit,
    )


def _projects(asked: Asked) -> Iterator[_Project]:
    who = {row["project"]: row for row in asked.answers["who"].to_pylist()}
    timelines = asked.answers["timeline"]
    sections = {number.section.title: number.section for number in asked.numbers}
    for name in asked.projects:
        files = _of(timelines, name)
        found = {"timeline": files.filter(files["is_late"])}
        found |= {title: _of(asked.answers[title], name) for title in _SHOWN if title != "timeline"}
        yield _Project(
            name,
            who[name],
            timeline_of(name, files, releases=TIMELINE_RELEASES, files=TIMELINE_FILES),
            {title: _cut(sections[title], name, held) for title, held in found.items() if len(held)},
        )


def _of(rows: pa.Table, project: str) -> pa.Table:
    return rows.filter(pc.equal(rows["project"], project))


def _cut(section: Section, project: str, rows: pa.Table) -> Section:
    """The part of a section about one project."""
    shown = _SHOWN[section.title]
    command = f"release-audit flags {section.title} --dataset DIR --project {project} --limit 0"
    return replace(
        section,
        rows=rows.select(shown).slice(0, ROWS),
        row_count=rows.num_rows,
        meanings={name: section.meanings[name] for name in shown},
        command=command,
    )


def _write_project(folder: SiteFolder, looks: Looks, project: _Project, window_days: int, advice: str) -> None:
    how_many = _how_many(project.row, window_days)
    sentence = "".join(map(str, how_many))
    has_times = project.timeline.rows.num_rows > 0
    folder.page(
        SitePage(project_path(project.name), project.name, f"{project.name}: {sentence}", PART, scripts=looks.charts),
        "project.html.j2",
        project=project,
        how_many=how_many,
        reached=_reached(project),
        specifications={"": fluid(charts.timeline(project.timeline.rows))} if has_times else {},
        advice=advice,
        rule=rules.find(_RULE),
    )


def _how_many(row: Mapping[str, Any], window_days: int) -> Sentence:
    figure = figures(row, "who")
    return said(
        f"{{}} of {{}} files{{}} came more than {days(window_days)} after the first file of their release, in {{}} "
        f"{'release' if row['late_releases'] == 1 else 'releases'}; the last on {row['last_late_at']:%Y-%m-%d}.",
        *part(figure("late_files"), figure("files")),
        figure("late_releases"),
    )


def _reached(project: _Project) -> Sentence:
    displacing = project.sections.get("displacing-files")
    if displacing is None:
        return ["None of its late files is picked today where an installer picked another wheel before."]
    return said(
        "{} of {} late files are picked today, in one environment or more, where an installer picked another wheel "
        "before: only a hash pin protects from that.",
        Figure(displacing.row_count, "displacing-files", "filename"),
        figures(project.row, "who")("late_files"),
    )


def _advice() -> str:
    """How to pin, from the text of a scan's rule: the program's own Markdown as HTML."""
    _, _, rest = rules.find(_RULE).text.partition(f"{_ADVICE}\n")
    words, _, _ = rest.partition("\n## ")
    made: str = MarkdownIt("commonmark", {"html": False}).render(words)
    return made
