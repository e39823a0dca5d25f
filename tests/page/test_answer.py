"""An answer as a notebook shows it."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import audit
from audit.dataset.answer import Answer
from audit.page.html import answer as html
from tests.browser import PHONE, chromium
from tests.hostile import TEXTS, hostile_dataset

MARKUP = {"div", "style", "p", "b", "code", "table", "thead", "tbody", "tr", "th", "td", "wbr"}
ATTRIBUTES = {"class", "tabindex", "scope", "title"}


class Page(HTMLParser):
    """The elements, attributes and cells of some HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags = set[str]()
        self.attributes = set[str]()
        self.titles = list[str]()
        self.rows = list[list[str]]()
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.titles += [value or "" for name, value in attrs if name == "title"]
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self._in = tag
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = "" if tag == self._in else self._in

    def handle_data(self, data: str) -> None:
        if self._in:
            self.rows[-1][-1] += data


def shown(answer: Any) -> str:
    text: str = answer._repr_html_()
    return text


def notes(text: str) -> list[str]:
    return re.findall(r'<p class="note">(.*?)</p>', text)


def test_it_has_question_name_parameters_and_caveat(crawled_sample: Path) -> None:
    with audit.open(crawled_sample) as opened:
        answer = opened.query("late-files", window_days=30)
    text = shown(answer)
    assert answer.header is not None
    assert f"<b>{answer.header.question}</b> <code>late-files</code> <code>window_days = 30</code>" in text
    assert notes(text)[-1] == answer.header.caveat


def test_it_shows_the_columns_of_the_header_and_names_the_others(crawled_sample: Path) -> None:
    with audit.open(crawled_sample) as opened:
        answer = opened.query("late-files")
    header = answer.header
    assert header is not None
    page = Page(shown(answer))
    assert page.rows[0] == list(header.shown)
    rest = [column for column in answer.columns if column not in header.shown]
    assert f"First 100 of {len(answer)} rows; .df() has all. {len(rest)} more columns: {', '.join(rest)}." in notes(
        shown(answer)
    )
    assert len(page.rows) == 1 + html.MOST_ROWS
    own = answer.select(["filename", "reason"]).where(reason="rebuild")
    assert Page(shown(own)).rows[0] == ["filename", "reason"]
    assert notes(shown(own))[0] == f"{len(own)} rows."


def test_lengths_of_time_and_shares_are_to_read_with_the_exact_value_beside(crawled_sample: Path) -> None:
    with audit.open(crawled_sample) as opened:
        late = opened.query("late-files").select(["filename", "lag_us"])
        policies = opened.query("policies").where(policy="after-first", window="14d")
    page = Page(shown(late))
    first = late.rows()[0]
    assert page.rows[1] == [first["filename"], "1802.7 d"]
    assert str(first["lag_us"]) in page.titles
    text = shown(policies.select(["policy", "refused_files", "refused_share", "files"]))
    assert Page(text).rows[1] == ["after-first", "357", "1.0%", "35,996"]
    assert "Shares: refused_share = refused_files / files." in notes(text)


def test_one_wide_row_stands_upright_with_what_each_column_means(crawled_sample: Path) -> None:
    with audit.open(crawled_sample) as opened:
        coverage = opened.query("coverage")
    header = coverage.header
    assert header is not None
    page = Page(shown(coverage))
    assert [row[0] for row in page.rows] == coverage.columns
    assert page.rows[0] == ["asked_project_count", "96", header.columns["asked_project_count"].meaning]


def test_rows_of_sql_are_a_table_of_all_their_columns() -> None:
    text = shown(Answer(pa.table({"count(*)": [1_000], "<b>": [None], "lag_us": [0]})))
    assert Page(text).rows == [["count(*)", "<b>", "lag_us"], ["1,000", "", "0 s"]]
    assert notes(text) == ["1 row."]
    assert notes(shown(Answer(pa.table({"a": pa.array([], pa.int64())})))) == ["0 rows."]


def test_strangers_text_does_nothing(tmp_path: Path) -> None:
    with audit.open(hostile_dataset(tmp_path)) as opened:
        names = [row["name"] for row in opened.queries().rows() if row["group"] in {"flags", "statistics"}]
        answers = [opened.query(name) for name in names]
        answers += [opened.sql("from files"), opened.sql("""select 1 as "<script>alert(1)</script>" """)]
        answers += [answer.where(version=TEXTS) for answer in answers if "version" in answer.columns]
        answers.append(opened.query("policies").where(policy=TEXTS))
        answers.append(opened.query("who", ranks="<script>\nb"))
        texts = [shown(answer) for answer in answers]
    for text in texts:
        page = Page(text)
        assert page.tags <= MARKUP
        assert page.attributes <= ATTRIBUTES
        assert text.replace("\n", "").isprintable()
    assert sum("&lt;script&gt;" in text for text in texts) > 3
    assert sum("\\x1b[31mred" in text for text in texts) > 3


def test_a_definition_shows_parameters_and_columns_with_units(crawled_sample: Path) -> None:
    with audit.open(crawled_sample) as opened:
        definition = opened.definition("late-files")
    page = Page(shown(definition))
    assert definition.question in shown(definition)
    assert ["caveat", definition.caveat] in page.rows
    assert ["parameter", "type", "unit", "default", "meaning"] in page.rows
    [lag] = definition.columns.where(column="lag_us").rows()
    assert list(lag.values()) in page.rows
    assert page.tags <= MARKUP


@pytest.mark.slow
@pytest.mark.parametrize("width", [PHONE, 900])
def test_a_wide_answer_scrolls_in_its_own_box_and_keeps_what_says_which_cell_it_is(
    crawled_sample: Path, width: int
) -> None:
    with audit.open(crawled_sample) as opened:
        text = shown(opened.query("displacement"))
    with chromium() as browser:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.set_content(f"<!doctype html><body>{text}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        places = """[...document.querySelectorAll("thead th:first-child, tbody tr:last-child td:first-child")]
            .map(cell => cell.getBoundingClientRect()).map(({x, y}) => [x, y])"""
        box = "document.querySelector('.box')"
        assert page.evaluate(f"{box}.scrollWidth > {box}.clientWidth && {box}.scrollHeight > {box}.clientHeight")
        before = page.evaluate(places)
        page.evaluate(f"{box}.scrollTo(200, 100)")
        after = page.evaluate(places)
    assert after[0] == before[0], "the heading stays"
    assert after[1] == [before[1][0], before[1][1] - 100], "the first column stays beside, and moves with its row"
