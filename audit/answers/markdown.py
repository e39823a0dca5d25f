"""Answers as a GitHub table: strangers' text is shown unchanged and is inert."""

import html
import re
from collections.abc import Iterable, Sequence

import pyarrow as pa

from audit.answers.text import plain
from audit.answers.values import exact, is_number, readable

_MARKUP = re.compile(r"([\\`*_{}\[\]()#!|~])")
_LINK = re.compile(r"(?i)(?<=:)(?=//)|(?<=www)(?=\.)")


def render(table: pa.Table, notes: Sequence[str] = (), *, is_rounded: bool = False) -> str:
    """A table of all rows, exact unless ``is_rounded``, numbers to the right; each note is a paragraph below."""
    rules = ["---:" if is_number(field.type) else "---" for field in table.schema]
    columns = [
        [escape(readable(name, value) if is_rounded else exact(value)) for value in column.to_pylist()]
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    rows = zip(*columns, strict=True)
    lines = [_line(map(escape, table.column_names)), _line(rules), *map(_line, rows)]
    return "".join(f"{line}\n" for line in lines) + "".join(f"\n{escape(note)}\n" for note in notes)


def escape(text: str) -> str:
    """``text`` escaped so that GitHub shows it without markup, HTML, links or mentions."""
    marked = _MARKUP.sub(r"\\\1", plain(text))
    linkless = _LINK.sub(lambda _: "\\", marked)
    # GitHub looks for mentions after rendering: only a break in the text stops it.
    return html.escape(linkless, quote=False).replace("@", "@<!-- -->")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
