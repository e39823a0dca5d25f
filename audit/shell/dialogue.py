"""What is answered to what a person enters; pure but for the dataset's reading."""

from collections.abc import Callable, Iterator
from typing import Final

import pyarrow as pa

from audit.dataset.schema import TABLES
from audit.errors import QueryError, UsageError, hint
from audit.queries.catalog import Group, load
from audit.queries.run import signature
from audit.scan import Answer, Dataset

HELP: Final = """\
SQL is DuckDB's. It only reads, may take several lines, and ends with a
semicolon. `describe files;` shows the columns of a table or view,
`describe from late_files();` those of a query.
  .tables   the tables and views, with what a row is
  .queries  the flags and statistics: relations that are called like functions,
            as in: from late_files(window_days := 30);
  .limit N  shows at most N rows of each answer from now on; 0: all
  .help     this text
  .quit     ends, as does Ctrl-D
Ctrl-C, or Ctrl-D at its end, drops what is being typed; Ctrl-C stops a query.
"""
QUIT: Final = ".quit"
_LIMIT: Final = ".limit"
# What people type to other prompts: no SQL statement is one of these words.
_PLAIN: Final = {"exit": QUIT, "quit": QUIT, "help": ".help"}


def command_of(entered: str) -> str:
    """What was entered, without blanks and semicolon; ``exit``, ``quit`` and ``help`` as the commands they mean."""
    text = entered.strip().rstrip(";").rstrip()
    return _PLAIN.get(text.lower(), text)


class Dialogue:
    """Answers what is entered.

    ``render`` makes text of rows, inert whatever they hold: of so many (0: all; None: as many as is usual).
    """

    def __init__(self, dataset: Dataset, render: Callable[[Answer, int | None], str], limit: int | None = None) -> None:
        """``dataset`` stays open for as long as the dialogue is used; ``limit`` holds until ``.limit`` says another."""
        self._dataset = dataset
        self._render = render
        self._limit = limit
        self._commands: dict[str, Callable[[], str]] = {
            ".tables": self._tables,
            ".queries": self._queries,
            ".help": lambda: HELP,
        }

    def is_whole(self, entered: str) -> bool:
        """Whether it can be answered, or wants more lines: SQL ends with a semicolon that no literal holds."""
        text = entered.strip()
        if not text or command_of(text).startswith("."):
            return True
        if not text.endswith(";"):
            return False
        try:
            self._dataset.statements(text)
        except QueryError as error:
            return "unterminated" not in str(error)
        return True

    def answers(self, entered: str) -> Iterator[str]:
        """The answer to a command, or to each SQL statement in turn; each ends with LF.

        Raises:
            UsageError: there is no such command; says which is close.
            QueryError: a statement does more than read, or DuckDB refuses it; those before have been answered.
        """
        text, (name, _, given) = entered.strip(), command_of(entered).partition(" ")
        if not name.startswith("."):
            for statement in self._dataset.statements(text):
                yield self._render(self._dataset.sql(statement), self._limit)
        elif name == _LIMIT:
            self._limit = _row_count(given.strip())
        elif name in self._commands and not given:
            yield self._commands[name]()
        else:
            typed = command_of(entered)
            raise UsageError(f"no command {typed!r}: {hint(typed, [*self._commands, _LIMIT, QUIT], 'see .help')}")

    @property
    def words(self) -> list[str]:
        """What can be completed: commands, relations and their columns."""
        columns = [column.name for table in TABLES for column in table.columns]
        own = [column for query in load().group() for column in query.header.columns]
        named = [query.name for query in load().group(Group.VIEWS, Group.FLAGS, Group.STATISTICS)]
        return sorted({*self._commands, _LIMIT, QUIT, *(table.name for table in TABLES), *named, *columns, *own})

    def _tables(self) -> str:
        rows = {table.name: table.grain for table in TABLES}
        rows |= {_called(view.name): view.header.grain for view in load().group(Group.VIEWS)}
        return self._listed("name", "a row is", rows)

    def _queries(self) -> str:
        queries = load().group(Group.FLAGS, Group.STATISTICS)
        return self._listed("called", "answers", {signature(query): query.header.question for query in queries})

    def _listed(self, name: str, told: str, rows: dict[str, str]) -> str:
        return self._render(Answer(pa.table({name: list(rows), told: list(rows.values())})), 0)


def _row_count(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"{_LIMIT} {text!r} does not fit: expected how many rows to show, 0 for all")
    return int(text)


def _called(name: str) -> str:
    view = load().views[name]
    return signature(view) if view.header.parameters else name
