"""Answers and definitions, as who asks from Python has them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import audit
from audit import charts
from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.errors import UsageError
from audit.page import charts as of_reports
from audit.queries import catalog
from audit.queries.catalog import Group, Query
from tests.dataset_builder import make_dataset
from tests.hostile import TEXTS, hostile_dataset

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
FILES: list[dict[str, Any]] = [
    {"filename": "first", "uploaded_at": FIRST, "kind": "sdist"},
    {"filename": "late", "uploaded_at": datetime(2024, 3, 1, 1, tzinfo=UTC), "kind": "wheel"},
    {"filename": "later", "uploaded_at": datetime(2024, 4, 1, tzinfo=UTC), "kind": None},
]
LAG_US = 60 * 86_400_000_000 + 3_600_000_000
NUMBERS = Answer(pa.table({"n": pa.array([1, 2, None, 2]), "text": ["a", "b", "c", None]}))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return make_dataset(tmp_path, FILES)


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({"n": 2}, ["b", None]),
        ({"n": None}, ["c"]),
        ({"n": [1, None]}, ["a", "c"]),
        ({"n": {2}, "text": "b"}, ["b"]),
        ({"n": []}, []),
        ({"text": ("a", None)}, ["a", None]),
        ({"text": NUMBERS.df()["text"]}, ["a", "b", "c", None]),
        ({"n": NUMBERS.df()["n"].dropna()}, ["a", "b", None]),
        ({}, ["a", "b", "c", None]),
    ],
)
def test_where_keeps_the_rows_that_have_one_of_the_values(wanted: dict[str, object], left: list[str | None]) -> None:
    assert [row["text"] for row in NUMBERS.where(**wanted).rows()] == left


@pytest.mark.parametrize("value", ["b", "2", 1.5, [1, "2"], [True], 2**70, object()])
def test_where_refuses_a_value_of_another_type(value: object) -> None:
    with pytest.raises(UsageError, match=r"n = .* does not fit: expected int64"):
        NUMBERS.where(n=value)


def test_where_shows_many_values_in_one_line() -> None:
    with pytest.raises(UsageError) as caught:
        NUMBERS.where(n=NUMBERS.df()["text"])
    assert str(caught.value) == "n = ['a', 'b', 'c', nan] does not fit: expected int64"


def test_where_and_select_name_the_columns_that_there_are() -> None:
    with pytest.raises(UsageError, match="no column 'tex': did you mean 'text'"):
        NUMBERS.where(tex="a")
    with pytest.raises(UsageError, match="no column 'm'"):
        NUMBERS.select(["n", "m"])


def test_a_part_of_an_answer_stays_an_answer_to_the_same_question(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        answer = opened.query("late-files", window_days=7)
    assert answer.parameters == {"window_days": 7}, "and none that is null"
    for part in (answer.where(kind="wheel"), answer.select(["filename"])):
        assert (part.name, part.header, part.parameters) == (answer.name, answer.header, answer.parameters)
    assert answer.where(kind="wheel").columns == answer.columns
    assert [row["filename"] for row in answer.where(kind=None).rows()] == ["later"]


def test_a_frame_to_read_has_the_text_of_tables_and_the_same_columns(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        late = opened.query("late-files")
        share = opened.query("late-by-year").select(["late_files", "late_share"])
    exact, readable = late.df(), late.df(readable=True)
    assert list(readable.columns) == list(exact.columns)
    [row] = readable[readable["filename"] == "late"].to_dict("records")
    assert (row["lag_us"], row["uploaded_at"]) == ("60.0 d", "2024-03-01 01:00Z")
    assert exact[exact["filename"] == "late"]["lag_us"].item() == LAG_US
    assert readable[readable["filename"] == "later"]["kind"].isna().all(), "null stays null"
    assert share.df(readable=True).to_dict("records") == [{"late_files": 2, "late_share": "66.7%"}]


def test_a_frame_to_read_holds_nothing_that_acts(tmp_path: Path) -> None:
    with audit.open(hostile_dataset(tmp_path)) as opened:
        frame = opened.query("late-files").df(readable=True)
    assert len(frame) == len(TEXTS)
    cells = [cell for row in frame.to_dict("records") for cell in row.values() if isinstance(cell, str)]
    assert len(cells) > len(TEXTS)
    assert all(cell.isprintable() for cell in cells)


def test_queries_are_listed_with_question_and_defaults(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        every = opened.queries()
        flags = opened.queries("flags")
        with pytest.raises(UsageError, match="no group 'flag': did you mean 'flags'"):
            opened.queries("flag")
    queries = {query.title: query for query in catalog.load().group()}
    assert {row["name"]: (row["group"], row["question"]) for row in every.rows()} == {
        name: (str(query.group), query.header.question) for name, query in queries.items()
    }
    assert flags.rows() == every.where(group="flags").rows() == every.rows()[: len(flags)]
    [late] = flags.where(name="late-files").rows()
    assert late["parameters"] == "window_days=14, project=None, reason=None, since=None, min_lag_days=None"


def test_a_definition_is_what_the_header_promises(dataset: Path) -> None:
    with audit.open(dataset) as opened:
        definition = opened.definition("late_files")
        with pytest.raises(UsageError, match="no query 'late-file'"):
            opened.definition("late-file")
    query = catalog.load().find("late-files")
    assert (definition.name, definition.group, definition.sql) == ("late-files", "flags", query.sql)
    assert (definition.question, definition.grain, definition.order, definition.source, definition.caveat) == (
        query.header.question,
        query.header.grain,
        query.header.order,
        query.header.source,
        query.header.caveat,
    )
    assert repr(definition) == f"<Definition late-files: {query.header.question}>"
    assert definition.parameters.rows()[0] == {
        "parameter": "window_days",
        "type": "INTEGER",
        "unit": "days",
        "default": "14",
        "meaning": "the allowed lag; a file exactly this late is not late; from 1 to 36500",
    }
    [lag] = definition.columns.where(column="lag_us").rows()
    assert (lag["type"], lag["unit"]) == ("BIGINT", "microseconds")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    with audit.open(make_dataset(tmp_path_factory.mktemp("opened"), FILES)) as dataset:
        yield dataset


@pytest.mark.parametrize("query", catalog.load().group(), ids=lambda query: query.title)
def test_a_definition_has_the_columns_that_the_query_answers_with(query: Query, opened: Dataset) -> None:
    columns = opened.definition(query.title).columns.rows()
    if query.group in {Group.ASSERTIONS, Group.RULES}:  # SQL cannot name one
        assert [row["column"] for row in columns] == opened.query(query.title).columns
        return
    is_plain = query.group is Group.VIEWS and not query.header.parameters
    described = opened.sql(f"describe from {query.name if is_plain else f'{query.name}()'}").rows()
    assert [(row["column"], row["type"]) for row in columns] == [
        (row["column_name"], row["column_type"]) for row in described
    ]


def test_a_dataset_says_what_it_stands_on(dataset: Path, tmp_path: Path) -> None:
    with audit.open(dataset) as opened:
        basis = opened.basis(width=60)
    assert basis.replace("\n", " ").startswith("Based on 1 project asked for: 1 found, 0 missing")
    assert "3 files (0 without an upload time) in 1 release (" in basis.replace("\n", " ")
    assert max(map(len, basis.splitlines())) <= 60
    with audit.open(hostile_dataset(tmp_path / "hostile")) as opened:
        assert opened.basis().replace("\n", "").isprintable()


def test_the_public_charts_are_those_of_the_report() -> None:
    assert charts.__all__ == of_reports.__all__
    assert all(getattr(charts, name) is getattr(of_reports, name) for name in charts.__all__)
