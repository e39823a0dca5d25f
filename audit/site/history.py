"""The headline numbers over time: what each crawl's commit kept, as charts and files; nothing is counted again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from audit.answers.section import Section
from audit.dataset.dataset import Dataset
from audit.dataset.numbers import KEPT_NUMBERS
from audit.dataset.schema import NUMBERS
from audit.page import charts
from audit.page.gathering import ROWS
from audit.page.html.page import fluid
from audit.site.folder import SiteFolder
from audit.site.looks import Looks
from audit.site.numbers import Download, write_rows
from audit.site.page import SitePage

PART: Final = "History"
PATH: Final = "history.html"
_TITLE: Final = "history"
_QUESTION: Final = "How did the headline numbers change over the nights?"
_CAVEAT: Final = (
    "Each night's numbers are as they were counted then: a file that was deleted since is in them, and the line breaks "
    "where a number began to be counted in another way."
)
# How many of the newest nights a chart shows; the files have more.
_NIGHTS: Final = 1_000
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class History:
    """``rows`` are those of the table ``numbers``, by number and then oldest first."""

    rows: pa.Table
    section: Section
    downloads: list[Download]

    @property
    def night_count(self) -> int:
        """Crawls whose commits kept numbers."""
        return int(pc.count_distinct(self.rows["crawl_id"]).as_py())

    def drawn(self, statistic: str | None = None) -> dict[str, dict[str, Any]]:
        """A chart for each number with more than one night, of one statistic (None: of all), in their order."""
        names = [each.name for each in KEPT_NUMBERS if statistic in {None, each.statistic}]
        counted = self.rows.filter(pc.is_valid(self.rows["value_count"]))
        found = {name: counted.filter(pc.equal(counted["number"], name)) for name in names}
        drawn = {name: rows for name, rows in found.items() if rows.num_rows >= _FEWEST}
        return {name: fluid(charts.nights(rows.slice(max(0, len(rows) - _NIGHTS)))) for name, rows in drawn.items()}


def ask_history(dataset: Dataset, folder: SiteFolder) -> History:
    """Reads the numbers that commits kept, and writes them as files.

    Raises:
        DatasetError: a file of the dataset is damaged.
        OSError: a file cannot be written.
    """
    names = ", ".join(column.name for column in NUMBERS.columns)
    rows = dataset.sql(f"select {names} from numbers order by number, seen_at").arrow()  # noqa: S608 - the schema's names
    newest = rows.sort_by([("seen_at", "descending"), ("number", "ascending")])
    section = Section(
        title=_TITLE,
        question=_QUESTION,
        grain=NUMBERS.grain,
        source="numbers",
        caveat=_CAVEAT,
        meanings={column.name: column.meaning for column in NUMBERS.columns},
        parameters={},
        rows=newest.slice(0, ROWS),
        row_count=rows.num_rows,
        command="release-audit sql --dataset DIR 'from numbers' --limit 0",
    )
    return History(rows, section, list(write_rows(_TITLE, newest, folder)))


def write_history(folder: SiteFolder, looks: Looks, history: History, addresses: Mapping[str, str]) -> None:
    """Writes the page; ``addresses`` are those of the numbers' statistics, by title.

    Raises:
        OSError: it cannot be written.
    """
    specifications = history.drawn()
    folder.page(
        SitePage(PATH, "Over the nights", _QUESTION, PART, scripts=looks.charts if specifications else looks.tables),
        "history.html.j2",
        history=history,
        section=history.section,
        specifications=specifications,
        statistics={each.name: addresses[each.statistic] for each in KEPT_NUMBERS},
    )
