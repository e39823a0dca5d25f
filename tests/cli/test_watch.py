"""``release-audit watch``: three nights of an index, as the takeover of ctx in May 2022 went."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml
from typer.testing import CliRunner, Result

from audit.cli.app import app
from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.errors import UsageError
from audit.replay.server import serving
from tests.pages import file, record
from tests.scan.test_formats import run_of

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST, SECOND, THIRD = "20220513T030000Z", "20220514T030000Z", "20220521T030000Z"
WHEEL, AGAIN = "ctx-0.1.2-py3-none-any.whl", "ctx-0.1.2-1-py3-none-any.whl"
LATE = "spam-1.0-cp312-cp312-win_amd64.whl"


def night(pages: Path, dataset: Path, at: datetime) -> None:
    with serving(pages) as address:
        crawl(CrawlRequest(dataset, resolve_address(address), None, is_moved=True, may_vanish=True), at)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baseline; ctx 0.1.2 is deleted; it is made again with another file, and spam gets a late wheel."""
    folder = tmp_path_factory.mktemp("watch")
    pages, data = folder / "pages", folder / "data"
    old = file(WHEEL, "2014-12-19T19:32:36Z")
    record(pages, "ctx", [old], ["0.1.2"])
    record(pages, "spam", [file("spam-1.0-py3-none-any.whl", "2020-01-01T00:00:00Z")], ["1.0"])
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    night(pages, data, datetime(2022, 5, 13, 3, tzinfo=UTC))
    record(pages, "ctx", [], [], 2)
    night(pages, data, datetime(2022, 5, 14, 3, tzinfo=UTC))
    record(pages, "ctx", [file(AGAIN, "2022-05-14T19:18:36Z")], ["0.1.2"], 3)
    listed = [file("spam-1.0-py3-none-any.whl", "2020-01-01T00:00:00Z"), file(LATE, "2022-05-20T00:00:00Z")]
    record(pages, "spam", listed, ["1.0"], 3)
    record(pages, "eggs", [file("eggs-1.0.tar.gz", yanked="<b>\x1b[31mbad")], ["1.0"], 3)
    night(pages, data, datetime(2022, 5, 21, 3, tzinfo=UTC))
    return data


def watch(dataset: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["watch", "--dataset", str(dataset), *options], catch_exceptions=False)


def news(dataset: Path, *options: str) -> list[tuple[str, str]]:
    rows = json.loads(watch(dataset, *options, "--format", "json").stdout)
    return [(row["alarm"], row["project"]) for row in rows]


def test_the_last_night_the_most_alarming_first(dataset: Path) -> None:
    assert news(dataset) == [("displaces", "spam"), ("sign", "ctx"), ("other", "eggs")]
    rows = json.loads(watch(dataset, "--format", "json").stdout)
    assert rows[1]["is_recreated"] is True
    assert rows[1]["filenames"] == [AGAIN]
    assert rows[0]["why"] == "1 file came, 1 late, up to 870 days after the first; 1 taken where another wheel was"


def test_more_nights_than_the_last(dataset: Path) -> None:
    assert news(dataset, "--since", "2022-05-14") == [("displaces", "spam"), ("sign", "ctx"), ("other", "eggs")]
    [release] = [
        row for row in json.loads(watch(dataset, "--since", FIRST, "-f", "json").stdout) if row["project"] == "ctx"
    ]
    assert release["why"] == "1 file came; made again: files went and others came; 1 went"
    assert (release["first_seen_at"][:10], release["last_seen_at"][:10]) == ("2022-05-14", "2022-05-21")
    with pytest.raises(UsageError, match="has no such crawl"):
        watch(dataset, "--since", "20220515T030000Z")


def test_a_release_that_was_deleted_and_made_again_is_flagged(dataset: Path) -> None:
    arguments = ["flags", "recreated-releases", "--dataset", str(dataset), "--format", "json"]
    [release] = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    assert (release["project"], release["version"]) == ("ctx", "0.1.2")
    assert (release["first_crawl_id"], release["last_crawl_id"]) == (SECOND, THIRD)


