"""The report as HTML, read as text: its content, and that it is self-contained."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.answers.words import ABOUT
from audit.cli.app import app
from audit.dataset.dataset import Dataset
from audit.errors import UsageError
from audit.page.content import timeline_of
from audit.page.gathering import TIMELINE_FILES, TIMELINE_RELEASES, gather, report
from audit.page.html import page
from audit.queries.catalog import Group, load
from tests.dataset_builder import make_dataset
from tests.hostile import FIRST, hostile_dataset

MEGABYTE = 1_000_000
# A panel for each rule with a window and one for the others, four more, and six timelines.
CHARTS = 7 + 4 + 6


class Parsed(HTMLParser):
    """The page's tags with their attributes, the text of its scripts and styles, and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in self.CDATA_CONTENT_ELEMENTS:  # newer Pythons count a title too
            self.raw.append((self.tags[-1][1].get("type") or self.cdata_elem, data))
        else:
            self.text += data

    def attributes(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(name)) is not None]


@pytest.fixture(scope="module")
def html(crawled_sample: Path) -> str:
    with Dataset(crawled_sample) as opened:
        return report(opened)


@pytest.fixture(scope="module")
def parsed(html: str) -> Parsed:
    return Parsed(html)


def test_timelines_are_those_that_each_project_is_answered_with(crawled_sample: Path) -> None:
    with Dataset(crawled_sample) as opened:
        for timeline in gather(opened).timelines:
            rows = opened.query("timeline", project=timeline.project).arrow()
            assert timeline == timeline_of(timeline.project, rows, releases=TIMELINE_RELEASES, files=TIMELINE_FILES)


