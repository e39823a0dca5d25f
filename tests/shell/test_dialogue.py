"""The answers to what is entered."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from audit.answers.format import Format
from audit.answers.render import render
from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.errors import QueryError, UsageError
from audit.shell import Dialogue, Manner
from tests.dataset_builder import make_dataset

FILES = [
    {"filename": "spam-1.0.tar.gz", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
    {"filename": "spam-\x1b[31m\u202e.zip", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
]


def cells(table: str) -> list[str]:
    """The words of a table, without the rule below its headings."""
    return [word for word in table.split() if word.strip("─")]


def as_table(answer: Answer, manner: Manner) -> str:
    return render(answer.arrow(), manner.form, width=80, limit=manner.limit or None, rest="the rest")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    with Dataset(make_dataset(tmp_path_factory.mktemp("data"), FILES)) as opened:
        yield opened


@pytest.fixture(scope="module")
def dialogue(opened: Dataset) -> Dialogue:
    return Dialogue(opened, as_table)


@pytest.mark.parametrize(
    ("entered", "is_whole"),
    [
        ("", True),
        (" ", True),
        (".tables", True),
        ("select 1", False),
        ("select 1;", True),
        ("select 1;  \n", True),
        ("select 'a;", False),
        ("select 'a;\n';", True),
        ("select 1; select", False),
        ("selec;", True),
        ("select (1;", True),
        ('select ";', False),
        ("/* ;", False),
    ],
)
def test_an_entry_goes_on_until_a_semicolon_ends_it(dialogue: Dialogue, entered: str, is_whole: bool) -> None:
    assert dialogue.is_whole(entered) is is_whole


def test_each_statement_is_answered_in_turn(dialogue: Dialogue) -> None:
    one, two = dialogue.answers("select 1 as a; select count(*) as b from late_files();")
    assert cells(one) == ["a", "1"]
    assert cells(two) == ["b", "1"]
    assert list(dialogue.answers(" ")) == []


def test_a_statement_that_fails_leaves_the_answers_before(dialogue: Dialogue) -> None:
    answers = dialogue.answers("select 1 as a; drop table files; select 2 as b")
    assert "a" in next(answers)
    with pytest.raises(QueryError, match="a DROP statement is refused"):
        next(answers)


def test_a_limit_holds_until_another_is_said(dialogue: Dialogue) -> None:
    def rows() -> str:
        return " ".join(dialogue.answers("from range(4) r(n);"))

    assert list(dialogue.answers(".limit 3;")) == []
    assert cells(rows()) == ["n", "0", "1", "2", "1", "more:", "the", "rest."]
    assert "late_files(" in " ".join(dialogue.answers(".queries")), "what there is, is listed whole"
    assert list(dialogue.answers(".limit  0")) == []
    assert cells(rows()) == ["n", "0", "1", "2", "3"]
    for wrong in (".limit", ".limit x", ".limit -1"):
        with pytest.raises(UsageError, match=r"\.limit '.*' does not fit: expected how many rows"):
            list(dialogue.answers(wrong))


def test_a_mode_holds_until_another_is_said(dialogue: Dialogue) -> None:
    answers = {}
    for mode in ("csv", "json", "markdown", "table"):
        assert list(dialogue.answers(f".mode {mode};")) == []
        [answers[mode]] = dialogue.answers("select 1 as a_b;")
    assert answers == {
        "csv": "a_b\n1\n",
        "json": '[\n  {"a_b": 1}\n]\n',
        "markdown": "| a\\_b |\n| ---: |\n| 1 |\n",
        "table": "a b\n────\n  1\n",
    }
    for wrong, hint in (
        (".mode jsn", "did you mean 'json'?"),
        (".mode", "there are table"),
        (".mode parquet", "there"),
    ):
        with pytest.raises(UsageError, match=hint.replace("?", r"\?")):
            list(dialogue.answers(wrong))


@pytest.mark.parametrize(
    ("name", "column", "meaning"),
    [
        ("files", "project", "PEP 503-normalized"),
        ("file_lags", "lag_us", "exact; null"),
        ("late_files", "reason", "why it is late"),
        ("LATE_FILES()", "project", "name of the project"),
        ("pins", "pin", ""),
    ],
)
def test_the_schema_of_a_relation_has_types_and_meanings(opened: Dataset, name: str, column: str, meaning: str) -> None:
    pins = pa.table({"pin": ["a"]})
    dialogue = Dialogue(opened, lambda answer, _: json.dumps(answer.rows()), tables={"pins": pins})
    [shown] = dialogue.answers(f".schema {name}")
    [entry] = [row for row in json.loads(shown) if row["column"] == column]
    assert meaning in entry["meaning"]
    assert entry["type"]
    with pytest.raises(UsageError, match="expected the name"):
        list(dialogue.answers(".schema"))
    with pytest.raises(UsageError, match="expected the name"):
        list(dialogue.answers(".schema files; drop table files"))
    with pytest.raises(QueryError, match="did you mean 'files'"):
        list(dialogue.answers(".schema fils"))


def test_answers_go_to_a_new_file_that_is_always_complete(opened: Dataset, tmp_path: Path) -> None:
    dialogue = Dialogue(opened, as_table, Manner(Format.CSV), may_write=True)
    file = tmp_path / "out file.csv"
    assert list(dialogue.answers(f".output {file};")) == []
    assert not file.exists()
    assert list(dialogue.answers("select 1 as a; select 2 as b;")) == []
    assert file.read_text() == "a\n1\nb\n2\n"
    with pytest.raises(QueryError):
        list(dialogue.answers("select 3 as c; selec;"))
    assert file.read_text() == "a\n1\nb\n2\n"
    assert list(dialogue.answers(".output")) == []
    assert list(dialogue.answers("select 4 as d;")) == ["d\n4\n"]
    assert [path.name for path in tmp_path.iterdir()] == ["out file.csv"]


def test_answers_replace_no_file_and_go_into_no_dataset_and_through_no_link(opened: Dataset, tmp_path: Path) -> None:
    dialogue = Dialogue(opened, as_table, may_write=True)
    (tmp_path / "there").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "new")
    for target, why in (
        (tmp_path / "there", "is there already"),
        (opened.path / "new.csv", "lies in the dataset"),
        (tmp_path / "link", "is a link"),
        (tmp_path / "none" / "new.csv", "there is no folder"),
    ):
        with pytest.raises(UsageError, match=why):
            list(dialogue.answers(f".output {target}"))
    list(dialogue.answers(f".output {tmp_path / 'late'}"))
    (tmp_path / "late").write_text("came meanwhile")
    with pytest.raises(UsageError, match="is there already"):
        list(dialogue.answers("select 1;"))
    assert {path.name: path.read_text() for path in tmp_path.iterdir() if not path.is_symlink()} == {
        "there": "kept",
        "late": "came meanwhile",
    }


def test_statements_that_nobody_typed_name_no_file(dialogue: Dialogue, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="for a person at the prompt"):
        list(dialogue.answers(f".output {tmp_path / 'new.csv'}"))
    assert list(tmp_path.iterdir()) == []


def test_own_tables_are_read_and_listed(opened: Dataset) -> None:
    dialogue = Dialogue(opened, as_table, tables={"pins": pa.table({"pin": ["spam-1.0.tar.gz"]})})
    for _ in range(2):
        [answer] = dialogue.answers("select count(*) from pins join files on pin = filename;")
        assert cells(answer) == ["count(*)", "1"]
    assert "pins" in " ".join(dialogue.answers(".tables"))
    assert {"pins", "pin", ".schema", ".mode", ".output"} <= set(dialogue.words)


def test_strangers_text_is_inert(dialogue: Dialogue) -> None:
    [answer] = dialogue.answers("select filename from late_files();")
    assert "\\x1b[31m\\u202e" in answer
    assert "\x1b" not in answer


def test_commands_list_what_there_is(dialogue: Dialogue) -> None:
    [tables] = dialogue.answers(".tables")
    assert "files " in tables
    assert "file_lags " in tables
    assert "days(n) " in tables
    assert "How long is a number of days?" in " ".join(tables.split())
    assert "n := null" not in tables
    [queries] = dialogue.answers(" .queries; ")
    assert "late_files(window_days := 14" in queries
    [help_text] = dialogue.answers(".help")
    for command in (".tables", ".queries", ".schema", ".limit", ".mode", ".output", ".help", ".quit"):
        assert command in help_text
    assert max(map(len, (tables + queries + help_text).splitlines())) <= 80


def test_what_help_says_of_describe_is_so(dialogue: Dialogue) -> None:
    [described] = dialogue.answers("describe files;")
    assert "uploaded_at" in described
    [called] = dialogue.answers("from late_files(window_days := 30);")
    assert "spam" in called


@pytest.mark.parametrize(
    ("entered", "hint"),
    [
        (".table", "did you mean '.tables'?"),
        (".zzz", "see .help"),
        (".help me", "did you mean '.help'?"),
        (".\x1b", "see .help"),
    ],
)
def test_a_wrong_command_gets_a_close_suggestion(dialogue: Dialogue, entered: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(dialogue.answers(entered))
    assert hint in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_words_to_complete(dialogue: Dialogue) -> None:
    assert {".tables", ".quit", "files", "late_files", "uploaded_at", "lag_us"} <= set(dialogue.words)
