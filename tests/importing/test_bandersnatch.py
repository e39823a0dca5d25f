"""A mirror's pages become the dataset that a crawl of them would be; what it kept becomes history."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.cli import COULD_NOT_RUN, DONE, INCOMPLETE, WRONG_USAGE
from audit.dataset.store import Store
from audit.errors import CrawlError, UsageError
from audit.importing.bandersnatch import MirrorRequest, import_bandersnatch
from audit.importing.recorded import import_recorded
from audit.model import Api, Summary
from tests.cli.programs import run_here
from tests.crawled import START
from tests.importing.mirrors import document_of, keep, page_of, put, synced, write
from tests.pages import file, record
from tests.recorded import index_page, json_document, projects

NOW = datetime(2026, 11, 27, tzinfo=UTC)
OTHER = {"source", "has_provenance", "yanked_reason"}  # what a mirror's pages do not have, or have as their own


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a mirror."""
    folder = tmp_path_factory.mktemp("mirror")
    synced(folder)
    for project in projects():
        write(folder, f"simple/{project}/index.v1_json", index_page(project))
        recorded = Path("data/sample/json", f"{project}.json.gz").exists()
        document = json_document(project) if recorded else document_of(index_page(project))
        write(folder, f"json/{project}", document)
    return folder


def run(folder: Path, dataset: Path, **changes: object) -> list[Summary]:
    return import_bandersnatch(MirrorRequest(folder, dataset, **changes), NOW)  # type: ignore[arg-type] # as they are named


def rows(dataset: Path, table: str, *columns: str) -> list[tuple[object, ...]]:
    return sorted((tuple(row[name] for name in columns) for row in pq.read_table(dataset / table).to_pylist()), key=str)


@pytest.mark.parametrize("api", [Api.JSON, pytest.param(Api.SIMPLE, marks=pytest.mark.slow)])
def test_the_sample_is_what_its_crawl_is(
    api: Api, whole: Path, tmp_path: Path, crawled_sample: Path, sample_of_index_api: Path
) -> None:
    [summary] = run(whole, tmp_path, api=api)
    assert (summary.crawl_id, summary.outcomes) == ("20261123T101500Z", {"found": 96})
    crawled = crawled_sample if api is Api.JSON else sample_of_index_api
    assert (tmp_path / "releases.parquet").read_bytes() == (crawled / "releases.parquet").read_bytes()
    one, other = (pq.read_table(each / "files.parquet").drop_columns(["source"]) for each in (tmp_path, crawled))
    assert one.equals(other)
    assert set(rows(tmp_path, "files.parquet", "source")) == {("bandersnatch",)}
    assert set(rows(tmp_path, "crawls", "source", "api", "index_url")) == {("bandersnatch", str(api), None)}


def test_the_same_mirror_is_the_same_bytes_and_is_imported_once(tmp_path: Path) -> None:
    folder = with_history(tmp_path / "mirror")
    for name in ("one", "two"):
        assert len(run(folder, tmp_path / name)) == 3
        assert run(folder, tmp_path / name) == []
    one, two = ((tmp_path / name / "current").resolve() for name in ("one", "two"))
    files = sorted(path.relative_to(one) for path in one.rglob("*.parquet"))
    assert [(one / path).read_bytes() for path in files] == [(two / path).read_bytes() for path in files]


def spam(*names: str, serial: int = 1) -> bytes:
    return page_of("spam", [file(name) for name in names], ["1.0"], serial)


def eggs(*names: str, serial: int = 1) -> bytes:
    return page_of("eggs", [file(name) for name in names], ["1.0"], serial)


SDIST, WHEEL, LATER = "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl", "spam-1.0-cp312-cp312-win32.whl"


def with_history(folder: Path) -> Path:
    """A mirror that kept three pages of spam and one of eggs."""
    keep(folder, "spam", "2026-11-20T030000.000001", spam(SDIST), 1)
    keep(folder, "eggs", "2026-11-20T030001", eggs("eggs-1.0.tar.gz"), 2)
    keep(folder, "spam", "2026-11-21T030000.5", spam(SDIST), 3)  # not bandersnatch's form of a time
    keep(folder, "spam", "2026-11-21T030000.500000", spam(SDIST, WHEEL), 3)
    keep(folder, "spam", "2026-11-22T030000.000000", spam(WHEEL, LATER), 4)
    return folder


