"""Questions to other engines: the same answers as DuckDB's, and every refusal in one line."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

import pytest

import audit
from audit.dataset.snapshot import find_snapshot
from audit.errors import UsageError
from audit.portable.dialects import Dialect
from tests.cli.programs import run_here
from tests.portable import engines

PASSWORD = "s3cr3t-w0rd"
_LOCK = Lock()  # the ClickHouse of this process answers one at a time


class Handler(BaseHTTPRequestHandler):
    """ClickHouse's HTTP interface, as far as clickhouse-connect asks it: chdb has the engine and no server."""

    def do_POST(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if f":{PASSWORD}" not in self._login():
            self._answer(403, b"Code: 516. DB::Exception: reader: Authentication failed. (AUTHENTICATION_FAILED)")
            return
        sql, _, form = (asked.get("query", [""])[0] or body).strip().rpartition(" FORMAT ")
        sql, form = (sql, form.strip().rstrip(";")) if sql else (form, asked.get("default_format", ["TabSeparated"])[0])
        try:
            with _LOCK:
                answer = engines.clickhouse().query(sql, form).bytes()
        except Exception as error:  # whatever chdb raises is the server's answer
            self._answer(500, str(error).encode())
        else:
            self._answer(200, answer)

    do_GET = do_POST  # noqa: N815 - the name that the server calls

    def _login(self) -> str:
        return base64.b64decode(self.headers.get("Authorization", "Basic Og==").partition(" ")[2]).decode()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-ClickHouse-Summary", "{}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Prints no log of requests."""


@pytest.fixture(scope="module")
def server(crawled_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The host and port of a ClickHouse with the sample."""
    tables = engines.tables_of(find_snapshot(crawled_sample), tmp_path_factory.mktemp("empty"))
    engines.offered(Dialect.CLICKHOUSE, tables)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        Thread(target=served.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{served.server_port}"
        served.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "json", "markdown"])
def test_stats_of_clickhouse_is_that_of_duckdb(form: str, server: str, crawled_sample: Path) -> None:
    plain = run_here("stats", "late-by-year", "--dataset", str(crawled_sample), "--format", form)
    engine = f"clickhouse://reader:{PASSWORD}@{server}/default"
    there = run_here("stats", "late-by-year", "--engine", engine, "--format", form)
    assert (there.returncode, there.stderr) == (plain.returncode, plain.stderr)
    assert _rows(there.stdout) == _rows(plain.stdout)
    assert PASSWORD not in there.stdout + there.stderr


def _rows(text: str) -> str:
    """Without the note on coverage: only a dataset has that."""
    return "\n".join(line for line in text.splitlines() if line[:1] in set('|{}[]" -0123456789y'))


@pytest.mark.slow
def test_open_gives_the_same_answer(server: str, crawled_sample: Path) -> None:
    with audit.open(crawled_sample) as dataset:
        expected = dataset.query("late-files", window_days=30)
    with audit.open(crawled_sample, engine=f"clickhouse://reader:{PASSWORD}@{server}") as asked:
        answer = asked.query("late-files", window_days=30)
        assert answer.table.equals(expected.table.cast(answer.table.schema))
        assert answer.table.schema.types == expected.table.schema.types
        assert (answer.name, answer.header, answer.parameters) == (expected.name, expected.header, expected.parameters)
        assert "late-files" in asked.queries().df()["name"].tolist()
        assert asked.definition("late-files").question


@pytest.mark.slow
def test_spark_reads_a_dataset_where_it_is(crawled_sample: Path) -> None:
    engines.spark()
    plain = run_here("stats", "late-by-month", "--dataset", str(crawled_sample), "--format", "csv")
    there = run_here("stats", "late-by-month", "--dataset", str(crawled_sample), "--engine", "spark", "--format", "csv")
    assert (there.returncode, there.stdout) == (0, plain.stdout)
    totals = run_here("stats", "totals", "--dataset", str(crawled_sample), "--engine", "spark", "--format", "csv")
    assert totals.stdout == run_here("stats", "totals", "--dataset", str(crawled_sample), "--format", "csv").stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("login", "place", "message"),
    [
        ("reader:wr0ng", "{server}/default", "AUTHENTICATION_FAILED"),
        (f"reader:{PASSWORD}", "{server}/default?source=projects", "pypi.projects"),
        (f"reader:{PASSWORD}", "127.0.0.1:9/default", "127.0.0.1"),
    ],
)
def test_what_clickhouse_refuses_is_one_line(login: str, place: str, message: str, server: str) -> None:
    engines.clickhouse().query("create database if not exists pypi")
    engines.clickhouse().query("drop table if exists pypi.projects")
    ended = run_here("stats", "late-by-year", "--engine", f"clickhouse://{login}@{place.format(server=server)}")
    assert ended.returncode == 3
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert message in ended.stderr
    assert login.partition(":")[2] not in ended.stderr


@pytest.mark.slow
def test_what_spark_refuses_is_one_line(tmp_path: Path) -> None:
    engines.spark()
    ended = run_here("stats", "late-by-year", "--engine", "spark", "--dataset", "s3://nowhere/pypi")
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (3, "", 1)


@pytest.mark.parametrize("name", ["clickhouse", "spark"])
def test_a_missing_extra_is_one_line(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("clickhouse_connect", "pyspark.sql", "pyspark", "py4j", "py4j.protocol"):
        monkeypatch.setitem(sys.modules, module, None)
    engine = "spark" if name == "spark" else "clickhouse://127.0.0.1/pypi"
    ended = run_here("stats", "late-by-year", "--engine", engine, "--dataset", str(tmp_path))
    assert ended.returncode == 3
    assert f"pip install 'release-audit[{name}]'" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "engine", ["mysql://reader:hunter2@127.0.0.1/x", "sparks", "clickhouse:///pypi", "clickhouse://["]
)
def test_another_engine_is_refused_without_its_password(engine: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        audit.open(tmp_path, engine=engine)
    assert "hunter2" not in str(caught.value)


def test_one_statistic_at_a_time_and_a_portable_one() -> None:
    assert "name one" in run_here("stats", "all", "--engine", "spark").stderr
    with pytest.raises(UsageError, match="for a slice"):
        audit.open("data", engine="spark", projects=["spam"])  # type: ignore[call-overload] # what it refuses


def test_nothing_of_the_engines_is_loaded_unless_asked() -> None:
    heavy = "{'sqlglot', 'clickhouse_connect', 'pyspark', 'chdb', 'py4j'}"
    code = f"import sys, audit.dataset.dataset, audit.cli.stats, audit.cli.queries; print({heavy} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
