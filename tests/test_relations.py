"""Flags and statistics as relations in SQL, and the engine under them."""

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.engine import Engine
from audit.errors import QueryError
from audit.queries import catalog, run
from audit.queries.catalog import Group
from audit.scan import Dataset
from tests.dataset_builder import make_dataset

FILES = [
    {"filename": "spam-1.0.tar.gz", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
    {"filename": "spam-1.0.zip", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
]
# Some hours of work, should nobody stop it.
ENDLESS = "select count(*) from range(10000000000) a, range(100) b where a.range * b.range % 7 = 1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("data"), FILES)


@pytest.mark.parametrize("query", catalog.load().group(Group.FLAGS, Group.STATISTICS), ids=lambda query: query.title)
def test_sql_reads_a_query_by_its_name(folder: Path, query: catalog.Query) -> None:
    given = {"project": "spam"} if query.name == "timeline" else {}
    called = "project_ := 'spam'" if given else ""
    with Dataset(folder) as opened:
        answered, expected = opened.sql(f"from {query.name}({called})"), opened.query(query.name, **given)
        assert answered.arrow().schema == expected.arrow().schema
        assert str(answered.rows()) == str(expected.rows()), "as text: a share of nothing is NaN, which equals nothing"


def test_a_query_in_sql_takes_parameters(folder: Path) -> None:
    with Dataset(folder) as opened:
        for days, count in ((30, 1), (31, 0)):
            assert len(opened.sql(f"from late_files(window_days := {days}, project_ := 'spam')")) == count
        assert len(opened.sql("from late_files(project_ := 'eggs') union all from late_files()")) == 1


def test_a_parameter_with_the_name_of_a_column_is_spelled_apart() -> None:
    assert run.signature(catalog.load().find("late-releases")) == "late_releases(window_days := 14, project_ := null)"
    assert run.signature(catalog.load().find("totals")) == "totals()"


@pytest.mark.parametrize(
    ("sql", "hint"),
    [("from fils", 'Did you mean "files"?'), ("select prject from files", 'Candidate bindings: "project"')],
)
def test_an_error_keeps_its_hint_in_one_line(folder: Path, sql: str, hint: str) -> None:
    with Dataset(folder) as opened, pytest.raises(QueryError) as caught:
        opened.sql(sql)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sql_is_split_into_statements() -> None:
    with Engine([]) as engine:
        assert engine.statements("select 1;\nselect ';' ;") == ["select 1;", "select ';' ;"]
        assert engine.statements(" ; -- nothing") == []
        with pytest.raises(QueryError, match="Parser Error"):
            engine.statements("selec")


def test_ctrl_c_ends_a_query_at_once(folder: Path) -> None:
    command = [sys.executable, "-m", "audit", "sql", "--verbose", "--dataset", str(folder), ENDLESS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "reading" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
