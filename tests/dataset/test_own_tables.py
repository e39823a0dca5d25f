"""Rows of a caller's own beside the dataset's tables."""

from pathlib import Path

import pandas as pd
import polars
import pyarrow as pa
import pytest

import audit
from audit.errors import QueryError, UsageError
from tests.dataset.test_dataset import FILES
from tests.dataset_builder import make_dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "plain", FILES)


def test_sql_reads_tables_of_the_caller(dataset: Path) -> None:
    rows = {"filename": ["late", "other"], "n": [1, 2]}
    frames = [pa.table(rows), pd.DataFrame(rows), polars.DataFrame(rows), pa.table(rows).to_reader()]
    sql = "select sum(n)::bigint as n from wanted semi join files using (filename)"
    with audit.open(dataset) as opened:
        names = "select schema_name, view_name from duckdb_views() where not internal order by all"
        before = opened.sql(names).rows()
        for frame in frames:
            assert opened.sql(sql, tables={"wanted": frame}).rows() == [{"n": 1}], type(frame)
        late = opened.query("late-files")
        assert len(opened.sql("from Late join files using (filename)", tables={"late": late})) == 1
        with pytest.raises(QueryError, match="did you mean 'wanted'"):
            opened.sql("from wantd", tables={"wanted": frames[0]})
        with pytest.raises(QueryError, match="with name wanted does not exist"):
            opened.sql("from wanted")
        assert opened.sql(names).rows() == before


@pytest.mark.parametrize("name", ["", "a b", '"', "1a", "files", "FILES", "late_files", "dataset", "given_x", "\u00e4"])
def test_a_table_of_the_caller_stands_before_nothing(dataset: Path, name: str) -> None:
    with audit.open(dataset) as opened, pytest.raises(UsageError, match="a table cannot be named"):
        opened.sql("select 1", tables={name: pa.table({"a": [1]})})


def test_what_is_no_table_is_refused(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        for rows in (7, "pins.csv", object()):
            with pytest.raises(UsageError, match="pins cannot be read as an Arrow table"):
                opened.sql("select 1", tables={"pins": rows})
        with pytest.raises(UsageError, match="that name has another"):
            opened.sql("select 1", tables={"a": pa.table({"a": [1]}), "A": pa.table({"a": [1]})})
