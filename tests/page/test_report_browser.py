"""The report in a real browser: drawn, searchable, sortable, quiet, and indifferent to hostile text."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import TimeoutError as NothingYet

from audit.dataset.dataset import Dataset
from audit.page.gathering import report
from tests.browser import DESKTOP, PHONE, TABLET, WIDE, Seen, chromium, opened, unreadable
from tests.hostile import hostile_dataset
from tests.page.test_gathering import CHARTS

pytestmark = pytest.mark.slow
LATE_RELEASES = "#table-late-releases"


@pytest.fixture(scope="module")
def sample(crawled_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(crawled_sample, tmp_path_factory.mktemp("sample-report"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    return written(hostile_dataset(folder / "data"), folder)


@pytest.fixture(scope="module")
def browser(sample: Path) -> Iterator[Browser]:
    # After the sample: while Playwright's event loop runs in this thread, no crawl can.
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser, sample: Path) -> Iterator[Page]:
    with opened(browser, sample) as (page, _):
        yield page


def written(dataset: Path, folder: Path) -> Path:
    file = folder / "report.html"
    with Dataset(dataset) as scan:
        file.write_text(report(scan), "utf-8")
    return file


def is_quiet(seen: Seen, file: Path) -> bool:
    """Whether the page logged nothing, and asked for nothing but itself."""
    return (seen.messages, seen.asked) == ([], [file.as_uri()])


def column(page: Page, name: str) -> list[str]:
    """The cells of one column of the late releases, of the rows that show, from the top."""
    found: list[str] = page.eval_on_selector_all(
        f"{LATE_RELEASES} tbody tr:not([hidden])",
        """(rows, name) => {
            const headings = [...rows[0].closest("table").tHead.rows[0].cells];
            const place = headings.findIndex((heading) => heading.querySelector("a").textContent === name);
            return rows.map((row) => row.cells[place].textContent);
        }""",
        name,
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP, WIDE])
def test_it_draws_every_chart_quietly_and_fits(browser: Browser, sample: Path, width: int, scheme: str) -> None:
    with opened(browser, sample, width=width, scheme=scheme) as (page, seen):
        assert is_quiet(seen, sample), seen
        open_all(page)
        drawn = page.eval_on_selector_all(
            "figure.chart",
            """(figures) => figures.map((figure) => ({
                marks: figure.querySelectorAll("svg g.mark-group .role-mark path, svg .role-mark line").length,
                width: figure.querySelector("svg").getBoundingClientRect().right,
            }))""",
        )
        assert len(drawn) == CHARTS
        assert all(chart["marks"] > 1 for chart in drawn)
        assert all(chart["width"] <= width for chart in drawn)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert unreadable(page) == []
        assert is_quiet(seen, sample), seen


def open_all(page: Page) -> None:
    """Opens every chapter, and waits for the charts that had no width before."""
    page.evaluate("for (const chapter of document.querySelectorAll('details')) chapter.open = true")
    page.wait_for_function(
        "[...document.querySelectorAll('figure.chart')].every((figure) => figure.querySelector('svg'))"
    )


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP, WIDE])
def test_no_table_is_cut_without_a_cue(browser: Browser, sample: Path, width: int) -> None:
    with opened(browser, sample, width=width) as (page, _):
        open_all(page)
        tables = page.eval_on_selector_all(
            ".scroll",
            """(all) => all.map((each) => {
                const style = getComputedStyle(each);
                return {
                    name: each.firstElementChild.id,
                    hidden: each.scrollWidth - each.clientWidth,
                    width: each.getBoundingClientRect().width,
                    room: each.parentElement.getBoundingClientRect().width,
                    overflow: style.overflowX,
                    shadows: style.backgroundImage.split("linear-gradient").length - 1,
                    clear: [...each.querySelectorAll("tbody td:not(:first-child)")].every(
                        (cell) => getComputedStyle(cell).backgroundColor === "rgba(0, 0, 0, 0)"
                    ),
                };
            })""",
        )
        cut = [table for table in tables if table["hidden"] > 0]
        assert cut, "some table is wider than any screen"
        assert all(table["overflow"] == "auto" and table["shadows"] == 4 and table["clear"] for table in cut), cut
        assert all(table["width"] >= table["room"] - 1 for table in cut), "before a table is cut, it has all the width"
        widest = max(cut, key=lambda table: int(table["hidden"]))["name"]
        assert shades(page, widest) > 20, "the shadow at the edge is seen"
        page.eval_on_selector(f"#{widest}", "(table) => { table.parentElement.scrollLeft = 1e6; }")
        assert shades(page, widest) < 8, "at the end there is no shadow"


def shades(page: Page, table: str) -> float:
    """How much darker a table's right edge is than what lies 40 pixels before it, in a line between two rows' texts."""
    page.mouse.move(0, 0)
    box = page.evaluate(
        """(table) => {
            document.getElementById(table).parentElement.scrollIntoView({ block: "center" });
            const { right } = document.getElementById(table).parentElement.getBoundingClientRect();
            const row = document.querySelector(`#${table} tbody tr`).getBoundingClientRect();
            return { x: right - 42, y: row.top + 1 };
        }""",
        table,
    )
    png = page.screenshot(clip={"x": box["x"], "y": box["y"], "width": 40, "height": 3})
    pixels: list[float] = page.evaluate(
        """async (bytes) => {
            const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
            const canvas = document.createElement("canvas").getContext("2d");
            canvas.drawImage(image, 0, 0);
            const at = (x) => canvas.getImageData(x, 1, 1, 1).data.slice(0, 3).reduce((sum, part) => sum + part) / 3;
            return [at(2), at(37)];
        }""",
        list(png),
    )
    return pixels[0] - pixels[1]


def test_a_wide_tables_first_column_and_heading_stay_in_sight(page: Page) -> None:
    kept = page.eval_on_selector(
        "#table-displacing-files",
        """(table) => {
            const box = table.parentElement;
            box.scrollTo(1e6, 1e6);
            const frame = box.getBoundingClientRect();
            const row = table.tBodies[0].rows[table.tBodies[0].rows.length - 1];
            return {
                moved: box.scrollLeft,
                left: row.cells[0].getBoundingClientRect().left - frame.left,
                last: row.cells[1].getBoundingClientRect().left - frame.left,
                top: table.tHead.getBoundingClientRect().top - frame.top,
                heading: table.tHead.rows[0].cells[3].getBoundingClientRect().top - frame.top,
            };
        }""",
    )
    assert kept["moved"] > 0
    assert abs(kept["left"]) < 2
    assert abs(kept["heading"]) < 2
    assert kept["last"] < 0


def tooltip(page: Page, touched: Callable[[Locator], None]) -> str:
    """What the last dot of the first timeline shows; a chart that moves while it is drawn is touched once more."""
    for _ in range(100):
        touched(page.locator("#plot-timeline-1 .role-mark path").last)
        with suppress(NothingYet):
            return page.inner_text("#vg-tooltip-element.visible", timeout=3_000)
    raise AssertionError("no dot shows anything")


def test_chapters_are_folded_on_a_phone_and_open_where_a_link_leads(browser: Browser, sample: Path) -> None:
    with opened(browser, sample, width=PHONE) as (page, _):
        assert page.locator("details.chapter[open]").count() == 0
        assert page.evaluate("document.documentElement.scrollHeight") < 6000
        page.click("#headline .figure >> nth=0")
        assert page.eval_on_selector(":target", "(target) => target.checkVisibility()")
        assert page.locator("details.chapter[open]").count() == 1
        page.click(".contents a >> text=Timelines")
        page.wait_for_selector("#plot-timeline-1 svg")
        assert "filename" in tooltip(page, Locator.tap), "a touch shows what pointing shows"


@pytest.mark.parametrize(("width", "is_beside"), [(TABLET, False), (DESKTOP, True), (WIDE, True)])
def test_the_contents_stay_beside_the_text_where_there_is_room(
    browser: Browser, sample: Path, width: int, is_beside: bool
) -> None:
    with opened(browser, sample, width=width) as (page, _):
        assert page.locator("details.chapter:not([open])").count() == 0
        page.evaluate("document.getElementById('chapter-who').scrollIntoView()")
        inside = "(list) => { const { top, bottom } = list.getBoundingClientRect(); return top >= 0 && bottom > 0; }"
        assert page.eval_on_selector(".contents ul", inside) == is_beside
        page.wait_for_selector(".contents a[aria-current]", state="attached")
        assert page.inner_text(".contents a[aria-current]") == "Who"


def test_the_line_to_cite_is_copied(browser: Browser, sample: Path) -> None:
    with opened(browser, sample) as (page, seen):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        cite = page.inner_text("#cite")
        page.click("dd:has(#cite) .copy")
        page.wait_for_selector("dd:has(#cite) .copy >> text=copied")
        assert page.evaluate("navigator.clipboard.readText()") == cite
        assert page.evaluate("window.getSelection().toString()") == cite
        assert cite.startswith("“Files that came late”, release-audit")
        assert is_quiet(seen, sample), seen


def brightness(colour: str) -> float:
    """The mean of ``rgb(…)``."""
    parts = [float(part) for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
    return sum(parts) / 3


def test_its_headline_says_what_the_statistics_say(page: Page, crawled_sample: Path) -> None:
    shown = page.eval_on_selector_all(
        "#headline .figure", "(all) => all.map((each) => [each.dataset.query, each.dataset.column, each.innerText])"
    )
    figures = {(query, name): int(text.replace(",", "")) for query, name, text in reversed(shown)}
    with Dataset(crawled_sample) as scan:
        reasons, policies = scan.query("reasons").rows(), scan.query("policies").rows()
        who, years = scan.query("who").rows(), scan.query("late-by-year").rows()
        enforced = [row for row in scan.query("enforcement").rows() if row["is_enforced"] and row["is_whole"]]
    [rule] = [row for row in policies if (row["policy"], row["window"]) == ("after-first", "14d")]
    assert figures["reasons", "late_files"] == reasons[0]["late_files"] == rule["refused_files"] == 357
    assert figures["reasons", "late_releases"] == reasons[0]["late_releases"] == rule["affected_releases"]
    assert figures["reasons", "late_projects"] == reasons[0]["late_projects"] == rule["affected_projects"] == len(who)
    assert figures["reasons", "files"] == max(row["files"] for row in reasons)
    assert [figures["policies", name] for name in ("files", "releases", "projects", "refused_files")] == [
        rule[name] for name in ("files", "releases", "projects", "refused_files")
    ]
    assert figures["late-by-year", "late_files"] == max(row["late_files"] for row in years)
    assert figures["who", "late_files"] == who[0]["late_files"]
    assert figures["enforcement", "refused_by_rule_file_count"] == sum(
        row["refused_by_rule_file_count"] for row in enforced
    )
    assert figures["enforcement", "files"] == sum(row["files"] for row in enforced)


def test_a_numbers_definition_is_one_click_away(page: Page) -> None:
    page.click("#headline .figure >> nth=0")
    assert page.eval_on_selector(":target", "(target) => target.textContent") == "late_files"
    page.click(f"{LATE_RELEASES} thead a >> text=longest lag")
    assert page.evaluate("document.querySelector(':target').nextElementSibling.textContent") == (
        "lag of the latest file, exact"
    )


def test_the_first_key_leads_past_the_numbers_to_the_contents(page: Page) -> None:
    link = page.locator(".skip")
    assert not link.evaluate("link => link.getBoundingClientRect().right > 0"), "it shows only when it has the focus"
    page.keyboard.press("Tab")
    assert link.evaluate("link => link.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == page.locator(".contents a").first.inner_text()


def test_tables_can_be_searched(page: Page) -> None:
    search = page.locator("#late-releases input[type=search]")
    search.fill("NumPy 1.6.0")
    assert (column(page, "project"), column(page, "version")) == (["numpy"], ["1.6.0"])
    assert page.inner_text("#late-releases output") == "1 of 78 rows"
    search.fill("")
    assert len(column(page, "project")) == 78


def test_tables_can_be_sorted_by_what_the_cells_mean(page: Page) -> None:
    names, lags = column(page, "project"), column(page, "longest lag")
    page.click(f"{LATE_RELEASES} button[aria-label='sort by project']")
    assert column(page, "project") == sorted(names)
    page.click(f"{LATE_RELEASES} button[aria-label='sort by project']")
    assert column(page, "project") == sorted(names, reverse=True)
    page.click(f"{LATE_RELEASES} button[aria-label='sort by longest lag']")
    assert column(page, "longest lag") == lags[::-1], "as lengths of time, not as text"
    assert page.get_attribute(f"{LATE_RELEASES} th[aria-sort]", "aria-sort") == "ascending"


def test_pointing_at_a_dot_shows_its_file(page: Page) -> None:
    words = tooltip(page, Locator.hover).split()
    assert {"filename", "lag", "reason"} <= set(words)
    assert any(word.startswith("numpy-") for word in words)


def test_strangers_text_is_text(browser: Browser, hostile: Path) -> None:
    with opened(browser, hostile, width=PHONE) as (page, seen):
        open_all(page)
        assert is_quiet(seen, hostile), seen
        assert page.title() == "Files that came late"
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE
        versions = column(page, "version")
        assert "<script>document.title='owned'</script>" in versions
        assert "\\x1b[31mred\\x1b[0m" in versions
        assert "\\u202egpj.exe" in versions
        assert "x" * 4096 in versions
        assert page.locator("main img, main script:not([type='application/json'])").count() == 0
        assert page.locator("a:not([href^='#'])").count() == 0
        for dots in page.locator("[id^=plot-timeline] .role-mark path").all():
            dots.hover(force=True)
            assert page.locator("#vg-tooltip-element :is(script, img, b)").count() == 0
        assert is_quiet(seen, hostile), seen
        assert page.title() == "Files that came late"


def test_without_javascript_it_is_plain_and_complete(browser: Browser, sample: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(sample.as_uri())
    assert page.locator(f"{LATE_RELEASES} tbody tr").count() == 78
    assert page.locator("input, button, details.chapter:not([open])").count() == 0
    assert page.inner_text("#cite").startswith("“Files that came late”")
    assert page.get_by_text("needs JavaScript").count() == CHARTS
    context.close()


@pytest.mark.parametrize("file", ["sample", "hostile"])
def test_it_prints(browser: Browser, file: str, request: pytest.FixtureRequest) -> None:
    a4 = 718  # 190 mm of a page in CSS pixels
    with opened(browser, request.getfixturevalue(file), width=a4, scheme="dark") as (page, _):
        page.emulate_media(media="print", color_scheme="dark")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert not page.locator("nav").is_visible()
        assert brightness(page.evaluate("getComputedStyle(document.querySelector('h1')).color")) < 50
        sizes = "(all) => all.map((each) => [each.scrollWidth, each.scrollHeight - each.clientHeight])"
        assert all(width <= a4 and hidden < 2 for width, hidden in page.eval_on_selector_all(".scroll", sizes))
        assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", AssertionError)])
def test_a_missing_browser_is_reported_once_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(outcome, match="apt-get install chromium"), chromium():
        pass
