"""The whole way: index over loopback -> dataset -> answers."""

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from packaging.utils import NormalizedName
from typer.testing import CliRunner

import audit
from audit.cli.app import app
from audit.crawl import CrawlRequest, Tally, beside, crawl, pipeline
from audit.crawl.fetch import Manners
from audit.crawl.index import resolve_address
from audit.dataset.dataset import Dataset
from audit.errors import CrawlError
from audit.model import Api, Summary
from audit.replay.server import serving
from tests.pages import file, record, spam
from tests.recorded import EXPECTED, SAMPLE, projects

START = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
TABLES = ["files", "releases"]
Crawler = Callable[..., Summary]


@pytest.fixture(scope="module")
def sample_index() -> Iterator[str]:
    with serving(SAMPLE) as address:
        yield address


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    spam(folder, "spam-1.0.tar.gz")
    return folder


@pytest.fixture
def run(tmp_path: Path, pages: Path) -> Iterator[Crawler]:
    """Crawls the pages' index; each crawl is a day after the one before."""
    count = 0
    with serving(pages) as address:

        def crawl_again(*names: str, **changes: Any) -> Summary:
            nonlocal count
            count += 1
            projects = [NormalizedName(name) for name in names or ("spam",)]
            request = CrawlRequest(tmp_path / "data", resolve_address(address), projects, **changes)
            return crawl(request, START + timedelta(days=count - 1))

        yield crawl_again


def sample_crawl(address: str, dataset: Path, **changes: Any) -> Summary:
    return crawl(CrawlRequest(dataset, resolve_address(address), None, **changes), START)


