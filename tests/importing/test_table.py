"""A table of uploads becomes the dataset that a crawl of the same files would have made."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.answers import csv
from audit.dataset.dataset import Dataset
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.errors import CrawlError, UsageError
from audit.importing.table.run import TableImport, import_table
from audit.model import Source, Summary
from tests import bigquery
from tests.bigquery import Row, row
from tests.crawled import crawled
from tests.pages import file, record
from tests.recorded import EXPECTED

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
# Columns that only one of the two has, and those of time and source.
NOT_COMPARED = {"is_yanked", "yanked_reason", "has_provenance", "uploaded_via", "source", "release_number"}


def imported(
    folder: Path, *exports: Path, source: Source = Source.BIGQUERY, now: datetime = NOW, **how: Any
) -> Summary:
    return import_table(TableImport(source, list(exports), folder, **how), now)


def made(folder: Path, rows: Sequence[Row], **how: Any) -> Summary:
    """The import of these rows into ``folder/dataset``."""
    return imported(folder / "dataset", bigquery.write(folder / "export.parquet", rows), **how)


def table(dataset: Path, name: str, *columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(dataset / f"{name}.parquet", columns=list(columns) or None).to_pylist()
    return rows


def events(dataset: Path) -> list[dict[str, Any]]:
    with Dataset(dataset) as opened:
        return opened.query("changes").rows()


def comparable(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in each.items() if name not in NOT_COMPARED} for each in rows]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of the sample's export: nobody writes to it."""
    folder = tmp_path_factory.mktemp("table")
    rows = bigquery.sample_rows()
    half = len(rows) // 2
    exports = [
        bigquery.write(folder / f"{number}.parquet", some) for number, some in enumerate((rows[half:], rows[:half]))
    ]
    imported(folder / "dataset", *exports)
    return folder / "dataset"


def test_the_sample_is_imported_as_it_is_crawled(sample: Path, crawled_sample: Path) -> None:
    assert comparable(table(sample, "files")) == comparable(table(crawled_sample, "files"))
    filled = {(each["project"], each["version"]) for each in table(crawled_sample, "files", "project", "version")}
    releases = [each for each in table(crawled_sample, "releases") if (each["project"], each["version"]) in filled]
    assert comparable(table(sample, "releases")) == comparable(releases)
    assert [each["project"] for each in table(sample, "projects")] == [
        each["project"] for each in table(crawled_sample, "projects")
    ]
    assert table(sample, "set_aside") == [
        {**each, "crawl_id": "20261123T101500Z"} for each in table(crawled_sample, "set_aside")
    ]
    [first] = {(each["source"], each["time_precision_us"]) for each in table(sample, "files")}
    assert first == ("bigquery", 1)
    assert {each["is_yanked"] for each in table(sample, "files")} == {None}


@pytest.mark.parametrize("name", ["policies", "lag_buckets", "late_by_year", "late_wheels_by_python", "late_files"])
def test_statistics_are_the_references(sample: Path, name: str) -> None:
    expected = (EXPECTED / f"{name}.csv").read_text()
    with Dataset(sample) as opened:
        answer = opened.query(name).arrow()
    assert csv.render(answer.select(expected.partition("\n")[0].split(","))) == expected


