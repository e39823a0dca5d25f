"""All answers that a site shows of one dataset, asked once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from audit.dataset.dataset import Dataset
from audit.errors import DatasetError
from audit.page.content import Content
from audit.program import version
from audit.queries.catalog import Query
from audit.site.folder import SiteFolder
from audit.site.history import History, ask_history
from audit.site.numbers import ShownQuery, ask, is_of_some, queries
from audit.site.places import has_page

# What projects' pages show from the whole answers, beside the answers for these projects only.
_KEPT = ("who", "displacing-files", "suspicious-releases")


@dataclass(frozen=True, slots=True)
class Asked:
    """``numbers`` are in the order of the site's list; ``answers`` are complete, by the query's name with dashes.

    ``projects`` are those that have a page, those with most late files first.
    """

    content: Content
    numbers: Sequence[ShownQuery]
    projects: Sequence[str]
    answers: Mapping[str, pa.Table]
    history: History


def ask_all(dataset: Dataset, folder: SiteFolder, window_days: int, top: int) -> Asked:
    """Asks every statistic and flag, and writes the rows of each; at most ``top`` projects have a page.

    Nothing is asked project by project: queries on every file are asked once, of a slice with these projects.

    Raises:
        UsageError: the window does not fit.
        DatasetError: a file of the dataset is damaged, or a crawl committed meanwhile.
    """
    numbers: dict[str, ShownQuery] = {}
    answers: dict[str, pa.Table] = {}

    def note(opened: Dataset, query: Query, project_count: int | None) -> None:
        numbers[query.title], answer = ask(opened, query, window_days, folder, project_count)
        if query.title in _KEPT or project_count is not None:
            answers[query.title] = answer.arrow()

    fingerprint = dataset.fingerprint()  # before the memory is full of rows that queries share
    of_all = {query.title: query for query in queries() if not is_of_some(query)}
    for title in dataset.one_by_one([*of_all]):
        note(dataset, of_all[title], None)
    late = answers["who"]["project"].to_pylist()
    projects = list(islice(filter(has_page, late), top))
    with Dataset(dataset.path, projects=projects) as some:
        if some.crawl_ids != dataset.crawl_ids:  # the pages would mix two commits
            raise DatasetError(f"a crawl committed to {dataset.path} while its site was made: make it again")
        for query in filter(is_of_some, queries()):
            note(some, query, len(projects))
    sections = {title: number.section for title, number in numbers.items() if number.project_count is None}
    history = ask_history(dataset, folder)
    content = Content(version(), [*dataset.programs.values()], fingerprint, window_days, sections, [])
    return Asked(content, [numbers[query.title] for query in queries()], projects, answers, history)
