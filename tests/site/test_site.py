"""The site as files: its content, where its links lead, and that strangers' text in it is inert."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from audit.cli.app import app
from audit.dataset.dataset import Dataset
from audit.errors import DatasetError, UsageError
from audit.queries.catalog import Group, load
from audit.site import asked
from audit.site.places import query_path
from audit.site.site import PROJECTS, served_from, write_site
from tests.dataset_builder import make_dataset
from tests.hostile import SCRIPT
from tests.site.conftest import BASE_URL
from tests.site.reading import Site

MEGABYTE = 1_000_000
NUMBERS = load().group(Group.STATISTICS, Group.FLAGS)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
def test_same_dataset_same_bytes_and_not_many(site: Site, crawled_sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = CliRunner().invoke(
        app, ["site", "--dataset", str(crawled_sample), "--out", str(out), "--base-url", BASE_URL]
    )
    assert (ended.exit_code, ended.stdout) == (0, ""), ended.stderr
    found = contents(out)
    # The order in which DuckDB writes a database's blocks is its own; its rows are checked elsewhere.
    by_duckdb = {"workbench/numbers.duckdb", "SHA256SUMS"}
    made = contents(site.folder)
    assert found.keys() == made.keys()
    assert [name for name in found if found[name] != made[name] and name not in by_duckdb] == []
    assert sum(map(len, found.values())) < 80 * MEGABYTE
    assert ended.stderr.splitlines()[-1].startswith(f"release-audit: {out}: {len(site.pages):,} pages, ")


def test_the_command_says_how_many_projects_have_a_page() -> None:
    help_text = CliRunner().invoke(app, ["site", "--help"], terminal_width=200).stdout
    assert f"[default: {PROJECTS};" in help_text.replace("\n", " ")


def test_every_link_is_relative_and_leads_somewhere(site: Site) -> None:
    canonical = {link for _, link in site.links() if link.startswith(BASE_URL)}
    assert len(canonical) == len(site.pages)
    assert [each for each in site.broken() if each[1] not in canonical] == []


def test_no_two_places_of_a_page_have_one_name(site: Site) -> None:
    for name, page in site.pages.items():
        places = page.attributes("id")
        assert len(places) == len(set(places)), name


def test_the_policy_of_every_page_allows_only_its_own_files(site: Site) -> None:
    for name, page in site.pages.items():
        policy = page.meta("Content-Security-Policy")
        assert policy is not None, name
        assert policy.startswith("default-src 'none';"), name
        # Only the workbench compiles anything: DuckDB.
        assert ("'wasm-unsafe-eval'" in policy) == (name == "workbench.html"), name
        assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", ""), name
        assert not page.attributes("style"), name
        assert not [key for _, attributes in page.tags for key in attributes if key.startswith("on")], name
        inline = [tag for tag, attributes in page.tags if tag == "style" or (tag == "script" and is_code(attributes))]
        assert not inline, name


def is_code(attributes: dict[str, str | None]) -> bool:
    return attributes.get("src") is None and attributes.get("type") != "application/json"


def test_every_page_says_what_it_is(site: Site) -> None:
    titles = {name: page.title for name, page in site.pages.items()}
    assert len(set(titles.values())) == len(titles)
    for name, page in site.pages.items():
        assert page.meta("description"), name
        assert page.meta("og:title") == page.title, name


@pytest.mark.parametrize("query", NUMBERS, ids=lambda query: query.title)
def test_every_statistic_and_flag_has_its_page(site: Site, query: object) -> None:
    assert isinstance(query, type(NUMBERS[0]))
    page = site.pages[query_path(query)]
    assert query.header.question in page.text
    assert query.body.strip() in page.text
    columns = pq.read_schema(site.files[f"data/{query.title}.parquet"]).names
    assert {f"{query.title}.{name}" for name in columns} <= set(page.attributes("id"))
    for ending in ("csv", "json", "parquet"):
        assert f"../data/{query.title}.{ending}" in page.attributes("href")


@pytest.mark.parametrize("name", ["late-files", "reasons", "who"])
def test_downloads_hold_the_answer(site: Site, crawled_sample: Path, name: str) -> None:
    with Dataset(crawled_sample) as opened:
        answer = opened.query(name)
    assert pq.read_table(site.files[f"data/{name}.parquet"]).equals(answer.arrow())
    rows = json.loads(site.files[f"data/{name}.json"].read_text())
    assert len(rows) == len(answer) == len(site.files[f"data/{name}.csv"].read_text().splitlines()) - 1


@pytest.mark.slow
def test_strangers_text_is_text(hostile_site: Site) -> None:
    seen = 0
    for name, page in hostile_site.pages.items():
        assert not {tag for tag, _ in page.tags} & {"img", "iframe", "object", "embed", "base"}, name
        scripts = [attributes for tag, attributes in page.tags if tag == "script" and is_code(attributes)]
        assert not scripts, name
        assert not [link for link in page.attributes("href") if link.startswith("javascript")], name
        seen += SCRIPT in page.text
    assert seen > 3
    canonical = {link for _, link in hostile_site.links() if link.startswith(BASE_URL)}
    assert [each for each in hostile_site.broken() if each[1] not in canonical] == []


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([], id="empty", marks=pytest.mark.slow),
        pytest.param([{"filename": "spam-1.0.zip", "uploaded_at": None}], id="untimed", marks=pytest.mark.slow),
    ],
)
def test_a_dataset_without_times_has_a_site_that_says_so(tmp_path: Path, files: list[dict[str, object]]) -> None:
    dataset, out = make_dataset(tmp_path / "data", files), tmp_path / "out"
    ended = CliRunner().invoke(app, ["site", "--dataset", str(dataset), "--out", str(out)])
    assert ended.exit_code == 0, ended.stderr
    site = Site(out)
    assert site.broken() == []
    assert [name for name in site.files if name.endswith("html")]


def test_two_commits_are_never_mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = make_dataset(tmp_path / "data", [], crawls=[{"crawl_id": "20261123T101500Z"}])
    later = make_dataset(tmp_path / "later", [], crawls=[{"crawl_id": "20261124T101500Z"}])
    monkeypatch.setattr(asked, "Dataset", lambda _, projects: Dataset(later, projects=projects))
    with Dataset(dataset) as opened, pytest.raises(DatasetError, match="while its site was made"):
        write_site(opened, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_wrong_place_for_a_site_is_refused_before_the_work(tmp_path: Path) -> None:
    dataset, out = make_dataset(tmp_path / "data", []), tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("mine")
    ended = CliRunner().invoke(app, ["site", "--dataset", str(dataset), "--out", str(out)])
    assert isinstance(ended.exception, UsageError)
    assert "holds 'mine', which release-audit site did not make" in str(ended.exception)
    assert contents(out) == {"mine": b"mine"}


@pytest.mark.parametrize("url", ["https://example.org/a", "http://127.0.0.1:8000", "https://example.org/a/"])
def test_the_address_of_a_site_ends_with_a_slash(url: str) -> None:
    assert served_from(url) == f"{url.rstrip('/')}/"


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org/", "https://example.org/?a", "https://example.org/#a", "https://", "a\n"]
)
def test_what_is_not_an_address_of_a_site(url: str) -> None:
    with pytest.raises(UsageError, match="does not fit: expected where the site will be"):
        served_from(url)


def test_a_password_is_not_published() -> None:
    with pytest.raises(UsageError, match="holds a login") as caught:
        served_from("https://you:secret@example.org/")
    assert "secret" not in str(caught.value)
