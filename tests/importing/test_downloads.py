"""Counts of downloads are imported month by month, completely or not at all, and no crawl changes them."""

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot

from audit.cli import COULD_NOT_RUN, DONE, WRONG_USAGE
from audit.dataset.dataset import Dataset
from audit.dataset.engine import Engine
from audit.dataset.store import Store
from audit.errors import CrawlError, DatasetError, UsageError
from audit.importing.downloads import COLUMNS, Downloads, downloads_text, import_downloads
from audit.importing.recorded import import_recorded
from tests.cli.programs import run_here
from tests.crawled import START
from tests.pages import file, record

NOW = datetime(2026, 11, 27, tzinfo=UTC)
SDIST, LATE = "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl"
Row = tuple[str | None, Any, str | None, int | None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of one project with a file that came late; no test may write to it."""
    folder = tmp_path_factory.mktemp("made")
    record(folder / "pages", "spam", [file(SDIST), file(LATE, "2020-03-01T00:00:00Z")], ["1.0"])
    import_recorded(folder / "pages", folder / "dataset", NOW, api=None, at=START)
    return folder / "dataset"


@pytest.fixture
def dataset(made: Path, tmp_path: Path) -> Path:
    """A copy of it to write to."""
    return shutil.copytree(made, tmp_path / "dataset", symlinks=True)


def parquet(path: Path, rows: Sequence[Row], month: pa.DataType | None = None, **columns: Sequence[Any]) -> Path:
    """A file as a query gives it, with more columns than are read."""
    names = ("filename", "month", "installer", "count")
    types = (pa.string(), month or pa.string(), pa.string(), pa.int64())
    held = {name: pa.array([row[n] for row in rows], types[n]) for n, name in enumerate(names)}
    pq.write_table(pa.table(held | {name: pa.array(values) for name, values in columns.items()}), path)
    return path


def stored(dataset: Path) -> list[Row]:
    rows = pq.read_table(dataset / "downloads.parquet").to_pylist()
    return [(row["filename"], row["month"], row["installer"], row["download_count"]) for row in rows]


JULY: list[Row] = [(SDIST, "2026-07", "pip", 30), (LATE, "2026-07", "pip", 10), (LATE, "2026-07", None, 1)]


def test_months_come_and_replace_those_of_the_same_name(dataset: Path, tmp_path: Path) -> None:
    assert stored(dataset) == []
    gone: Row = ("gone-1.0.tar.gz", "2026-08", "uv", 60)
    files = [parquet(tmp_path / "a.parquet", JULY, extra=[1, 2, 3]), parquet(tmp_path / "b.parquet", [gone])]
    assert import_downloads(files, dataset) == Downloads(
        months=["2026-07", "2026-08"],
        kept_months=[],
        row_count=4,
        download_count=101,
        filename_count=3,
        unlisted_download_count=60,
        unlisted_filename_count=1,
    )
    assert stored(dataset) == [JULY[2], JULY[1], JULY[0], gone], (
        "by month, then name; an installer not given comes first"
    )
    again = import_downloads([parquet(tmp_path / "c.parquet", [(SDIST, "2026-07", "uv", 7)])], dataset)
    assert (again.months, again.kept_months, again.download_count) == (["2026-07"], ["2026-08"], 7)
    assert stored(dataset) == [(SDIST, "2026-07", "uv", 7), gone]


def test_the_same_rows_are_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    import_downloads([parquet(tmp_path / "a.parquet", JULY)], dataset)
    first = (dataset / "downloads.parquet").read_bytes()
    import_downloads([parquet(tmp_path / "a.parquet", JULY[::-1])], dataset)
    assert (dataset / "downloads.parquet").read_bytes() == first


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (pa.date32(), date(2026, 7, 1)),
        (pa.timestamp("us", "UTC"), datetime(2026, 7, 1, tzinfo=UTC)),
        (pa.timestamp("ms"), datetime(2026, 7, 1)),
        (pa.large_string(), "2026-07"),
        (pa.dictionary(pa.int32(), pa.string()), "2026-07"),
    ],
    ids=str,
)
def test_a_month_is_text_or_its_first_day(type_: pa.DataType, value: Any, dataset: Path, tmp_path: Path) -> None:
    import_downloads([parquet(tmp_path / "a.parquet", [(SDIST, value, "pip", 1)], type_)], dataset)
    assert stored(dataset) == [(SDIST, "2026-07", "pip", 1)]


@pytest.mark.parametrize(
    ("row", "month"),
    [
        ((None, "2026-07", "pip", 1), None),
        (("", "2026-07", "pip", 1), None),
        (("x" * 1001, "2026-07", "pip", 1), None),
        ((SDIST, None, "pip", 1), None),
        ((SDIST, "2026-13", "pip", 1), None),
        ((SDIST, "July", "pip", 1), None),
        ((SDIST, date(2026, 7, 2), "pip", 1), pa.date32()),
        ((SDIST, datetime(2026, 7, 1, 1, tzinfo=UTC), "pip", 1), pa.timestamp("us", "UTC")),
        ((SDIST, "2026-07", "pip", None), None),
        ((SDIST, "2026-07", "pip", -1), None),
        ((SDIST, "2026-07", "pip", 10**15 + 1), None),
    ],
    ids=str,
)
def test_a_row_that_does_not_fit_is_shown_and_nothing_changes(
    row: Row, month: pa.DataType | None, dataset: Path, tmp_path: Path
) -> None:
    import_downloads([parquet(tmp_path / "a.parquet", JULY)], dataset)
    before = stored(dataset)
    with pytest.raises(UsageError, match="a row does not fit"):
        import_downloads([parquet(tmp_path / "b.parquet", [row], month)], dataset)
    assert stored(dataset) == before


def test_files_that_overlap_would_count_twice(dataset: Path, tmp_path: Path) -> None:
    first = parquet(tmp_path / "a.parquet", JULY)
    for again in (JULY[:1], JULY[2:]):
        with pytest.raises(
            UsageError, match=r"two rows are for the same month, file and installer \(2026-07, spam-1.0"
        ):
            import_downloads([first, parquet(tmp_path / "b.parquet", again)], dataset)
    assert stored(dataset) == []
    assert not list((dataset / "current").resolve().glob(".*")), "nothing is left behind"


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("installer", None, r"has no column 'installer': expected filename, month, installer, count"),
        ("count", [1.5], "column 'count' is double, expected whole numbers"),
        ("filename", [1], "column 'filename' is int64, expected text"),
        ("month", [202607], "column 'month' is int64, expected text such as 2026-07"),
    ],
)
def test_columns_that_do_not_fit_are_named(
    column: str, values: list[object] | None, expected: str, dataset: Path, tmp_path: Path
) -> None:
    columns = {"filename": [SDIST], "month": ["2026-07"], "installer": ["pip"], "count": [1]} | {column: values}
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({name: held for name, held in columns.items() if held is not None}), path)
    with pytest.raises(UsageError, match=expected):
        import_downloads([path], dataset)


def test_what_is_no_parquet_or_no_dataset_is_refused(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("filename,month")
    with pytest.raises(UsageError, match="cannot be read as Parquet"):
        import_downloads([tmp_path / "text"], dataset)
    with pytest.raises(UsageError, match="No such file"):
        import_downloads([tmp_path / "none"], dataset)
    with pytest.raises(DatasetError, match="no dataset at"):
        import_downloads([parquet(tmp_path / "a.parquet", JULY)], tmp_path / "other")
    with Store(dataset).locked(), pytest.raises(CrawlError, match="is being written by"):
        import_downloads([tmp_path / "a.parquet"], dataset)


def test_a_crawl_leaves_them_as_they_are(dataset: Path, tmp_path: Path) -> None:
    import_downloads([parquet(tmp_path / "a.parquet", JULY)], dataset)
    before = (dataset / "downloads.parquet").read_bytes()
    record(tmp_path / "pages", "spam", [file(SDIST)], ["1.0"], serial=2)
    assert import_recorded(tmp_path / "pages", dataset, NOW, api=None, at=START + timedelta(days=1)) is not None
    assert (dataset / "downloads.parquet").read_bytes() == before
    with Dataset(dataset) as opened:
        rows = opened.query("late-downloads").rows()
    assert [(row["installer"], row["unlisted_download_count"], row["late_download_count"]) for row in rows] == [
        ("pip", 10, 0),
        (None, 1, 0),
    ]


def test_an_import_that_is_stopped_leaves_the_table_as_it_was(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_downloads([parquet(tmp_path / "a.parquet", JULY)], dataset)
    before = stored(dataset)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("audit.importing.downloads.write_table", full)
        with pytest.raises(DatasetError, match=r"cannot be written.*No space left on device"):
            import_downloads([parquet(tmp_path / "b.parquet", JULY[:1])], dataset)
    assert stored(dataset) == before
    assert not list(dataset.glob(".release-audit-*"))


def test_a_slice_has_the_downloads_of_its_projects(dataset: Path, tmp_path: Path) -> None:
    other: Row = ("eggs-1.0.tar.gz", "2026-07", "pip", 5)
    import_downloads([parquet(tmp_path / "a.parquet", [*JULY, other])], dataset)
    with Dataset(dataset, projects=["spam"]) as opened:
        assert opened.sql("select sum(download_count)::int as count from downloads").rows() == [{"count": 41}]
    with Dataset(dataset, projects=["eggs"]) as opened:
        assert opened.sql("from downloads").rows() == []


def test_words_name_what_is_not_listed() -> None:
    some = Downloads(["2026-07", "2026-08"], ["2026-06"], 4, 200, 3, 50, 1)
    assert downloads_text(some, Path("d\x1b")) == (
        "downloads of 2 months (2026-07 to 2026-08) are in d\\x1b: 200 downloads of 3 files; 1 other month as before\n"
        "  not listed by the dataset: 1 file with 50 downloads (25.0%), of which no lag is known\n"
    )
    none = Downloads([], [], 0, 0, 0, 0, 0)
    assert downloads_text(none, Path("d")).startswith(
        "downloads of 0 months (no month) are in d: 0 downloads of 0 files\n"
    )


def test_as_it_is_typed(dataset: Path, tmp_path: Path) -> None:
    stats = ("stats", "late-downloads", "--dataset", str(dataset), "--format", "csv")
    without = run_here(*stats)
    assert without.returncode == DONE
    assert without.stderr == (
        "release-audit: the dataset holds no downloads: `release-audit import downloads FILES.parquet` brings them, "
        "see docs/downloads.md\n"
    )
    path = parquet(tmp_path / "a.parquet", JULY)
    ended = run_here("import", "downloads", str(path), "--dataset", str(dataset))
    assert (ended.returncode, ended.stderr) == (DONE, "")
    assert ended.stdout.startswith(f"downloads of 1 month (2026-07) are in {dataset}: 41 downloads of 2 files\n")
    answer = run_here(*stats)
    assert answer.stderr == ""
    assert answer.stdout.splitlines()[1:] == [
        "2026-07,pip,files-and-metadata,40,0,0,40,10,0.25,0,0.0",
        "2026-07,,files-and-metadata,1,0,0,1,1,1.0,0,0.0",
    ]
    assert run_here("import", "downloads", str(tmp_path / "none"), "--dataset", str(dataset)).returncode == WRONG_USAGE
    assert run_here("import", "downloads", str(path), "--dataset", str(tmp_path / "x")).returncode == COULD_NOT_RUN


@pytest.mark.slow
def test_a_report_leaves_out_what_nobody_imported(dataset: Path, tmp_path: Path) -> None:
    def report() -> str:
        ended = run_here("report", "--dataset", str(dataset), "--format", "markdown", "--out", str(tmp_path / "r.md"))
        assert ended.returncode == DONE, ended.stderr
        return (tmp_path / "r.md").read_text("utf-8")

    before = report()
    import_downloads([parquet(tmp_path / "a.parquet", JULY)], dataset)
    assert "download" not in before.lower()
    head, _, _ = report().partition("\n## ")
    assert "download" not in head.lower()


def test_the_query_of_the_documentation_gives_what_is_read(dataset: Path, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "downloads.md").read_text("utf-8")
    [text] = re.findall(r"```text\nexport data options \(.*?\) as\n(.*?)```", page, re.DOTALL)
    tree = sqlglot.parse_one(text, read="bigquery")
    assert isinstance(tree, sqlglot.exp.Select)
    assert {column.alias for column in tree.selects} == set(COLUMNS)
    [table] = tree.find_all(sqlglot.exp.Table)
    table.replace(sqlglot.exp.table_("file_downloads"))
    fetched = [
        {"timestamp": datetime(2026, 7, 31, 23, 59, 59, tzinfo=UTC), "filename": SDIST, "installer": "pip"},
        {"timestamp": datetime(2026, 7, 1, tzinfo=UTC), "filename": SDIST, "installer": "pip"},
        {"timestamp": datetime(2026, 7, 1, tzinfo=UTC), "filename": LATE, "installer": None},
        {"timestamp": datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC), "filename": LATE, "installer": "pip"},
        {"timestamp": datetime(2026, 8, 1, tzinfo=UTC), "filename": LATE, "installer": "pip"},
    ]
    rows = pa.Table.from_pylist(
        [
            {
                "timestamp": row["timestamp"],
                "file": {"filename": row["filename"]},
                "details": {"installer": {"name": row["installer"]}},
            }
            for row in fetched
        ]
    )
    with Engine([]) as engine:
        engine.register("file_downloads", rows)
        answer = engine.select(tree.sql(dialect="duckdb"))
    pq.write_table(answer, tmp_path / "downloads.parquet")
    import_downloads([tmp_path / "downloads.parquet"], dataset)
    assert stored(dataset) == [(LATE, "2026-07", None, 1), (SDIST, "2026-07", "pip", 2)]
