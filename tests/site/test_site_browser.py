"""The site in a real browser: it asks for nothing elsewhere, is fits a phone, is accessible; hostile text is inert."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, DRAWN, PHONE, Seen, chromium, tab, unreadable
from tests.served import files_served
from tests.site.checkers import barriers, invalid
from tests.site.reading import Site

pytestmark = pytest.mark.slow
PAGES = [
    "",
    "numbers.html",
    "projects.html",
    "data.html",
    "history.html",
    "words.html",
    "relations.html",
    "statistics/policies.html",
    "statistics/coverage.html",
    "flags/late-files.html",
    "flags/changes.html",
    "projects/numpy.html",
]


@pytest.fixture(scope="module")
def address(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from below_a_path(site, tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def hostile_address(hostile_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from below_a_path(hostile_site, tmp_path_factory.mktemp("server"))


def below_a_path(site: Site, folder: Path) -> Iterator[str]:
    """The address of a site that is not at its server's root."""
    (folder / "some").mkdir()
    (folder / "some" / "path").symlink_to(site.folder)
    with files_served(folder) as server:
        yield f"{server}/some/path/"


@pytest.fixture(scope="module")
def browser(site: Site, hostile_site: Site) -> Iterator[Browser]:
    # After the sites: while Playwright's event loop runs in this thread, no crawl can.
    with chromium() as launched:
        yield launched


def visit(page: Page, address: str) -> None:
    """Opens a page, every chapter of it, and waits for its charts."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok
    if page.locator("figure.chart").count():
        page.wait_for_selector(DRAWN, state="attached")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.wait_for_function("[...document.querySelectorAll('figure.chart')].every((each) => each.querySelector('svg'))")


def is_at_home(seen: Seen, address: str) -> bool:
    """Whether nothing was logged, no file was missing, and nothing was asked for elsewhere."""
    return not seen.messages and all(asked.startswith(address) for asked in seen.asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_logs_nothing_fits_the_screen_and_is_accessible(
    browser: Browser, address: str, path: str, width: int, scheme: str
) -> None:
    with tab(browser, width=width, scheme=scheme) as (page, seen):
        visit(page, address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert unreadable(page) == []
        assert barriers(page) == []
        assert is_at_home(seen, address), seen


def test_axe_finds_barriers(browser: Browser, address: str) -> None:
    with tab(browser) as (page, _):
        visit(page, f"{address}words.html")
        page.evaluate("document.querySelector('main').append(document.createElement('img'))")
        assert [barrier.partition(" ")[0] for barrier in barriers(page)] == ["image-alt"]


def test_every_page_is_good_html(site: Site, hostile_site: Site) -> None:
    assert list(invalid(site.folder)) == []
    assert list(invalid(hostile_site.folder)) == []


def test_one_finds_a_project_and_reads_why(browser: Browser, address: str) -> None:
    with tab(browser, width=PHONE) as (page, seen):
        visit(page, address)
        page.click(".parts a >> text=Projects")
        page.fill("input[type=search]", "mArkup")
        page.click("tbody tr:not([hidden]) a")
        page.wait_for_selector(DRAWN, state="attached")
        assert page.inner_text("h1") == "markupsafe"
        page.click("th a >> text=filename before")
        assert page.inner_text(":target") == "filename_before"
        assert page.url.startswith(f"{address}flags/displacing-files.html#")
        assert is_at_home(seen, address), seen


def test_a_number_of_the_headline_leads_to_its_meaning(browser: Browser, address: str) -> None:
    with tab(browser) as (page, seen):
        visit(page, address)
        page.click("#headline .figure >> nth=0")
        assert page.inner_text(":target") == "late_files"
        with page.expect_download() as download:
            page.click(".downloads a >> text=CSV")
        assert download.value.path().read_text().startswith("reason,files,releases")
        assert is_at_home(seen, address), seen


def test_the_site_works_from_a_disk(browser: Browser, site: Site) -> None:
    with tab(browser, offline=True) as (page, seen):
        page.goto((site.folder / "projects" / "numpy.html").as_uri())
        page.wait_for_selector(DRAWN, state="attached")
        assert page.locator("#plot-timeline .role-mark path").count() > 10
        assert seen.messages == []


def test_without_javascript_it_is_plain_and_complete(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}flags/late-releases.html")
    assert page.locator("tbody tr").count() == 78
    assert page.locator("input, button").count() == 0
    context.close()


def test_strangers_text_is_text(browser: Browser, hostile_site: Site, hostile_address: str) -> None:
    with tab(browser, width=PHONE) as (page, seen):
        for name in sorted(hostile_site.pages):
            visit(page, hostile_address + name)
            assert "owned" not in page.title(), name
            assert page.locator("main img, main script:not([type='application/json'])").count() == 0, name
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE, name
        for dots in page.locator(".role-mark path").all():
            dots.hover(force=True)
            assert page.locator("#vg-tooltip-element :is(script, img, b)").count() == 0
        assert is_at_home(seen, hostile_address), seen
