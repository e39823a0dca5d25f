"""The prompt, with keys from a pipe and no screen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from audit.dataset.dataset import Dataset
from audit.errors import QueryError
from audit.shell import Dialogue
from audit.shell.prompt import converse
from tests.dataset_builder import make_dataset
from tests.shell.test_dialogue import FILES, as_table, cells

ENTER, CTRL_A, CTRL_C, CTRL_D = "\r", "\x01", "\x03", "\x04"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    with Dataset(make_dataset(tmp_path_factory.mktemp("data"), FILES)) as opened:
        yield opened


@pytest.fixture
def typed(dataset: Dataset, tmp_path: Path) -> Callable[..., str]:
    """What the prompt prints for these keys, which must end it."""

    def converse_over(*keys: str, history: Path | None = tmp_path / "state" / "history") -> str:
        said: list[str] = []
        with create_pipe_input() as source:
            source.send_text("".join(keys))
            converse(Dialogue(dataset, as_table), said.append, history, source, DummyOutput())
        return "".join(said)

    return converse_over


def test_a_statement_may_take_several_lines(typed: Callable[..., str]) -> None:
    assert cells(typed("select count(*)", ENTER, "as n from files", ENTER, ";", ENTER, CTRL_D)) == ["n", "2"]


@pytest.mark.parametrize("ending", [[CTRL_D], [".quit", ENTER], [" .quit; ", ENTER], ["exit;", ENTER], ["quit", ENTER]])
def test_it_ends(typed: Callable[..., str], ending: list[str]) -> None:
    assert typed(*ending) == ""
    assert typed(ENTER, *ending) == "", "nothing entered, nothing answered"


def test_ctrl_c_drops_what_is_typed(typed: Callable[..., str]) -> None:
    assert cells(typed("select 1 as wrong", CTRL_C, "select 2 as b;", ENTER, CTRL_D)) == ["b", "2"]


def test_ctrl_d_drops_an_unfinished_statement_and_then_ends(typed: Callable[..., str]) -> None:
    assert cells(typed("select 1 as wrong", CTRL_D, "select 2 as b;", ENTER, CTRL_D)) == ["b", "2"]
    assert cells(typed("select 1", ENTER, CTRL_D, "select 2 as b;", ENTER, CTRL_D)) == ["b", "2"]
    assert typed("select 1", ENTER, CTRL_D, CTRL_D) == ""


def test_ctrl_d_inside_a_statement_takes_a_letter(typed: Callable[..., str]) -> None:
    assert cells(typed("Xselect 2 as b;", CTRL_A, CTRL_D, ENTER, CTRL_D)) == ["b", "2"]


def test_an_error_is_one_line_with_the_place_and_the_next_entry_is_asked(typed: Callable[..., str]) -> None:
    shown = typed("from fils;", ENTER, ".table", ENTER, "drop table files;", ENTER, "select 3 as c;", ENTER, CTRL_D)
    lines = shown.splitlines()
    assert "did you mean 'files'?" in lines[0]
    assert lines[1:3] == ["LINE 1: from fils;", "             ^^^^"]
    assert "did you mean '.tables'?" in lines[3]
    assert "refused" in lines[4]
    assert cells(" ".join(lines[5:])) == ["c", "3"]


def test_what_was_entered_is_kept_for_the_next_time(typed: Callable[..., str], tmp_path: Path) -> None:
    typed("select 7 as a;", ENTER, CTRL_D)
    file = tmp_path / "state" / "history"
    assert file.stat().st_mode & 0o077 == 0, "nobody else's business"
    assert file.read_text().splitlines()[-1] == "+select 7 as a;"


def test_a_history_that_cannot_be_written_is_not_kept(typed: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for history in (None, tmp_path / "file" / "history"):
        assert cells(typed("select 1 as a;", ENTER, CTRL_D, history=history)) == ["a", "1"]


def test_ctrl_c_stops_a_query_and_nothing_else(
    dataset: Dataset, typed: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Dataset, "sql", stopped)
        assert typed("select 1;", ENTER, CTRL_D) == "interrupted\n"
    assert len(dataset.sql("from files")) == 2


def test_strangers_text_in_an_error_is_inert(typed: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise QueryError("Conversion Error: '\x1b[31m'", "LINE 1: '\x1b[31m'\n        ^")

    monkeypatch.setattr(Dataset, "sql", refused)
    assert typed("select 1;", ENTER, CTRL_D) == "Conversion Error: '\\x1b[31m'\n"
