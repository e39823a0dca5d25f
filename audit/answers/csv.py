"""Answers as CSV (RFC 4180, but lines end with LF): for machines, and safe to open in a spreadsheet."""

import csv

import pyarrow as pa

from audit.answers.text import plain
from audit.answers.values import exact, is_formula

_CRLF = "\r\n"


def render(table: pa.Table, *, is_seen: bool = False, has_header: bool = True) -> str:
    """A header line and a line for each row; times as in ``values.utc``, null empty.

    Text that a spreadsheet would run as a formula gets a leading apostrophe. ``is_seen`` says that a terminal shows it:
    then the cells are inert there too, like a table's. Further rows of the same table need no second header:
    ``has_header`` is false.
    """
    lines = _Lines()
    writer = csv.writer(lines, lineterminator=_CRLF)
    cell = (lambda value: plain(_cell(value))) if is_seen else _cell
    if has_header:
        writer.writerow([cell(name) for name in table.column_names])
    columns = [column.to_pylist() for column in table.columns]
    writer.writerows([cell(value) for value in row] for row in zip(*columns, strict=True))
    return "".join(lines.written)


class _Lines:
    """Takes a line at a time and ends it with LF; the csv writer quotes CR only if its own line end has one."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, line: str) -> None:
        """Keeps one line."""
        self.written.append(line.removesuffix(_CRLF) + "\n")


def _cell(value: object) -> str:
    text = exact(value)
    return f"'{text}" if isinstance(value, str) and is_formula(text) else text