def test_kept_pages_are_history_one_crawl_each_in_their_order(tmp_path: Path) -> None:
    folder, dataset = with_history(tmp_path / "mirror"), tmp_path / "dataset"
    synced(folder, "20261122T02:59:00")
    first, second, now = run(folder, dataset)
    assert (first.crawl_id, first.asked) == ("20261120T030001Z", 2)
    assert (second.crawl_id, second.asked, second.events) == ("20261121T030001Z", 1, {"appeared": 1})
    assert (now.crawl_id, now.asked, now.events) == ("20261122T030000Z", 2, {"appeared": 1, "vanished": 1})
    assert rows(dataset, "events", "crawl_id", "event", "filename", "source") == [
        ("20261121T030001Z", "appeared", WHEEL, "bandersnatch"),
        ("20261122T030000Z", "appeared", LATER, "bandersnatch"),
        ("20261122T030000Z", "vanished", SDIST, "bandersnatch"),
    ]
    assert rows(dataset, "files.parquet", "filename", "first_seen_at") == [
        ("eggs-1.0.tar.gz", datetime(2026, 11, 20, 3, 0, 1, tzinfo=UTC)),
        (LATER, datetime(2026, 11, 22, 3, 0, tzinfo=UTC)),
        (WHEEL, datetime(2026, 11, 21, 3, 0, 1, tzinfo=UTC)),
    ]
    assert run(folder, dataset) == []


def test_what_a_mirror_kept_since_is_the_history_since(tmp_path: Path) -> None:
    folder, dataset = with_history(tmp_path / "mirror"), tmp_path / "dataset"
    assert len(run(folder, dataset)) == 3
    keep(folder, "spam", "2026-11-22T040000", spam(WHEEL, LATER, SDIST), 5)
    keep(folder, "spam", "2026-11-22T050000", spam(WHEEL, LATER), 6)
    assert [(each.crawl_id, each.events) for each in run(folder, dataset)] == [
        ("20261122T040000Z", {"appeared": 1}),
        ("20261122T050000Z", {"vanished": 1}),
    ]


def test_a_moved_mirror_whose_links_break_is_read_by_what_it_kept(tmp_path: Path) -> None:
    with_history(tmp_path / "mirror").rename(tmp_path / "moved")
    [now] = run(tmp_path / "moved", tmp_path / "dataset", with_history=False, at=START)
    assert now.outcomes == {"found": 2}
    assert rows(tmp_path / "dataset", "files.parquet", "filename") == [("eggs-1.0.tar.gz",), (LATER,), (WHEEL,)]


def test_an_import_that_is_stopped_between_moments_goes_on(tmp_path: Path) -> None:
    folder, dataset = with_history(tmp_path / "mirror"), tmp_path / "dataset"
    tallies: list[object] = []

    def stop(tally: object) -> None:
        tallies.append(tally)
        if Store(dataset).current is not None:
            raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, BaseExceptionGroup)):
        import_bandersnatch(MirrorRequest(folder, dataset), NOW, stop)
    assert tallies
    assert rows(dataset, "crawls", "crawl_id") == [("20261120T030001Z",)] * 2
    assert [each.crawl_id for each in run(folder, dataset)] == ["20261121T030001Z", "20261122T030000Z"]
    whole = tmp_path / "whole"
    run(folder, whole)
    one, two = (pq.read_table(each / "files.parquet") for each in (dataset, whole))
    assert one.equals(two)


def test_what_a_mirror_has_no_more_vanishes_and_what_others_brought_stays(tmp_path: Path) -> None:
    folder, dataset = tmp_path / "mirror", tmp_path / "dataset"
    put(folder, "spam", spam(SDIST))
    put(folder, "eggs", eggs("eggs-1.0.tar.gz"))
    synced(folder, "20261120T10:15:00")
    run(folder, dataset)
    record(tmp_path / "pages", "ham", [file("ham-1.0.tar.gz")], ["1.0"])
    import_recorded(tmp_path / "pages", dataset, NOW, api=None, at=datetime(2026, 11, 21, tzinfo=UTC))
    shutil.rmtree(folder / "web" / "simple" / "eggs")
    shutil.rmtree(folder / "web" / "pypi" / "eggs")
    (folder / "web" / "json" / "eggs").unlink()
    synced(folder, "20261122T10:15:00")
    [later] = run(folder, dataset)
    assert (later.outcomes, later.events) == ({"found": 1, "missing": 1}, {"vanished": 1})
    assert rows(dataset, "files.parquet", "filename", "source") == [
        ("ham-1.0.tar.gz", "recorded"),
        (SDIST, "bandersnatch"),
    ]


