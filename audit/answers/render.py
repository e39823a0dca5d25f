"""One way to every format."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from audit.answers import csv, json, markdown, table
from audit.answers.format import Format, check_text

_REST: Final = "--limit 0 shows all, --format csv writes all"


def render(
    rows: pa.Table,
    form: Format,
    *,
    limit: int | None = None,
    notes: Sequence[str] = (),
    width: int = 80,
    is_seen: bool = False,
    rest: str | None = None,
    cut: str | None = None,
) -> str:
    """``rows`` as text that ends with LF, at most ``limit`` of them (None: all).

    ``notes`` are below it in the formats for people; there, rows beyond the limit are counted too, and ``rest`` says
    how to see them; ``cut`` is as for `audit.answers.table`. ``is_seen`` says that a terminal shows the text: then
    exact formats, too, escape what could control a terminal.

    Raises:
        UsageError: the format is not text.
    """
    check_text(form)
    shown = rows if limit is None else rows.slice(0, limit)
    if form is Format.CSV:
        return csv.render(shown, is_seen=is_seen)
    if form is Format.JSON:
        return json.render(shown)
    left = rows.num_rows - shown.num_rows
    below = [f"{left:,} more: {rest or _REST}.", *notes] if left else notes
    return (
        markdown.render(shown, below) if form is Format.MARKDOWN else table.render(shown, below, width=width, cut=cut)
    )