@pytest.mark.slow
def test_same_dataset_same_bytes_and_not_many(html: str, crawled_sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = CliRunner().invoke(app, ["report", "--dataset", str(crawled_sample), "--out", str(out)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_text("utf-8") == html
    assert result.stderr == f"release-audit: {out}: {out.stat().st_size:,} bytes\n"
    assert len(html.encode()) < 6 * MEGABYTE


def test_it_names_nothing_elsewhere(parsed: Parsed) -> None:
    leading = [*parsed.attributes("src"), *parsed.attributes("href"), *parsed.attributes("action")]
    assert leading
    assert all(target.startswith("#") for target in leading)
    assert not {tag for tag, _ in parsed.tags} & {"iframe", "object", "embed", "form", "link", "base", "img"}
    styles = "".join(text for kind, text in parsed.raw if kind == "style")
    assert "url(" not in styles
    assert "@import" not in styles


def test_its_policy_allows_its_own_scripts_and_style_only(parsed: Parsed) -> None:
    [policy] = [a["content"] for tag, a in parsed.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for kind, text in parsed.raw:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert kind == "application/json" or f"'sha256-{digest}'" in policy
    assert not parsed.attributes("style")
    assert not [name for _, attributes in parsed.tags for name in attributes if name.startswith("on")]


def test_every_link_leads_to_a_place_on_the_page(parsed: Parsed) -> None:
    places = parsed.attributes("id")
    assert len(places) == len(set(places))
    assert {target.removeprefix("#") for target in parsed.attributes("href")} <= set(places)


def test_every_statistic_of_late_files_is_there_and_every_column_is_defined(parsed: Parsed) -> None:
    places = set(parsed.attributes("id"))
    flags = ["late-releases", "suspicious-releases", "displacing-files"]
    for query in [*load().group(Group.STATISTICS), *map(load().find, flags)]:
        if query.title == "incomplete-window":
            continue  # of another question, and slow
        if query.header.needs:
            continue  # there only where somebody imported what it needs
        assert {query.title, f"define-{query.title}"} <= places
        assert {f"{query.title}.{name}" for name in query.header.columns} <= places


def test_the_headlines_numbers_are_the_statistics_own(parsed: Parsed, crawled_sample: Path) -> None:
    figures = [attributes for _, attributes in parsed.tags if "data-query" in attributes]
    assert len(figures) > 15
    with Dataset(crawled_sample) as opened:
        answers = {name: opened.query(name).rows() for name in {str(figure["data-query"]) for figure in figures}}
        for figure in figures:
            rows = answers[str(figure["data-query"])]
            values = [row[str(figure["data-column"])] for row in rows]
            whole = [row.get("is_enforced") and row["is_whole"] for row in rows]
            years = [row["files"] for row in rows if row.get("from_days", 0) >= 365]
            sums = [
                sum(years),
                sum(values[:10]),
                sum(value for value, is_counted in zip(values, whole, strict=True) if is_counted),
            ]
            assert int(str(figure["data-value"])) in [*values, *sums], figure


def test_no_page_of_the_documentation_is_named_without_its_words(parsed: Parsed) -> None:
    assert "docs/" not in parsed.text
    assert {f"about-{name}" for name in ABOUT} <= set(parsed.attributes("id"))
    assert "#about-signs" in parsed.attributes("href")


@pytest.mark.parametrize("name", ABOUT)
def test_the_words_of_a_page_are_those_of_the_documentation(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / f"{name}.md").read_text("utf-8")
    terms = [words.partition(": ")[0] for words in ABOUT[name].words if re.match(r"[a-z_-]+: ", words)]
    assert all(f"`{term}`" in page for term in terms)
    assert {day for words in ABOUT[name].words for day in re.findall(r"\d{4}-\d{2}(?:-\d{2})?", words)} <= set(
        re.findall(r"\d{4}-\d{2}(?:-\d{2})?", page)
    )


def test_the_newest_rows_come_first_where_rows_are_of_a_time(html: str) -> None:
    for title, first in (("late-by-year", "2026"), ("late-by-month", "2026-11"), ("reasons-by-year", "2024")):
        body = html.split(f'<table id="table-{title}">')[1].split("<tbody>")[1]
        assert re.sub(r"<[^>]+>", " ", body.split("</td>")[0]).strip() == first


def test_charts_are_data_that_ends_no_script(tmp_path: Path) -> None:
    with Dataset(hostile_dataset(tmp_path)) as opened:
        html = report(opened)
    parsed = Parsed(html)
    specifications = [json.loads(text) for kind, text in parsed.raw if kind == "application/json"]
    assert len(specifications) == CHARTS
    assert [kind for kind, _ in parsed.raw].count("script") == 2
    assert all(json.dumps(s, ensure_ascii=False).isprintable() for s in specifications)
    assert "<b>bold</b>" in parsed.text
    assert "{{ 7 * 7 }}" in parsed.text
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "\u2028" not in html
    assert "img" not in {tag for tag, _ in parsed.tags}


def test_a_large_dataset_is_cut_and_the_rest_is_counted(tmp_path: Path) -> None:
    files = [
        {"project": f"p{number:03}", "filename": f"{number}-{lag}", "uploaded_at": FIRST.replace(month=lag)}
        for number in range(600)
        for lag in (1, 3)
    ]
    with Dataset(make_dataset(tmp_path, files)) as opened:
        content = gather(opened, window_days=20)
    assert {len(section.rows) for section in content.sections.values()} <= set(range(501))
    assert content.sections["late-releases"].left_out_count == 100
    assert [timeline.project for timeline in content.timelines] == [f"p{number:03}" for number in range(6)]
    text = re.sub(r"\s+", " ", page.render(content))
    assert (
        "100 more of 600 are not on this page: "
        "<code>release-audit flags late-releases --dataset DIR --window-days 20 --limit 0</code>"
    ) in text


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "No file is listed: nothing can be said"),
        ([{"filename": "untimed"}], "The only file has no upload time: nothing can be said"),
        ([{"filename": "one", "uploaded_at": FIRST}], "0 of 1 files"),
    ],
)
def test_a_dataset_with_nothing_late_says_so(tmp_path: Path, files: list[dict[str, object]], message: str) -> None:
    with Dataset(make_dataset(tmp_path, files)) as opened:
        parsed = Parsed(report(opened))
    assert message in " ".join(parsed.text.split())
    assert "Timelines" not in parsed.text


def test_a_chart_without_anything_to_draw_is_left_out(tmp_path: Path) -> None:
    files = [{"filename": "one.tar.gz", "uploaded_at": FIRST}, {"filename": "two.zip", "uploaded_at": FIRST}]
    with Dataset(make_dataset(tmp_path, files)) as opened:
        assert page.drawn(gather(opened)).keys() == {"policies", "lag-buckets"}


def test_the_window_reaches_every_number(tmp_path: Path) -> None:
    files = [{"filename": "a", "uploaded_at": FIRST}, {"filename": "b", "uploaded_at": FIRST.replace(day=9)}]
    dataset = make_dataset(tmp_path, files)
    out = CliRunner().invoke(app, ["report", "--dataset", str(dataset), "--window-days", "7"], catch_exceptions=False)
    assert "came more than 7 days after" in out.stdout
    assert "--window-days 7 --limit 0" not in out.stdout, "nothing is left out"
    assert "release-audit flags late-files --dataset DIR --window-days 7 --format csv" in out.stdout


def test_a_report_as_text_loads_no_chart(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    code = (
        "import sys\ntry: main()\nfinally: print([m for m in ('altair', 'vl_convert', 'jinja2') if m in sys.modules])"
    )
    arguments = ["report", "--dataset", str(dataset), "--format", "markdown"]
    run = subprocess.run(
        [sys.executable, "-c", f"from audit.cli import main\n{code}", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_what_was_written_is_reported_unless_nobody_wants_to_know(tmp_path: Path) -> None:
    dataset, out = str(make_dataset(tmp_path / "data")), tmp_path / "post.md"
    writing = ["report", "--dataset", dataset, "--format", "markdown", "--out", str(out)]
    assert CliRunner().invoke(app, writing).stderr == f"release-audit: {out}: {out.stat().st_size:,} bytes\n"
    assert CliRunner().invoke(app, [*writing, "--quiet"]).output == ""


def test_what_cannot_be_written_is_reported(tmp_path: Path) -> None:
    dataset = str(make_dataset(tmp_path / "data"))
    with pytest.raises(UsageError, match=r"report\.html: there is no folder .*make it first"):
        CliRunner().invoke(
            app,
            ["report", "--dataset", dataset, "--out", str(tmp_path / "no" / "report.html")],
            catch_exceptions=False,
        )
