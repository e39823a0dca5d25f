"""Answers what a person enters; pure except for reading the dataset."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from audit.answers.format import Format
from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.dataset.schema import TABLES
from audit.disk.whole import check_output, output
from audit.errors import QueryError, UsageError, hint
from audit.queries.catalog import Group, Query, load
from audit.queries.macros import formula_call, signature

HELP: Final = """\
SQL is DuckDB's. It only reads, may take several lines, and ends with a
semicolon. `describe files;` shows the columns of a table or view,
`describe from late_files();` those of a query.
  .tables   the tables and views, with what a row is, and the formulas
  .queries  the flags and statistics: call one like a function, as in
            from late_files(window_days := 30);
  .schema TABLE   the columns of a table, a view or a query: type and meaning
  .limit N  shows at most N rows of each answer from now on; 0: all
  .mode M   how answers are shown from now on: table, csv, json or markdown
  .output FILE    writes the answers from now on to a new file, complete after
            each one; .output alone: to the screen again
  .help     this text
  .quit     ends, as does Ctrl-D
Ctrl-C, or Ctrl-D at its end, drops what is being typed; Ctrl-C stops a query.
"""
QUIT: Final = ".quit"
_NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_MODES: Final = [form.value for form in Format if form is not Format.PARQUET]
# Words that people know from other prompts: no SQL statement is one of these words.
_PLAIN: Final = {"exit": QUIT, "quit": QUIT, "help": ".help"}


def command_of(entered: str) -> str:
    """The entered text without blanks and semicolon; ``exit``, ``quit`` and ``help`` become the commands they mean."""
    text = entered.strip().rstrip(";").rstrip()
    return _PLAIN.get(text.lower(), text)


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is shown: at most ``limit`` rows (0: all; None: the usual number), in a file or on a screen."""

    form: Format = Format.TABLE
    limit: int | None = None
    is_file: bool = False