def test_a_crawl_with_its_deleted_files_and_the_gap(tmp_path: Path, crawled_sample: Path) -> None:
    shutil.copytree(crawled_sample, tmp_path / "dataset", symlinks=True)
    rows = bigquery.sample_rows()
    [first] = [each for each in rows if each["filename"] == "PyYAML-6.0.1.tar.gz"]
    before, in_gap = first["upload_time"] - timedelta(days=30), bigquery.GAP[0] + timedelta(days=9)
    deleted = [
        dict(first) | {"filename": f"PyYAML-6.0.1.{ending}", "upload_time": at, "sha256_digest": str(number) * 64}
        for number, (ending, at) in enumerate([("zip", before), ("tar.bz2", in_gap)])
    ]
    existing = {each["filename"] for each in rows}
    export = bigquery.write(tmp_path / "export.parquet", bigquery.with_gap([*rows, *deleted], existing))
    summary = imported(tmp_path / "dataset", export, now=NOW + timedelta(days=1), is_beside=True)
    assert dict(summary.events) == {"vanished": 1}, "what came and went in the gap is not reported"
    with Dataset(tmp_path / "dataset") as opened:
        by_number = {each["number"]: each for each in opened.query("visibility-bias").rows()}
        hidden = {each["filename"] for each in opened.query("late-by-deleted").rows()}
        listed = {each["filename"] for each in opened.query("timeline", project="pyyaml", version="6.0.1").rows()}
        late = {each["filename"] for each in opened.query("late-files", project="pyyaml").rows()}
    assert hidden == listed - late, "all of the release came more than 14 days after the deleted file"
    assert len(hidden) > 30
    assert by_number["late files"]["with_deleted_count"] - by_number["late files"]["visible_count"] == len(hidden)
    assert by_number["releases whose first file is deleted"]["with_deleted_count"] == 1