def test_a_form_that_is_missing_is_derived_from_the_other(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    write(folder, "simple/spam/index.v1_json", spam(SDIST))
    write(folder, "json/eggs", document_of(eggs("eggs-1.0.tar.gz")))
    for api in Api:
        [summary] = run(folder, tmp_path / api, api=api, at=START)
        assert summary.outcomes == {"found": 2}


def test_which_form_is_read_if_nobody_says(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    put(folder, "spam", spam(SDIST))
    run(folder, tmp_path / "both", at=START)
    assert rows(tmp_path / "both", "crawls", "api") == [("json",)], "its documents list the releases"
    write(folder, "simple/eggs/index.v1_json", eggs("eggs-1.0.tar.gz"))
    run(folder, tmp_path / "partly", at=START)
    assert set(rows(tmp_path / "partly", "crawls", "api")) == {("simple",)}, "of which there is a page for each"


def test_html_alone_gives_no_times_in_one_line(tmp_path: Path) -> None:
    write(tmp_path / "mirror", "simple/spam/index.html", b"<!DOCTYPE html>")
    words = ("import", "bandersnatch", str(tmp_path / "mirror"), "--dataset", str(tmp_path / "dataset"))
    ended = run_here(*words, "--at", "2026-11-23T10:15Z")
    assert ended.returncode == COULD_NOT_RUN
    [line] = ended.stderr.splitlines()
    assert "the mirror has this page only as HTML (PEP 503), which has no upload times" in line
    assert not (tmp_path / "dataset" / "files.parquet").exists()


def test_a_mirror_with_an_index_by_first_letters(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    write(folder, "simple/s/spam/index.v1_json", spam(SDIST))
    write(folder, "simple/x/x/index.v1_json", page_of("x", [file("x-1.0.tar.gz")], ["1.0"]))
    [summary] = run(folder, tmp_path / "dataset", at=START)
    assert summary.outcomes == {"found": 2}
    plain = tmp_path / "plain"
    write(plain, "simple/x/index.v1_json", page_of("x", [file("x-1.0.tar.gz")], ["1.0"]))
    [summary] = run(plain, tmp_path / "other", at=START)
    assert summary.outcomes == {"found": 1}, "a project may have one letter"


def test_names_that_are_spelled_otherwise_are_one_project(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    write(folder, "json/Spam", document_of(spam(SDIST)))
    write(folder, "simple/SPAM/index.v1_json", spam(SDIST))
    write(folder, "simple/spam/index.v1_json", spam(SDIST, WHEEL))
    [summary] = run(folder, tmp_path / "dataset", at=START, api=Api.SIMPLE)
    assert (summary.asked, summary.file_count) == (1, 2), "the normalized name is the mirror's own"


def test_a_hostile_mirror_is_inert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.importing.tree.LARGEST_DOCUMENT_BYTES", 10_000)
    folder, outside = tmp_path / "mirror", tmp_path / "outside"
    outside.write_bytes(spam("spam-9.0.tar.gz"))
    put(folder, "spam", spam(SDIST))
    simple = folder / "web" / "simple"
    for name in ("leads-out", "in-a-circle", "a-pipe", "a-folder", "huge", "broken", "cut", "another"):
        (simple / name).mkdir()
    (simple / "leads-out" / "index.v1_json").symlink_to(outside)
    (simple / "in-a-circle" / "index.v1_json").symlink_to("index.v1_json")
    os.mkfifo(simple / "a-pipe" / "index.v1_json")
    (simple / "a-folder" / "index.v1_json").mkdir()
    (simple / "huge" / "index.v1_json").write_bytes(b" " * 10_001)
    (simple / "broken" / "index.v1_json").write_bytes(b"\xff\x00{")
    (simple / "cut" / "index.v1_json").write_bytes(spam(SDIST)[:-5])
    (simple / "another" / "index.v1_json").write_bytes(spam(SDIST))
    (simple / "out").symlink_to(tmp_path)
    (simple / "loop").symlink_to("loop")
    (simple / "-bad_\x1b[31mname-").mkdir()
    (simple / os.fsdecode(b"no-utf-8-\xff")).mkdir()
    (simple / "spam" / "versions").symlink_to(tmp_path)
    [summary] = run(folder, tmp_path / "dataset", api=Api.SIMPLE, at=START)
    assert summary.failures == {"too-large": 1, "not-json": 2, "other-project": 1}
    assert summary.outcomes == {"found": 1, "failed": 4, "missing": 5}
    assert summary.misnamed_count == 2
    assert rows(tmp_path / "dataset", "files.parquet", "filename") == [(SDIST,)]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("yesterday", "web/last-modified does not fit"),
        ("00010101T00:00:00", "from the year 1, which is impossible"),
        ("99991231T23:59:59", "from the year 9999, which is impossible"),
    ],
)
def test_a_time_that_cannot_be_is_refused(time: str, expected: str, tmp_path: Path) -> None:
    put(tmp_path / "mirror", "spam", spam(SDIST))
    synced(tmp_path / "mirror", time)
    with pytest.raises(UsageError, match=expected):
        run(tmp_path / "mirror", tmp_path / "dataset")
    assert not (tmp_path / "dataset").exists()


def test_a_mirror_of_the_future_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(tmp_path / "mirror", "spam", spam(SDIST))
    synced(tmp_path / "mirror", "20300101T00:00:00")
    [summary] = run(tmp_path / "mirror", tmp_path / "dataset")
    assert summary.crawl_id == "20300101T000000Z"
    assert "which is in the future" in caplog.text


def test_what_is_no_mirror_or_gives_no_time_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no bandersnatch mirror in"):
        run(tmp_path / "empty", tmp_path / "dataset")
    with pytest.raises(UsageError, match="cannot be read"):
        run(tmp_path / "none", tmp_path / "dataset")
    put(tmp_path / "mirror", "spam", spam(SDIST))
    with pytest.raises(UsageError, match=r"does not say when it was last updated .*say --at"):
        run(tmp_path / "mirror", tmp_path / "dataset")
    assert not (tmp_path / "dataset").exists()


def test_an_older_mirror_is_no_news(tmp_path: Path) -> None:
    put(tmp_path / "mirror", "spam", spam(SDIST))
    synced(tmp_path / "mirror", "20261122T00:00:00")
    run(tmp_path / "mirror", tmp_path / "dataset")
    synced(tmp_path / "mirror", "20261121T00:00:00")
    with pytest.raises(UsageError, match="is from 20261121T000000Z, before the last crawl"):
        run(tmp_path / "mirror", tmp_path / "dataset")


def test_where_nothing_is_left_of_a_mirror_nothing_is_committed(tmp_path: Path) -> None:
    folder, dataset = tmp_path / "mirror", tmp_path / "dataset"
    for number in range(12):
        put(folder, f"p{number}", page_of(f"p{number}", [file(f"p{number}-1.0.tar.gz")], ["1.0"]))
    synced(folder, "20261122T00:00:00")
    run(folder, dataset)
    shutil.rmtree(folder)
    put(folder, "spam", spam(SDIST))
    synced(folder, "20261123T00:00:00")
    with pytest.raises(
        CrawlError, match="lists nothing any more for 12 of the 12 known projects: is it the right folder"
    ):
        run(folder, dataset)
    [summary] = run(folder, dataset, may_vanish=True)
    assert summary.events == {"vanished": 12}


def test_as_it_is_typed(tmp_path: Path) -> None:
    folder = with_history(tmp_path / "mirror")
    words = ("import", "bandersnatch", str(folder), "--dataset", str(tmp_path / "dataset"))
    ended = run_here(*words)
    assert ended.returncode == DONE, ended.stderr
    assert [line.split(":")[0] for line in ended.stdout.splitlines() if line.startswith("crawl ")] == [
        "crawl 20261120T030001Z",
        "crawl 20261121T030001Z",
        "crawl 20261122T030000Z",
    ]
    again = run_here(*words)
    assert (again.returncode, again.stdout) == (DONE, "")
    assert "2 moments of kept pages left out: they are not after the dataset's last crawl" in again.stderr
    assert again.stderr.endswith("already: nothing is changed\n")
    assert run_here("import", "bandersnatch", str(tmp_path / "none")).returncode == WRONG_USAGE
    write(folder, "simple/ham/index.v1_json", b"{")
    partly = run_here(*words, "--no-history", "--at", "2026-11-24")
    assert partly.returncode == INCOMPLETE
    status = run_here("status", "--dataset", str(tmp_path / "dataset"))
    assert "20261124T000000Z (bandersnatch): 3 asked for, 2 reached" in status.stdout