def table(dataset: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(dataset / name).to_pylist()
    return rows


def events(dataset: Path) -> list[tuple[str, str, str]]:
    return [(row["crawl_id"], row["event"], row["filename"]) for row in table(dataset, "events")]


@pytest.mark.parametrize("api", Api)
def test_the_sample_gives_the_expected_late_files(sample_index: str, tmp_path: Path, api: Api) -> None:
    summary = sample_crawl(sample_index, tmp_path, api=api)
    assert (summary.asked, summary.outcomes, summary.file_count) == (96, {"found": 96}, 35_996)
    assert summary.is_complete
    with audit.open(tmp_path) as dataset:
        assert dataset.check() == []
    expected = (EXPECTED / "late_files.csv").read_bytes()
    columns = ["--format", "csv", "--columns", expected.partition(b"\n")[0].decode()]
    result = CliRunner().invoke(app, ["flags", "late-files", "--dataset", str(tmp_path), *columns])
    assert result.stdout_bytes == expected


def test_totals_of_the_sample(crawled_sample: Path) -> None:
    totals = json.loads((EXPECTED / "totals.json").read_text())
    with audit.open(crawled_sample) as dataset:
        kinds = {r["kind"]: r["n"] for r in dataset.sql("select kind, count(*) as n from files group by kind").rows()}
        held = dataset.sql("select project, version, count(*) as n from files group by project, version").rows()
    assert kinds == totals["kinds"]
    assert sum(kinds.values()) == totals["files"]
    assert len(held) == totals["releases"]
    assert sum(row["n"] > 1 for row in held) == totals["multi_file_releases"]


def test_both_apis_give_the_same_files_and_releases(crawled_sample: Path, sample_of_index_api: Path) -> None:
    for name in TABLES:
        one_file, other_file = (folder / f"{name}.parquet" for folder in (crawled_sample, sample_of_index_api))
        assert one_file.read_bytes() == other_file.read_bytes()
    with Dataset(crawled_sample) as one, Dataset(sample_of_index_api) as other:
        assert one.fingerprint() == other.fingerprint()


def test_the_history_keeps_how_the_projects_were_chosen(run: Crawler, tmp_path: Path) -> None:
    run("spam", "eggs")
    run(options="--projects top.json --top 2")
    chosen_by = {row["crawl_id"]: row["chosen_by"] for row in table(tmp_path / "data", "crawls")}
    assert list(chosen_by.values()) == ["--project spam --project eggs", "--projects top.json --top 2"]
    failed = CrawlRequest(tmp_path, resolve_address("http://127.0.0.1/simple/"), None, only_failed=True)
    assert (failed.chosen_by, replace(failed, only_failed=False).chosen_by) == ("--retry-failed", "--whole-index")


def test_a_crawl_that_is_resumed_with_another_choice_keeps_both(
    run: Crawler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("audit.crawl.conclusion.commit", killed)
        for choice in ("--whole-index", "--project spam", "--project spam"):
            with pytest.raises(KeyboardInterrupt):
                run(options=choice)
    run("spam")
    assert [row["chosen_by"] for row in table(tmp_path / "data", "crawls")] == ["--whole-index, then --project spam"]


def killed(*_: object) -> Path:
    raise KeyboardInterrupt


def test_neither_order_nor_workers_nor_batches_change_a_byte(
    sample_of_index_api: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shuffled = tmp_path / "shuffled"
    for path in (SAMPLE / "index").glob("*.gz"):
        page = json.loads(gzip.decompress(path.read_bytes()))
        page["files"] = page["files"][::-2] + page["files"][-2::-2]
        page["versions"] = page["versions"][::-1]
        (shuffled / "index").mkdir(parents=True, exist_ok=True)
        (shuffled / "index" / path.name).write_bytes(gzip.compress(json.dumps(page).encode()))
    monkeypatch.setattr(pipeline, "BATCH_PAGES", 7)
    with serving(shuffled) as address:
        sample_crawl(address, tmp_path / "data", api=Api.SIMPLE, manners=Manners(workers=9))
    for name in TABLES:
        one, other = (folder / f"{name}.parquet" for folder in (sample_of_index_api, tmp_path / "data"))
        assert one.read_bytes() == other.read_bytes()


def test_another_process_decodes_a_large_crawl(
    sample_index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "WORTH_A_PROCESS", 1)
    assert sample_crawl(sample_index, tmp_path).file_count == 35_996


def test_a_second_crawl_asks_for_nothing_that_has_not_moved(
    sample_index: str, crawled_sample: Path, tmp_path: Path
) -> None:
    shutil.copytree(crawled_sample, tmp_path, symlinks=True, dirs_exist_ok=True)
    before = table(tmp_path, "files.parquet")
    again = sample_crawl(sample_index, tmp_path, is_moved=True)
    assert (again.outcomes, again.request_count, again.events) == ({"unchanged": 96}, 1, {}), "of the root"
    assert (again.asked, again.settled_count) == (96, 96)
    assert table(tmp_path, "files.parquet") == before
    assert again.crawl_id == "20261123T101501Z", "two crawls of one second have two ids"


def test_without_serials_the_entity_tag_tells(run: Crawler, pages: Path, tmp_path: Path) -> None:
    assert run().outcomes == {"found": 1}
    again = run()
    assert (again.outcomes, again.request_count) == ({"unchanged": 1}, 1)
    assert again.settled_count == 0
    spam(pages, "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl", serial=2)
    assert run().outcomes == {"found": 1}
    assert run(is_full=True).outcomes == {"found": 1}


def test_the_first_sight_is_a_baseline_and_the_next_is_news(run: Crawler, pages: Path, tmp_path: Path) -> None:
    assert run().events == {}
    spam(pages, "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl", serial=2)
    assert run().events == {"appeared": 1}
    [event] = table(tmp_path / "data", "events")
    assert (event["filename"], event["is_known_release"]) == ("spam-1.0-py3-none-any.whl", True)
    rows = {row["filename"]: row["first_seen_at"] for row in table(tmp_path / "data", "files.parquet")}
    assert rows == {"spam-1.0.tar.gz": START, "spam-1.0-py3-none-any.whl": START + timedelta(days=1)}


def test_a_file_of_a_new_release_is_marked_as_such(run: Crawler, pages: Path, tmp_path: Path) -> None:
    run()
    record(pages, "spam", [file("spam-1.0.tar.gz"), file("spam-2.0.tar.gz")], ["1.0", "2.0"], 2)
    run()
    [event] = table(tmp_path / "data", "events")
    assert (event["event"], event["version"], event["is_known_release"]) == ("appeared", "2.0", False)


def test_yanks_and_changes_are_seen(run: Crawler, pages: Path, tmp_path: Path) -> None:
    run()
    spam(pages, "spam-1.0.tar.gz", serial=2, yanked="broken")
    assert run().events == {"yanked": 1}
    spam(
        pages,
        "spam-1.0.tar.gz",
        serial=3,
        size=11,
        hashes={"sha256": "e" * 64},
        uploaded_at="2021-01-01T00:00:00Z",
    )
    assert run().events == {"unyanked": 1, "changed": 1}, "files, though three columns changed"
    changed = {
        row["field"]: (row["before"], row["after"]) for row in table(tmp_path / "data", "events") if row["field"]
    }
    assert changed["size_bytes"] == ("10", "11")
    assert changed["uploaded_at"] == ("2020-01-01T00:00:00.000000Z", "2021-01-01T00:00:00.000000Z")
    assert changed["sha256"][1] == "e" * 64


@pytest.mark.parametrize(
    ("api", "changes", "outcome", "reason"),
    [
        (
            Api.SIMPLE,
            {"project-status": {"status": "quarantined", "reason": "x"}},
            "quarantined",
            "quarantined",
        ),
        (Api.SIMPLE, {}, "found", "unlisted"),
        (Api.JSON, None, "missing", "missing"),
    ],
)
def test_what_is_gone_vanishes_with_its_reason(
    run: Crawler,
    pages: Path,
    tmp_path: Path,
    api: Api,
    changes: dict[str, Any] | None,
    outcome: str,
    reason: str,
) -> None:
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    run("spam", "eggs", api=api)
    if changes is None:
        (pages / "index" / "spam.json.gz").unlink()
    else:
        record(pages, "spam", [], ["1.0"], 2, **changes)
    assert run("spam", "eggs", api=api).events == {"vanished": 1}
    [event] = table(tmp_path / "data", "events")
    assert (event["event"], event["reason"]) == ("vanished", reason)
    assert {row["project"]: row["status"] for row in table(tmp_path / "data", "projects.parquet")} == {
        "eggs": "found",
        "spam": outcome,
    }
    assert [row["filename"] for row in table(tmp_path / "data", "files.parquet")] == ["eggs-1.0.tar.gz"]


def test_a_failure_changes_nothing_and_is_asked_again(run: Crawler, pages: Path, tmp_path: Path) -> None:
    run()
    good = (pages / "index" / "spam.json.gz").read_bytes()
    record(pages, "spam", [file("spam-1.0.tar.gz")], ["1.0"], 2, name="ham")
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    failed = run("spam", "eggs", api=Api.SIMPLE)
    assert (failed.outcomes, failed.failures, failed.is_complete) == (
        {"found": 1, "failed": 1},
        {"other-project": 1},
        False,
    )
    assert failed.first_names == {"failed": ["spam"]}
    [_, row] = table(tmp_path / "data", "projects.parquet")
    assert (row["status"], row["last_outcome"], row["file_count"], row["serial"]) == ("found", "failed", 1, 1)
    assert "$.name" in row["failure_detail"]
    (pages / "index" / "spam.json.gz").write_bytes(good)
    assert run(only_failed=True, api=Api.SIMPLE).outcomes == {"found": 1}


def test_the_first_ten_of_those_that_are_missing_are_named(run: Crawler) -> None:
    names = [f"no-{number:02}" for number in range(12)]
    summary = run("spam", *reversed(names))
    assert (summary.outcomes, summary.first_names) == ({"found": 1, "missing": 12}, {"missing": names[:10]})


def test_numbers_are_places_after_each_crawl(run: Crawler, pages: Path, tmp_path: Path) -> None:
    def publish(project: str, serial: int, *versions: str) -> None:
        record(pages, project, [file(f"{project}-{version}.tar.gz") for version in versions], versions, serial)

    for project in ("ham", "spam", "zope"):
        publish(project, 1, "1.0", "2.0")
    run("ham", "spam", "zope")
    publish("spam", 2, "1.0", "0.9", "2.0")
    run("spam")
    publish("ham", 2, "2.0")
    run("ham", "zope")
    releases, files = (pq.read_table(tmp_path / f"data/{name}.parquet").to_pylist() for name in ("releases", "files"))
    assert [row["release_number"] for row in releases] == [*range(6)]
    assert [row["file_number"] for row in files] == [*range(6)]
    named = [(releases[row["release_number"]]["project"], releases[row["release_number"]]["version"]) for row in files]
    assert named == [(row["project"], row["version"]) for row in files]


def test_every_project_asked_for_has_one_row(run: Crawler, pages: Path, tmp_path: Path) -> None:
    summary = run("spam", "no-such-project", "spam")
    assert (summary.asked, summary.outcomes) == (2, {"found": 1, "missing": 1})
    rows = {row["project"]: row["outcome"] for row in table(tmp_path / "data", "crawls")}
    assert rows == {"spam": "found", "no-such-project": "missing"}


def test_a_project_that_leaves_the_root_vanishes(run: Crawler, pages: Path, tmp_path: Path) -> None:
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    with serving(pages) as address:
        sample_crawl(address, tmp_path / "whole")
    (pages / "index" / "spam.json.gz").unlink()
    with serving(pages) as address:
        request = CrawlRequest(tmp_path / "whole", resolve_address(address), None, is_moved=True)
        assert crawl(request, START + timedelta(days=1)).events == {"vanished": 1}


def test_a_file_without_an_upload_time_is_counted(run: Crawler, pages: Path) -> None:
    spam(pages, "spam-1.0.tar.gz", uploaded_at=None)
    assert run(api=Api.SIMPLE).untimed_file_count == 1


def test_the_watcher_sees_every_project_end(sample_index: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def watch(tally: Tally) -> None:
        seen.append((tally.asked, tally.ended))

    some = [NormalizedName(name) for name in projects()[:12]]
    crawl(CrawlRequest(tmp_path, resolve_address(sample_index), some), START, watch)
    assert seen[0] == (12, 0)
    assert seen[-1] == (12, 12)


def test_no_page_is_recorded_through_a_link(run: Crawler, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "json").symlink_to(tmp_path / "theirs")
    with pytest.raises(CrawlError, match="is a link, and no page is written through it"):
        run(record=tmp_path / "record")
    (tmp_path / "record" / "json").unlink()
    (tmp_path / "record" / "json").mkdir()
    (tmp_path / "record" / "json" / "spam.json.gz").symlink_to(tmp_path / "theirs" / "spam")
    (tmp_path / "record" / "json" / "spam.json.part").symlink_to(tmp_path / "theirs" / "part")
    run(record=tmp_path / "record")
    assert list((tmp_path / "theirs").iterdir()) == []
    assert not (tmp_path / "record" / "json" / "spam.json.gz").is_symlink()


def test_what_is_set_aside_is_that_of_the_last_usable_answer(run: Crawler, pages: Path, tmp_path: Path) -> None:
    def set_aside() -> list[tuple[object, ...]]:
        rows = table(tmp_path / "data", "set_aside.parquet")
        return [(row["project"], row["filename"], row["field"], row["is_whole_file"], row["crawl_id"]) for row in rows]

    def write(serial: int, *names: str, **changes: object) -> None:
        record(pages, "spam", [file(name) for name in names], ["1.0"], serial, **changes)

    write(2, "spam-1.0.tar.gz", "spam-1.0.deb", "spam-2.0.tar.gz")
    record(pages, "eggs", [file("eggs-1.0.tar.gz", size=1.5)], ["1.0"])
    first = run("spam", "eggs", api=Api.SIMPLE)
    assert (first.set_aside_file_count, first.set_aside_field_count, first.unlisted_release_count) == (1, 1, 1)
    eggs = ("eggs", "eggs-1.0.tar.gz", "size_bytes", False, first.crawl_id)
    spam = ("spam", "spam-1.0.deb", "filename", True, first.crawl_id)
    assert set_aside() == [eggs, spam]
    write(3, "spam-1.0.tar.gz", name="ham")  # another project's page is not a usable answer, nor is an unchanged one
    assert run("spam", "eggs", api=Api.SIMPLE).outcomes == {"failed": 1, "unchanged": 1}
    assert set_aside() == [eggs, spam]
    write(4, "spam-1.0.tar.gz", "spam-1.0.rpm.deb")
    second = run("spam", api=Api.SIMPLE)
    assert set_aside() == [eggs, ("spam", "spam-1.0.rpm.deb", "filename", True, second.crawl_id)]
    (pages / "index" / "spam.json.gz").unlink()
    assert run("spam", "eggs", api=Api.SIMPLE).outcomes == {"missing": 1, "unchanged": 1}
    assert set_aside() == [eggs]


def test_a_page_most_of_which_does_not_fit_keeps_the_old_rows(run: Crawler, pages: Path, tmp_path: Path) -> None:
    run("spam", api=Api.SIMPLE)
    before = table(tmp_path / "data", "files.parquet")
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    record(pages, "spam", [file("spam-1.0.deb"), file("eggs-1.0.zip"), file("spam-1.0.zip")], ["1.0"], 2)
    summary = run("spam", "eggs", api=Api.SIMPLE)
    assert (summary.failures, summary.events) == ({"mostly-set-aside": 1}, {})
    assert [row for row in table(tmp_path / "data", "files.parquet") if row["project"] == "spam"] == [
        row | {"release_number": 1, "file_number": 1} for row in before
    ]
    [_, row] = table(tmp_path / "data", "projects.parquet")
    assert "2 of 3 files do not fit, such as 'eggs-1.0.zip': other-name" in row["failure_detail"]
