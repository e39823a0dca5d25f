"""Every portable query gives the rows on ClickHouse and on Spark that it gives on DuckDB."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from audit.dataset.dataset import Dataset
from audit.dataset.snapshot import find_snapshot
from audit.portable.answered import fitted
from audit.portable.dialects import TESTED, Dialect
from audit.portable.text import statement
from audit.queries.catalog import Group, Query, load
from tests import given
from tests.dataset_builder import make_dataset
from tests.portable import engines

pytestmark = pytest.mark.slow

PORTABLE = [q for q in load().group() if q.header.portable and not q.header.is_formula]
# The sample has no downloads: given rows have.
ASKED = [query for query in PORTABLE if query.group is not Group.VIEWS and query.header.needs is None]
# Other engines are not asked with deleted files.
CASES = [
    pytest.param(query, case, id=f"{query.title}: {case.name}")
    for query in PORTABLE
    for case in given.cases(query)
    if not case.including_deleted
]

on_each_engine = pytest.mark.parametrize("dialect", TESTED)


@pytest.fixture(scope="module")
def sample(crawled_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return engines.tables_of(find_snapshot(crawled_sample), tmp_path_factory.mktemp("empty"))


@on_each_engine
@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.title)
def test_the_sample_answers_alike(
    query: Query, dialect: Dialect, crawled_sample: Path, sample: dict[str, Path]
) -> None:
    with Dataset(crawled_sample) as dataset:
        expected = dataset.query(query.title if query.group is Group.FLAGS else query.name).arrow()
    engines.offered(dialect, sample)
    answered = fitted(engines.asked(dialect, statement(query, {}, dialect)), query)
    assert answered.equals(expected.cast(answered.schema))
    assert expected.schema.types == answered.schema.types
    assert expected.num_rows or query.header.needs, "nobody imported what it needs"


@on_each_engine
@pytest.mark.parametrize(("query", "case"), CASES)
def test_given_rows_answer_expected_rows(query: Query, case: given.Case, dialect: Dialect, tmp_path: Path) -> None:
    snapshot = make_dataset(tmp_path / "dataset", **given.tables_of(case))
    engines.offered(dialect, engines.tables_of(snapshot, tmp_path))
    sql = statement(query, case.parameters, dialect, environments=given.ENVIRONMENTS)
    answered = _rows_of(fitted(engines.asked(dialect, sql), query), case)
    expected = given.expected(case, query)
    if case.is_unordered:
        answered, expected = sorted(answered, key=str), sorted(expected, key=str)
    assert answered == expected


def _rows_of(rows: pa.Table, case: given.Case) -> list[dict[str, Any]]:
    chosen = [row for row in rows.to_pylist() if all(row[name] == value for name, value in case.only.items())]
    return [{name: row[name] for name in case.columns or row} for row in chosen]
