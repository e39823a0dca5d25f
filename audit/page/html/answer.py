"""An answer, or a query's definition, as a notebook shows it: HTML without scripts, made from text by a template."""

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from audit.answers.several import share_notes
from audit.answers.text import in_a_line, plain
from audit.counting import counted
from audit.page.html.cells import columns, rows_of
from audit.page.html.templates import templates, text

MOST_ROWS: Final = 100
# A single row with more columns than this is shown vertically: a line for each column, with its meaning.
_SIDE_BY_SIDE: Final = 8


def render(
    rows: pa.Table,
    *,
    shown: Sequence[str] | None = None,
    name: str = "",
    question: str = "",
    caveat: str = "",
    meanings: Mapping[str, str] | None = None,
    parameters: Mapping[str, object] | None = None,
) -> str:
    """A table of the first ``MOST_ROWS`` rows that scrolls in a box of its own, its headings always visible.

    ``shown`` are its columns (None: all). Below it are the names of the others, the count of rows, what shares are
    parts of, and the ``caveat``.
    """
    names = rows.column_names if shown is None else list(shown)
    seen = columns(rows.select(names).slice(0, MOST_ROWS), meanings or {})
    notes = [
        _counted(rows.num_rows, [plain(column) for column in rows.column_names if column not in names]),
        *share_notes({column: meaning for column, meaning in (meanings or {}).items() if column in names}),
        caveat,
    ]
    return _filled(
        name=name,
        question=question,
        parameters=[f"{key} = {in_a_line(value)}" for key, value in (parameters or {}).items()],
        columns=seen,
        rows=list(rows_of(seen)),
        is_upright=rows.num_rows == 1 and len(names) > _SIDE_BY_SIDE,
        notes=[note for note in notes if note],
    )


def render_definition(question: str, facts: Mapping[str, str], tables: Sequence[pa.Table]) -> str:
    """A query's definition: its question, a list of facts, and tables of its parameters and columns."""
    made = [columns(table, {}) for table in tables]
    return (
        templates()
        .get_template("definition.html.j2")
        .render(
            style=text("answer.css"),
            question=question,
            facts=facts,
            tables=[(table, list(rows_of(table))) for table in made],
        )
    )


def _filled(**values: object) -> str:
    return templates().get_template("answer.html.j2").render(style=text("answer.css"), **values)


def _counted(row_count: int, others: Sequence[str]) -> str:
    count = counted(row_count, "row")
    rows = f"First {MOST_ROWS} of {count}; .df() has all." if row_count > MOST_ROWS else f"{count}."
    return f"{rows} {counted(len(others), 'more column')}: {', '.join(others)}." if others else rows