def test_clickhouse_gives_the_same_but_for_its_precision(tmp_path: Path, sample: Path) -> None:
    export = bigquery.write_clickhouse(tmp_path / "export.parquet", bigquery.sample_rows())
    imported(tmp_path / "dataset", export, source=Source.CLICKHOUSE)
    exact = {each["filename"]: each for each in table(sample, "files")}
    for each in table(tmp_path / "dataset", "files"):
        same = exact[each["filename"]]
        cut = same["uploaded_at"].replace(microsecond=same["uploaded_at"].microsecond // 1_000 * 1_000)
        changed = {"uploaded_at": cut, "source": "clickhouse", "time_precision_us": 1_000}
        numbers = {name: each[name] for name in ("file_number", "release_number")}
        assert each == {**same, **changed, **numbers}


def test_rows_that_repeat_count_once_whatever_their_order(tmp_path: Path) -> None:
    rows = [row("spam-1.0.tar.gz", requires_python=specifier) for specifier in (">=3", None, ">=2")]
    many = [*rows, *rows, row("spam-1.0.zip")]
    made(tmp_path / "a", many)
    made(tmp_path / "b", [*reversed(many)])
    a, b = (table(tmp_path / name / "dataset", "files") for name in "ab")
    assert a == b
    assert [(each["filename"], each["requires_python"]) for each in a] == [
        ("spam-1.0.tar.gz", ">=2"),
        ("spam-1.0.zip", None),
    ]
    assert not events(tmp_path / "a" / "dataset")


def test_a_name_with_two_digests_lists_the_last_and_reports_the_change(tmp_path: Path) -> None:
    old, new = (datetime(2013, 5, day, tzinfo=UTC) for day in (1, 9))
    first = row("spam-1.0.tar.gz", old, sha256_digest="a" * 64, size=7)
    last = row("spam-1.0.tar.gz", new, sha256_digest="B" * 64, size=9)
    made(tmp_path / "a", [first, last])
    made(tmp_path / "b", [last, first])
    [listed] = table(tmp_path / "a" / "dataset", "files")
    assert (listed["sha256"], listed["size_bytes"], listed["uploaded_at"]) == ("b" * 64, 9, new)
    changes = events(tmp_path / "a" / "dataset")
    assert changes == events(tmp_path / "b" / "dataset")
    assert [(each["event"], each["field"], each["before"], each["after"]) for each in changes] == [
        ("changed", "sha256", "a" * 64, "b" * 64),
        ("changed", "size_bytes", "7", "9"),
        ("changed", "uploaded_at", "2013-05-01T00:00:00.000000Z", "2013-05-09T00:00:00.000000Z"),
    ]
    assert {(each["seen_at"], each["source"], each["uploaded_at"]) for each in changes} == {(None, "bigquery", old)}


def test_a_name_that_no_project_can_have_is_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    odd = [row("x-1.tar.gz", name="\x1b[2J"), row("y-1.tar.gz", name=""), row("z-1.tar.gz", name="a" * 1_001)]
    summary = made(tmp_path, [*odd, odd[0], row("spam-1.0.tar.gz")])
    assert (summary.misnamed_count, summary.file_count, summary.project_count) == (3, 1, 1)
    assert "4 rows have a name that no project can have" in caplog.text


def test_strangers_text_stays_data(tmp_path: Path) -> None:
    hostile = "'; drop table files; --\u202e\x1b[2J"
    rows = [
        row("spam-1.0.tar.gz", requires_python=hostile, uploaded_via=hostile, packagetype=hostile),
        row("spam-2.tar.gz", version=hostile),
        row(f"spam-{hostile}.zip"),
        row("../../spam-1.0.zip"),
        row("spam-1.0.zip", sha256_digest=hostile),
    ]
    made(tmp_path, rows)
    listed = {each["filename"]: each for each in table(tmp_path / "dataset", "files")}
    assert listed["spam-1.0.tar.gz"]["uploaded_via"] == hostile
    assert listed["spam-2.tar.gz"]["version"] == hostile
    assert listed["spam-1.0.zip"]["sha256"] is None
    aside = {(each["filename"], each["reason"]) for each in table(tmp_path / "dataset", "set_aside")}
    assert {("../../spam-1.0.zip", "bad-filename"), ("spam-1.0.zip", "wrong-shape")} <= aside


@pytest.mark.parametrize("name", ["name", "filename", "upload_time", "uploaded_via", "sha256_digest"])
def test_a_missing_column_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    names = [each for each in bigquery.EXPORTED if each != name]
    export = bigquery.write(tmp_path / "export.parquet", [row("spam-1.0.tar.gz")], names=names)
    with pytest.raises(UsageError, match=rf"export\.parquet has no column '{name}'"):
        imported(tmp_path / "dataset", export)
    assert not (tmp_path / "dataset").exists()


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no Parquet")
    pq.write_table(pa.table({each: pa.array(["x"]) for each in bigquery.EXPORTED}), tmp_path / "texts.parquet")
    for name, why in (
        ("text", "is not a Parquet file"),
        ("none", "there is no file"),
        ("texts.parquet", "'upload_time'"),
    ):
        with pytest.raises(UsageError, match=why):
            imported(tmp_path / "dataset", tmp_path / name)


def test_all_columns_of_the_table_are_as_good(tmp_path: Path) -> None:
    whole = bigquery.write(tmp_path / "whole.parquet", [row("spam-1.0.tar.gz")], names=bigquery.schema().names)
    assert imported(tmp_path / "dataset", whole).file_count == 1


def test_interrupted_it_leaves_the_dataset_and_is_done_anew(tmp_path: Path) -> None:
    made(tmp_path, [row("spam-1.0.tar.gz")])
    before = table(tmp_path / "dataset", "files")
    export = bigquery.write(tmp_path / "more.parquet", [row("spam-1.0.tar.gz"), row("eggs-1.0.zip", name="eggs")])

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_table(TableImport(Source.BIGQUERY, [export], tmp_path / "dataset"), NOW + timedelta(days=1), stop)
    assert table(tmp_path / "dataset", "files") == before
    with pytest.raises(CrawlError, match="holds the unfinished bigquery 20261124T101500Z"):
        imported(tmp_path / "dataset", export, source=Source.CLICKHOUSE)
    assert imported(tmp_path / "dataset", export, now=NOW + timedelta(days=2)).file_count == 2
    assert not (tmp_path / "dataset" / "staging").exists()


def test_the_staging_of_a_crawl_is_not_dropped(tmp_path: Path) -> None:
    store = Store(tmp_path / "dataset")
    with store.locked():
        Staging(store.staging).begin(Plan("20261122T000000Z", "json", "http://127.0.0.1/simple/"))
    with pytest.raises(CrawlError, match="holds the unfinished crawl 20261122T000000Z"):
        made(tmp_path, [row("spam-1.0.tar.gz")], is_fresh=False)
    assert made(tmp_path, [row("spam-1.0.tar.gz")], is_fresh=True).file_count == 1


def test_against_a_crawl_only_what_is_gone_is_reported(tmp_path: Path) -> None:
    pages, dataset = tmp_path / "pages", tmp_path / "dataset"
    record(pages, "spam", [file("spam-1.0.tar.gz"), file("spam-1.0.odd")], ["1.0"])
    record(pages, "eggs", [file("eggs-1.0.tar.gz")], ["1.0"])
    crawled(dataset, pages).close()
    before = {name: (dataset / f"{name}.parquet").read_bytes() for name in ("files", "releases", "set_aside")}
    gone, late = datetime(2012, 1, 1, tzinfo=UTC), NOW - timedelta(hours=1)
    rows = [
        row("spam-1.0.tar.gz"),
        row("spam-1.0.odd"),  # set aside by the crawl: it is there
        row("spam-1.0.zip", gone),
        row("spam-0.9.zip", gone, version="0.9"),
        row("spam-2.0.zip", late, version="2.0"),  # the crawl may have been too early for it
        row("ham-1.0.zip", gone, name="ham"),  # the index was not asked for it
    ]
    export = bigquery.write(tmp_path / "export.parquet", rows)
    day = NOW + timedelta(days=1)
    summary = imported(dataset, export, now=day, is_beside=True)
    assert (dict(summary.events), summary.asked) == ({"vanished": 2}, 1)
    assert {name: (dataset / f"{name}.parquet").read_bytes() for name in before} == before
    assert [
        (each["filename"], each["version"], each["event"], each["seen_at"], each["reason"], each["uploaded_at"])
        for each in events(dataset)
    ] == [
        ("spam-0.9.zip", "0.9", "vanished", None, "unlisted", gone),
        ("spam-1.0.zip", "1.0", "vanished", None, "unlisted", gone),
    ]
    with Dataset(dataset) as opened:
        assert not opened.check()
        assert opened.query("coverage").rows()[0]["sources"] == "bigquery, crawl"
    # What is reported once is not reported again.
    assert dict(imported(dataset, export, now=day + timedelta(days=1), is_beside=True).events) == {}


def test_what_a_crawl_lists_is_not_replaced_unless_that_is_said(tmp_path: Path) -> None:
    pages, dataset = tmp_path / "pages", tmp_path / "dataset"
    record(pages, "spam", [file("spam-1.0.tar.gz")], ["1.0"])
    crawled(dataset, pages).close()
    gone = datetime(2012, 1, 1, tzinfo=UTC)
    export = bigquery.write(tmp_path / "export.parquet", [row("spam-1.0.tar.gz"), row("spam-1.0.zip", gone)])
    before, days = table(dataset, "files"), [NOW + timedelta(days=number) for number in range(1, 5)]
    with pytest.raises(UsageError, match=r"lists what crawl gave.*--against-crawl keeps the listing.*--list-deleted"):
        imported(dataset, export, now=days[0])
    assert table(dataset, "files") == before
    assert not (dataset / "staging").exists()
    assert dict(imported(dataset, export, now=days[1], is_beside=True).events) == {"vanished": 1}
    with pytest.raises(UsageError, match="lists what crawl gave"):  # also after an import beside it
        imported(dataset, export, now=days[2])
    assert imported(dataset, export, now=days[2], lists_deleted=True).file_count == 2
    assert imported(dataset, export, now=days[3]).file_count == 2, "what a table listed, a table replaces"


def test_against_nothing_there_is_nothing_to_tell(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no crawl"):
        made(tmp_path, [row("spam-1.0.tar.gz")], is_beside=True)


def test_every_assertion_holds_of_an_import(sample: Path) -> None:
    with Dataset(sample) as opened:
        assert not opened.check()