def test_only_what_is_yours(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("eggs\n")
    (tmp_path / "requirements.txt").write_text("Spam==1.0\nother==1\n")
    assert news(dataset, "--projects", str(tmp_path / "names.txt")) == [("other", "eggs")]
    assert news(dataset, "--lock", str(tmp_path / "requirements.txt")) == [("displaces", "spam")]
    both = ["--lock", str(tmp_path / "requirements.txt"), "--projects", str(tmp_path / "names.txt")]
    assert news(dataset, *both) == [("displaces", "spam"), ("other", "eggs")]
    assert "Of 2 projects that are watched." in watch(dataset, *both[:2]).stdout


def test_a_gate_closes_where_something_changed(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("quiet\n")
    assert watch(dataset, "--exit-code").exit_code == 1
    assert watch(dataset).exit_code == 0
    assert watch(dataset, "--exit-code", "--projects", str(tmp_path / "names.txt")).exit_code == 0


def test_a_feed_has_an_entry_a_release_with_an_id_that_stays(dataset: Path, tmp_path: Path) -> None:
    first = watch(dataset, "--format", "atom").stdout
    assert watch(dataset, "--format", "atom").stdout == first
    assert watch(dataset, "--format", "atom", "--output", str(tmp_path / "feed.xml")).exit_code == 0
    assert (tmp_path / "feed.xml").read_text() == first
    feed = ElementTree.fromstring(first)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "displaces: spam 1.0",
        "sign: ctx 0.1.2",
        "other: eggs 1.0",
    ]
    assert feed.findtext(f"{ATOM}updated") == "2022-05-21T03:00:00Z"
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len({*ids, feed.findtext(f"{ATOM}id")}) == 4
    assert all(each.startswith("urn:uuid:") for each in ids)
    since = ElementTree.fromstring(watch(dataset, "--since", FIRST, "-f", "atom").stdout)
    assert [entry.findtext(f"{ATOM}id") for entry in since.findall(f"{ATOM}entry")] == ids


def test_a_reason_that_somebody_wrote_is_inert(dataset: Path) -> None:
    for form in ("atom", "table", "markdown"):
        output = watch(dataset, "--format", form).stdout
        assert "\x1b" not in output
    assert "&lt;b&gt;" in watch(dataset, "--format", "atom").stdout


def test_a_dataset_without_changes(tmp_path: Path) -> None:
    pages, data = tmp_path / "pages", tmp_path / "data"
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    night(pages, data, datetime(2022, 5, 13, 3, tzinfo=UTC))
    assert news(data) == []
    assert ElementTree.fromstring(watch(data, "-f", "atom").stdout).findall(f"{ATOM}entry") == []


def test_other_programs_read_each_release_at_the_line_that_pins_it(dataset: Path, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("# mine\nspam==1.0\nctx==9\n")
    results = run_of(watch(dataset, "--lock", str(lock), "--format", "sarif").stdout)["results"]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    assert [(result["ruleId"], result["level"]) for result in results] == [("displaces", "error"), ("sign", "warning")]
    assert [place["artifactLocation"]["uri"] for place in places] == [f"file://{lock}"] * 2
    assert [place["region"]["startLine"] for place in places] == [2, 3], "of another version, its project's"
    [result, *_] = run_of(watch(dataset, "--format", "sarif").stdout)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == f"file://{dataset}"
    command = watch(dataset, "--lock", str(lock), "--format", "github").stdout.splitlines()[0]
    assert command.startswith(f"::error file={lock},line=2,title=displaces")


def test_a_release_that_changed_fails_where_the_exit_code_says_so(dataset: Path) -> None:
    for options, failures in (([], 0), (["--exit-code"], 3)):
        [suite] = JUnitXml.fromstring(watch(dataset, "--format", "junit", *options).stdout.encode())
        assert (suite.name, suite.tests, suite.failures) == (str(dataset), 3, failures)


def test_columns_are_of_rows(dataset: Path) -> None:
    assert watch(dataset, "--columns", "alarm", "--format", "csv").stdout.splitlines()[0] == "alarm"
    with pytest.raises(UsageError, match="--format sarif has none"):
        watch(dataset, "--columns", "alarm", "--format", "sarif")
