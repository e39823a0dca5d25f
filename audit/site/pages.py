"""The pages of the site: from answers to pages; each is written once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from audit.answers.coverage import coverage_note
from audit.answers.text import plain
from audit.answers.values import readable
from audit.answers.words import ABOUT, LIMITS, REASONS
from audit.counting import counted
from audit.page.content import chapters
from audit.page.headline import headline
from audit.page.html.page import drawn
from audit.page.provenance import TITLE, provenance
from audit.page.seen import seen
from audit.page.sentence import Sentence
from audit.queries import catalog
from audit.queries.catalog import Group, Query
from audit.queries.parameters import complete
from audit.site.asked import Asked
from audit.site.folder import SiteFolder
from audit.site.history import write_history
from audit.site.looks import Looks
from audit.site.numbers import ShownQuery
from audit.site.page import SitePage
from audit.site.places import query_path, view_address
from audit.site.projects import addresses

_KINDS: Final = {Group.STATISTICS: "Statistics", Group.FLAGS: "Flags"}
_HOME, _NUMBERS, _DATA, _WORDS = "Report", "Numbers", "Data", "Words"


def write_pages(folder: SiteFolder, looks: Looks, asked: Asked, at: datetime | None) -> None:
    """Writes every page about the whole dataset; ``at`` is when its last crawl began.

    Raises:
        OSError: one cannot be written.
    """
    charts, sentences = drawn(asked.content), {} if asked.content.is_untimed else seen(asked.content)
    _write_home(folder, looks, asked, charts, sentences)
    _write_list(folder, asked)
    found = addresses(asked, "../")
    for number in asked.numbers:
        title = number.section.title
        _write_number(folder, looks, number, charts.get(title), sentences.get(title), found, asked.history.drawn(title))
    write_history(folder, looks, asked.history, _paths(asked))
    _write_card(folder, looks, asked, at)
    _write_words(folder, asked)
    _write_relations(folder)


def _write_home(
    folder: SiteFolder,
    looks: Looks,
    asked: Asked,
    charts: Mapping[str, Mapping[str, dict[str, Any]]],
    sentences: Mapping[str, Sentence],
) -> None:
    content = asked.content
    main_results = headline(content)
    folder.page(
        SitePage("index.html", TITLE, _first_line(main_results), _HOME, scripts=looks.charts),
        "index.html.j2",
        content=content,
        chapters=list(chapters(content)),
        sentences=main_results,
        provenance=provenance(content, "html"),
        coverage=plain(coverage_note(content.first("coverage"))),
        charts=charts,
        seen=sentences,
        addresses=_paths(asked),
        row_notes={number.section.title: _row_note(number) for number in asked.numbers},
    )


def _write_list(folder: SiteFolder, asked: Asked) -> None:
    description = (
        f"{len(asked.numbers)} questions that a dataset answers, each with its definition, its rows and its SQL."
    )
    kinds = {
        kind: [number for number in asked.numbers if number.query.group is group] for group, kind in _KINDS.items()
    }
    folder.page(
        SitePage("numbers.html", "All numbers", description, _NUMBERS),
        "numbers.html.j2",
        kinds=kinds,
        paths=_paths(asked),
        row_notes={number.section.title: _row_note(number) for number in asked.numbers},
    )


def _write_number(
    folder: SiteFolder,
    looks: Looks,
    number: ShownQuery,
    specifications: Mapping[str, dict[str, Any]] | None,
    sentence: Sentence | None,
    projects: Mapping[str, str],
    history: Mapping[str, dict[str, Any]],
) -> None:
    section, query = number.section, number.query
    path = query_path(query)
    scripts = looks.charts if specifications or history else looks.tables
    folder.page(
        SitePage(
            path,
            section.question,
            f"{section.title}: {_row_note(number)}. {section.caveat}",
            _NUMBERS,
            scripts=scripts,
        ),
        "number.html.j2",
        number=number,
        kind=_KINDS[query.group].removesuffix("s"),
        of_some=number.project_count,
        specifications=specifications,
        sentence=sentence,
        history=history,
        addresses=projects,
        row_notes=_row_note(number),
        parameters=_parameters(query),
        sql=query.body.strip(),
        views={name: view_address(name) for name in query.header.uses},
    )


def _parameters(query: Query) -> dict[str, str]:
    """The meaning of each parameter, and its default."""
    defaults = complete(query, {})
    return {
        name: f"{parameter.promise}{'' if defaults[name] is None else f' (here: {defaults[name]})'}"
        for name, parameter in query.header.parameters.items()
    }


def _write_card(folder: SiteFolder, looks: Looks, asked: Asked, at: datetime | None) -> None:
    content = asked.content
    description = "The data card: where these numbers are from, what they cannot say, and every number as a file."
    folder.page(
        SitePage("data.html", "Data", description, _DATA, scripts=looks.tables),
        "data.html.j2",
        content=content,
        provenance=provenance(content, "html"),
        coverage=plain(coverage_note(content.first("coverage"))),
        crawled_at=None if at is None else readable("crawled_at", at),
        limits=LIMITS,
        numbers=asked.numbers,
        paths=_paths(asked),
    )


def _write_words(folder: SiteFolder, asked: Asked) -> None:
    description = (
        "What a release, a lag, a window and a late file are, why a file is late, and what no number here can say."
    )
    folder.page(
        SitePage("words.html", "Words", description, _WORDS),
        "words.html.j2",
        window_days=asked.content.window_days,
        limits=LIMITS,
        reasons=REASONS,
        about=ABOUT,
    )


def _write_relations(folder: SiteFolder) -> None:
    description = (
        "What the SQL of the numbers reads: tables and views, each with its own SQL. Lag is defined in file_lags."
    )
    views: Sequence[Query] = list(catalog.load().views.values())
    folder.page(SitePage("relations.html", "Relations", description, _NUMBERS), "relations.html.j2", views=views)


def _paths(asked: Asked) -> dict[str, str]:
    """The page of each number, by the title of its query."""
    return {number.section.title: query_path(number.query) for number in asked.numbers}


def _row_note(number: ShownQuery) -> str:
    return counted(number.section.row_count, "row")


def _first_line(sentences: Sequence[Sentence]) -> str:
    return "".join(map(str, sentences[0]))