class Dialogue:
    """Answers what is entered.

    ``render`` makes text from rows, which is inert on a screen for any content.
    """

    def __init__(
        self,
        dataset: Dataset,
        render: Callable[[Answer, Manner], str],
        manner: Manner | None = None,
        tables: Mapping[str, pa.Table] | None = None,
        *,
        may_write: bool = False,
    ) -> None:
        """``dataset`` must stay open as long as the dialogue is used; ``manner`` applies until commands change it.

        ``tables`` are the person's own. ``may_write`` allows ``.output``: for a person, not for a file of statements.
        """
        self._dataset = dataset
        self._render = render
        self._manner = manner or Manner()
        self._own = dict(tables or {})
        self._out: Path | None = None
        self._written = ""
        self._may_write = may_write
        self._commands: dict[str, Callable[[], str]] = {
            ".tables": self._tables,
            ".queries": self._queries,
            ".help": lambda: HELP,
        }
        self._settings: dict[str, Callable[[str], str]] = {
            ".limit": self._set_limit,
            ".mode": self._set_mode,
            ".schema": self._schema,
            ".output": self._set_output,
        }

    def is_whole(self, entered: str) -> bool:
        """Whether the entry can be answered, or needs more lines: SQL ends with a semicolon outside literals."""
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
            OutputError: the file of ``.output`` cannot be written.
        """
        text, (name, _, given) = entered.strip(), command_of(entered).partition(" ")
        if not name.startswith("."):
            for statement in self._dataset.statements(text):
                yield from self._shown(self._dataset.sql(statement, tables=self._own))
        elif name in self._settings:
            if answer := self._settings[name](given.strip()):
                yield answer
        elif name in self._commands and not given:
            yield self._commands[name]()
        else:
            typed = command_of(entered)
            known = [*self._commands, *self._settings, QUIT]
            raise UsageError(f"no command {typed!r}: {hint(typed, known, 'see .help')}")

    def _shown(self, answer: Answer) -> Iterator[str]:
        """The text of an answer; with ``.output`` it is written to that file instead."""
        text = self._render(answer, replace(self._manner, is_file=self._out is not None))
        if self._out is None:
            yield text
            return
        with output(self._out, outside=self._dataset.path, is_new=not self._written) as file:
            file.write_text(self._written + text, "utf-8", newline="\n")
        self._written += text

    @property
    def words(self) -> list[str]:
        """What can be completed: commands, relations and their columns."""
        columns = [column.name for table in TABLES for column in table.columns]
        own = [column for query in load().group() for column in query.header.columns]
        named = [query.name for query in load().group(Group.VIEWS, Group.FLAGS, Group.STATISTICS)]
        tables = [*(table.name for table in TABLES), *self._own]
        of_own = [column for rows in self._own.values() for column in rows.column_names]
        commands = [*self._commands, *self._settings, QUIT]
        return sorted({*commands, *tables, *named, *columns, *own, *of_own})

    def _set_limit(self, given: str) -> str:
        if not given.isdecimal():
            raise UsageError(f".limit {given!r} does not fit: expected how many rows to show, 0 for all")
        self._manner = replace(self._manner, limit=int(given))
        return ""

    def _set_mode(self, given: str) -> str:
        if given not in _MODES:
            raise UsageError(f".mode {given!r} does not fit: {hint(given, _MODES)}")
        self._manner = replace(self._manner, form=Format(given))
        return ""

    def _set_output(self, given: str) -> str:
        """Sends later answers to a new file: pasted text must never replace a file."""
        if not self._may_write:
            raise UsageError(".output is for a person at the prompt: --output FILE holds the answer to one statement")
        if not given:
            self._out = None
            return ""
        target = Path(given).expanduser()
        check_output(target, self._dataset.path)
        if os.path.lexists(target):
            raise UsageError(f"{target} is there already: name a new file")
        self._out, self._written = target, ""
        return ""

    def _schema(self, given: str) -> str:
        """The columns of a relation, with the meaning of each."""
        name = given.removesuffix("()").strip()
        if not _NAME.fullmatch(name):
            raise UsageError(f".schema {given!r} does not fit: expected the name of a table, a view or a query")
        called = f"{name}()" if any(query.name == name.lower() for query in _called_queries()) else name
        columns = self._dataset.sql(f"describe from {called}", tables=self._own).rows()
        meanings = _meanings(name.lower())
        rows = [
            {"column": row["column_name"], "type": row["column_type"], "meaning": meanings.get(row["column_name"], "")}
            for row in columns
        ]
        return self._render(Answer(pa.Table.from_pylist(rows)), Manner(limit=0))

    def _tables(self) -> str:
        rows = {table.name: table.grain for table in TABLES}
        rows |= dict.fromkeys(self._own, "a row of your own table")
        views = load().group(Group.VIEWS)
        rows |= {_called(view): view.header.grain for view in views if not view.header.is_formula}
        rows |= {_called(view): f"a formula: {view.header.question}" for view in views if view.header.is_formula}
        return self._listed("name", "a row is", rows)

    def _queries(self) -> str:
        queries = load().group(Group.FLAGS, Group.STATISTICS)
        return self._listed("called", "answers", {signature(query): query.header.question for query in queries})

    def _listed(self, name: str, meaning: str, rows: dict[str, str]) -> str:
        return self._render(Answer(pa.table({name: list(rows), meaning: list(rows.values())})), Manner(limit=0))


def _called_queries() -> list[Query]:
    """The queries that SQL calls like functions."""
    views = [view for view in load().group(Group.VIEWS) if view.header.parameters]
    return [*views, *load().group(Group.FLAGS, Group.STATISTICS)]


def _meanings(name: str) -> dict[str, str]:
    """The meanings of the columns of a table, a view or a query, where known, including those of what it extends."""
    for table in TABLES:
        if table.name == name:
            return {column.name: column.meaning for column in table.columns}
    found = [query for query in load().group() if query.name == name]
    if not found:
        return {}
    header = found[0].header
    below = _meanings(header.extends) if header.extends else {}
    return below | {column: described.meaning for column, described in header.columns.items()}


def _called(view: Query) -> str:
    if view.header.is_formula:
        return formula_call(view)
    return signature(view) if view.header.parameters else view.name
