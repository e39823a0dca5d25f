"""Answers for a person at a terminal: rounded, folded to the width; cut only on request, with a note."""

import io
from collections.abc import Sequence
from typing import Literal

import pyarrow as pa
from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from audit.answers.text import plain
from audit.answers.values import LAG_SUFFIX, is_number, readable

_DATE = "2016-04-20"
# Words broken into pieces shorter than this cannot be read.
_LEAST_PIECE = 12
# Nor can words that are cut to less.
_LEAST_CUT = 8
_CUT = "\N{HORIZONTAL ELLIPSIS}"


def render(table: pa.Table, notes: Sequence[str] = (), *, width: int = 80, cut: str | None = None) -> str:
    """The rows as a table at most ``width`` wide; each note is a paragraph below.

    Columns ``*_us`` (microseconds) read as lengths of time, ``*_share`` as percentages, times to the minute. If the
    columns do not fit side by side, each row becomes a block with a line for each column; if there is no row either,
    the columns are named. With ``cut``, words that would be broken into short pieces are cut instead, and it is the
    note below that says how to see them whole.
    """
    columns = [
        _Column(field, cells, is_cut=cut is not None) for field, cells in zip(table.schema, table.columns, strict=True)
    ]
    # Each column is followed by one space of padding, and by one more unless it is the last.
    spare = width - sum(column.least_width + 2 for column in columns) + 1
    # Plain text on purpose: rich must not look for markup, emoji or colours in strangers' text.
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        color_system=None,
        force_terminal=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    if spare >= 0:
        widths = _widths(columns, spare)
        is_cut = [cut is not None and column.is_broken_at(width) for column, width in zip(columns, widths, strict=True)]
        console.print(_side_by_side(columns, widths, is_cut))
        notes = [f"{_CUT} marks text that was cut: {cut}.", *notes] if any(is_cut) else notes
    elif table.num_rows:
        console.print(_blocks(columns))
    else:
        console.print(Text(f"no row of {', '.join(column.heading for column in columns)}"))
    if notes:
        console.print()
    for note in notes:
        console.print(Text(plain(note)))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().split("\n")[:-1])


class _Column:
    """One column as it is shown; ``least_width`` is the width that it needs to be readable."""

    def __init__(self, field: pa.Field, values: pa.ChunkedArray, *, is_cut: bool = False) -> None:
        self.heading = plain(field.name.removesuffix(LAG_SUFFIX)).replace("_", " ")
        self.cells = [plain(readable(field.name, value)) for value in values.to_pylist()]
        self.is_number = is_number(field.type)
        # Numbers stay whole and headings break between words; text can be folded anywhere.
        whole = self.cells if self.is_number else []
        date = [_DATE] if pa.types.is_timestamp(field.type) else []
        self.least_width = max(map(cell_len, [*self.heading.split(), *whole, *date]), default=1)
        # The widths that it would like, most important first: no word broken, no cell folded, no heading folded.
        words = (word for cell in self.cells for word in cell.split())
        self.wishes = (
            max(map(cell_len, words), default=1),
            max(map(cell_len, self.cells), default=1),
            cell_len(self.heading),
        )
        if is_cut:
            self.least_width = max(self.least_width, min(_LEAST_CUT, self.wishes[0]))

    def is_broken_at(self, width: int) -> bool:
        """Whether a word would have to be broken into pieces too short to read."""
        return not self.is_number and width < min(_LEAST_PIECE, self.wishes[0])


def _widths(columns: Sequence[_Column], spare: int) -> list[int]:
    """Least widths, with ``spare`` divided evenly among columns that want more, small wishes first."""
    widths = [column.least_width for column in columns]
    for wishes in zip(*(column.wishes for column in columns), strict=True):
        missing = [max(0, wish - width) for wish, width in zip(wishes, widths, strict=True)]
        by_wish = sorted(range(len(columns)), key=missing.__getitem__)
        for left, place in zip(range(len(columns), 0, -1), by_wish, strict=True):
            granted = min(missing[place], spare // left)
            widths[place] += granted
            spare -= granted
    return widths


def _side_by_side(columns: Sequence[_Column], widths: Sequence[int], is_cut: Sequence[bool]) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    cells = []
    for column, width, is_short in zip(columns, widths, is_cut, strict=True):
        justify: Literal["left", "right"] = "right" if column.is_number else "left"
        shown.add_column(Text(column.heading), justify=justify, overflow="fold", width=width)
        cells.append([_short(cell, width) for cell in column.cells] if is_short else column.cells)
    for row in zip(*cells, strict=True):
        shown.add_row(*map(Text, row))
    return shown


def _short(cell: str, width: int) -> str:
    return cell if cell_len(cell) <= width else set_cell_size(cell, width - 1).rstrip() + _CUT


def _blocks(columns: Sequence[_Column]) -> Table:
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(overflow="fold")
    shown.add_column(overflow="fold")
    for number, row in enumerate(zip(*(column.cells for column in columns), strict=True)):
        if number:
            shown.add_row()
        for column, cell in zip(columns, row, strict=True):
            shown.add_row(Text(column.heading), Text(cell))
    return shown
