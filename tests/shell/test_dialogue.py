"""What is answered to what is entered."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from audit.errors import QueryError, UsageError
from audit.reports.format import Format
from audit.reports.render import render
from audit.scan import Answer, Dataset
from audit.shell import Dialogue
from tests.dataset_builder import make_dataset

FILES = [
    {"filename": "spam-1.0.tar.gz", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
    {"filename": "spam-\x1b[31m\u202e.zip", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
]


def cells(told: str) -> list[str]:
    """The words of a table, without the rule below its headings."""
    return [word for word in told.split() if word.strip("─")]


def as_table(answer: Answer, limit: int | None) -> str:
    return render(answer.arrow(), Format.TABLE, width=80, limit=limit or None, rest="the rest")


@pytest.fixture(scope="module")
def dialogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dialogue]:
    with Dataset(make_dataset(tmp_path_factory.mktemp("data"), FILES)) as opened:
        yield Dialogue(opened, as_table)


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


def test_strangers_text_is_inert(dialogue: Dialogue) -> None:
    [told] = dialogue.answers("select filename from late_files();")
    assert "\\x1b[31m\\u202e" in told
    assert "\x1b" not in told


def test_commands_tell_what_there_is(dialogue: Dialogue) -> None:
    [tables] = dialogue.answers(".tables")
    assert "files " in tables
    assert "file_lags " in tables
    [queries] = dialogue.answers(" .queries; ")
    assert "late_files(window_days := 14" in queries
    [told] = dialogue.answers(".help")
    for command in (".tables", ".queries", ".limit", ".help", ".quit"):
        assert command in told
    assert max(map(len, (tables + queries + told).splitlines())) <= 80


def test_what_help_says_of_describe_is_so(dialogue: Dialogue) -> None:
    [told] = dialogue.answers("describe files;")
    assert "uploaded_at" in told
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
def test_a_wrong_command_is_told_a_close_one(dialogue: Dialogue, entered: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(dialogue.answers(entered))
    assert hint in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_words_to_complete(dialogue: Dialogue) -> None:
    assert {".tables", ".quit", "files", "late_files", "uploaded_at", "lag_us"} <= set(dialogue.words)
