"""Flags and statistics as relations in SQL, and the engine under them."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from audit.dataset.dataset import Dataset, relations
from audit.dataset.engine import Engine, literal
from audit.errors import QueryError
from audit.queries import catalog, macros
from audit.queries.catalog import Group
from audit.queries.run import Relations
from tests.dataset_builder import make_dataset

FILES = [
    {"filename": "spam-1.0.tar.gz", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
    {"filename": "spam-1.0.zip", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
]
# Some hours of work, if nobody stops it.
ENDLESS = "select count(*) from range(10000000000) a, range(100) b where a.range * b.range % 7 = 1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("data"), FILES)


@pytest.fixture(scope="module")
def opened(folder: Path) -> Iterator[Dataset]:
    with Dataset(folder) as dataset:
        yield dataset


@pytest.mark.parametrize("query", catalog.load().group(Group.FLAGS, Group.STATISTICS), ids=lambda query: query.title)
def test_sql_reads_a_query_by_its_name(opened: Dataset, query: catalog.Query) -> None:
    given = {"project": "spam"} if query.name == "timeline" else {}
    called = "project_ := 'spam'" if given else ""
    answered, expected = opened.sql(f"from {query.name}({called})"), opened.query(query.name, **given)
    assert answered.arrow().schema == expected.arrow().schema
    assert str(answered.rows()) == str(expected.rows()), "as text: a share of nothing is NaN, which equals nothing"


@pytest.mark.parametrize(
    "order", ["filename desc", "2 desc nulls last, 1", "lower(project) DESC limit 1", '"project" desc']
)
def test_an_order_needs_no_relation_that_is_not_named(folder: Path, order: str) -> None:
    with Engine([folder]) as engine:
        known = Relations(engine, relations(folder), catalog.load())
        known.offer_named(f"select project, filename from files order by {order}")
        held = engine.table("select view_name from duckdb_views() where not internal")["view_name"].to_pylist()
    assert held == ["files", "files"], "dataset.files, and what reads it"


def test_a_query_in_sql_takes_parameters(folder: Path) -> None:
    with Dataset(folder) as opened:
        for days, count in ((30, 1), (31, 0)):
            assert len(opened.sql(f"from late_files(window_days := {days}, project_ := 'spam')")) == count
        assert len(opened.sql("from late_files(project_ := 'eggs') union all from late_files()")) == 1


def test_a_macro_reads_relations_and_no_cte_of_its_caller(folder: Path) -> None:
    with Engine([]) as engine:
        known = Relations(engine, relations(folder), catalog.load()).names
        for query in catalog.load().group():
            own, read = read_by(engine, macros.qualified(query.body, known))
            assert not own & known, f"{query.name}: a CTE has the name of a relation"
            for schema, name in read - {("", each) for each in own}:
                assert schema in {"main", "dataset"}, f"{query.name} reads {name} unqualified"
            _, before = read_by(engine, query.body)
            assert {name for _, name in before} == {name for _, name in read}


def read_by(engine: Engine, sql: str) -> tuple[set[str], set[tuple[str, str]]]:
    """The CTEs of a statement, and the tables and views that it reads, each with its schema."""
    own: set[str] = set()
    read: set[tuple[str, str]] = set()
    waiting: list[Any] = [json.loads(engine.select(f"select json_serialize_sql({literal(sql)}) as t")["t"][0].as_py())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            own |= {entry["key"] for entry in (node.get("cte_map") or {}).get("map", [])}
            if node.get("type") == "BASE_TABLE":
                read.add((node["schema_name"], node["table_name"]))
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return own, read


@pytest.mark.parametrize("relation", ["file_lags", "files", "grown_files", "late_reasons", "environments", "main"])
def test_a_cte_of_the_callers_is_read_by_no_query(folder: Path, relation: str) -> None:
    own = f"with {relation} as (select 'own' as filename) "
    with Dataset(folder) as opened:
        for called in ("late_files", "displacing_files", "reasons"):
            expected = opened.query(called).rows()
            assert opened.sql(f"{own} from {called}()").rows() == expected
        assert opened.sql(f"{own} select filename from {relation}").rows() == [{"filename": "own"}]


def test_a_parameter_with_the_name_of_a_column_ends_in_an_underscore() -> None:
    assert (
        macros.signature(catalog.load().find("late-releases")) == "late_releases(window_days := 14, project_ := null)"
    )
    assert macros.signature(catalog.load().find("totals")) == "totals()"


LATE_FILES = "late_files(window_days := 14, project_ := null, reason_ := null, since := null, min_lag_days := null)"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "from late_files",
            f"late_files is called like a function: write from late_files(), or with parameters: {LATE_FILES}",
        ),
        ("from LATE_FILES", "late_files is called like a function"),
        ("describe policies", "policies is called like a function: write from policies()"),
        ("from file_lags()", "file_lags is not a function: write from file_lags"),
        ("from late_file()", "no table, view or query 'late_file': did you mean 'late_files()'?"),
        ("from file_lag", "no table, view or query 'file_lag': did you mean 'file_lags'?"),
        ("from zzz", "Catalog Error: Table with name zzz does not exist!"),
        ("from late_files(windw_days := 3)", "late_files takes no parameter 'windw_days': did you mean 'window_days'?"),
        ("from late_files (windw_days => 3)", "late_files takes no parameter 'windw_days': did you mean 'window_days"),
        ("from late_files(project := 'spam')", "late_files takes no parameter 'project': did you mean 'project_'?"),
        ("from late_files(zzz := 3)", f"late_files takes no parameter 'zzz': it is called as {LATE_FILES}"),
        (
            "from late_files(1, 2, 3, 4, 5, 6)",
            f"late_files does not take these arguments: it is called as {LATE_FILES}",
        ),
        ("from days", "days is a formula: write days(n) as part of an expression"),
        ("from late-files", "in SQL late-files is late_files(): write from late_files()"),
        ('from "Late-Files"', "in SQL Late-Files is late_files(): write from late_files()"),
        ("from files join file-lags using (filename)", "in SQL file-lags is file_lags: write from file_lags"),
        ("from late-fils", 'Parser Error: syntax error at or near "-"'),
        ("from late_files(window_days = 3)", "late_files(window_days = ...): a parameter is given with :=, as in late"),
    ],
)
def test_sql_that_calls_a_query_wrongly_gets_the_right_call(opened: Dataset, sql: str, expected: str) -> None:
    with pytest.raises(QueryError) as caught:
        opened.sql(sql)
    assert str(caught.value).startswith(expected)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select lag_us from files", "; lag_us is a column of file_lags"),
        ("select f.First_Uploaded_At from files as f", "; first_uploaded_at is a column of releases"),
        ("select file_count from files", "; file_count is a column of projects, releases"),
        ("select late_file_count from files", "; late_file_count is a column of late_releases()"),
        ("select reason from files", "; reason is a column of set_aside, events, crawls, known_reasons"),
        ("select mine from files", "; mine is a column of own"),
        ("select is_not_there from files", '"'),
    ],
)
def test_a_column_that_is_not_there_is_shown_where_it_is(opened: Dataset, sql: str, expected: str) -> None:
    with pytest.raises(QueryError) as caught:
        opened.sql(sql, tables={"own": pa.table({"mine": [1]})})
    assert str(caught.value).endswith(expected)


def test_a_query_named_with_dashes_is_known_where_statements_are_split(opened: Dataset) -> None:
    with pytest.raises(QueryError, match=r"^in SQL late-files is late_files\(\): write from late_files\(\)$"):
        opened.statements("select 1; from late-files")


def test_a_name_in_sql_may_have_capitals(folder: Path) -> None:
    with Dataset(folder) as opened:
        assert len(opened.sql("from LATE_FILES()")) == 1


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
        out, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
