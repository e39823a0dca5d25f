"""Exports opened by real clients of others: DuckDB 1.2 and 1.4 answer every query as this program does."""

from pathlib import Path

import duckdb
import httpx
import pytest

from audit.dataset.dataset import Dataset
from audit.dataset.export import browser
from audit.dataset.export.client import Client
from audit.dataset.export.formats import export
from audit.dataset.snapshot import find_snapshot
from audit.queries.catalog import Group, load
from tests.dataset.export.clients import ENVIRONMENTS, answers, program
from tests.servers.running import free_port, served

pytestmark = pytest.mark.slow

# It asks of the environment of this machine, which no exported file holds.
OF_THIS_MACHINE = "pick_history"
Rows = dict[str, list[list[str]]]


def asked() -> list[str]:
    names = [query.name for query in load().group(Group.FLAGS, Group.STATISTICS)]
    return [name for name in names if name != OF_THIS_MACHINE]


@pytest.fixture(scope="module")
def native(crawled_sample: Path) -> Rows:
    with Dataset(crawled_sample) as opened:
        return {name: [[str(value) for value in row.values()] for row in opened.query(name).rows()] for name in asked()}


def plain(native: Rows) -> Rows:
    """As a file without zones shows times."""
    return {name: [[cell.removesuffix("+00:00") for cell in row] for row in rows] for name, rows in native.items()}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_old_releases_of_duckdb_answer_as_this_program_does(
    environment: str, crawled_sample: Path, native: Rows, tmp_path: Path
) -> None:
    export(crawled_sample, Client.DUCKDB, tmp_path / "all.duckdb")
    export(crawled_sample, Client.BROWSER, tmp_path / "browser.duckdb")
    assert answers(environment, tmp_path / "all.duckdb", asked()) == native
    assert answers(environment, tmp_path / "browser.duckdb", asked()) == plain(native)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_part_of_a_dataset_answers_as_the_whole(
    environment: str, crawled_sample: Path, native: Rows, tmp_path: Path
) -> None:
    part = tmp_path / "part.duckdb"
    browser.write(find_snapshot(crawled_sample), part, most_bytes=2_500_000)
    with duckdb.connect(str(part), read_only=True) as opened:
        releases = set(opened.execute("select project, version from releases").fetchall())
        gone = opened.execute("select why from left_out where what = 'flags and statistics'").fetchall()
    assert 0 < len(releases) < 1000
    left = [name for name in asked() if name.replace("_", "-") in str(gone)]
    assert left == ["stray_uploads", "incomplete_window"]
    names = [name for name in asked() if name not in left]
    expected = plain(native)
    with Dataset(crawled_sample) as whole:
        for query in load().group(Group.FLAGS):
            columns = whole.query(query.name).columns
            if query.name in names:
                project, version = columns.index("project"), columns.index("version")
                kept = [row for row in expected[query.name] if (row[project], row[version]) in releases]
                expected[query.name] = kept
    assert answers(environment, part, names) == {name: expected[name] for name in names}


def test_datasette_opens_the_sqlite_file(crawled_sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "numbers.sqlite"
    export(crawled_sample, Client.SQLITE, file)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        program("clients", "datasette"),
        "serve",
        str(file),
        "--port",
        str(port),
        "--setting",
        "num_sql_threads",
        "1",
    ]
    sql = "select count(*) as late from files where lag_us > 14 * 86400000000"
    with served(command, address, tmp_path), httpx.Client(base_url=address) as client:
        tables = client.get("/numbers.json").json()["tables"]
        rows = client.get("/numbers.json", params={"sql": sql, "_shape": "array"}).json()
        page = client.get("/numbers/files?_sort=uploaded_at&project=numpy")
    with Dataset(crawled_sample) as opened:
        assert rows == [{"late": len(opened.query("late-files"))}]
        counted = opened.describe()
    assert {table["name"]: table["count"] for table in tables}["files"] == counted.file_count
    assert page.status_code == 200
