"""Queries as lines of text: folded on a screen; elsewhere one line each, for searching."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator

from audit.cli.output import is_terminal, write
from audit.queries.catalog import Group, Query, load


def show_list(*groups: Group) -> None:
    """Lists the queries of ``groups`` (none: of all), each with its question."""
    show_lines(_list(load().group(*groups)))


def show_lines(lines: Iterable[str]) -> None:
    """Writes the lines, on a terminal folded to its width."""
    width = shutil.get_terminal_size((80, 24)).columns if is_terminal(sys.stdout) else sys.maxsize
    for line in lines:
        write(f"{_folded(line, width)}\n")


def _folded(line: str, width: int) -> str:
    """A line no wider than ``width``: the rest is indented to its second column, or by four spaces.

    SQL, which has several lines, is not changed.
    """
    if len(line) <= width or "\n" in line.strip():
        return line
    at = line.find("  ", 2)
    indent = len(line) - len(line[at:].lstrip()) if 0 < at < width // 2 else 4
    return textwrap.fill(line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def _list(found: list[Query]) -> Iterator[str]:
    width = max(len(query.title) for query in found)
    group = None
    for query in found:
        if query.group != group:
            yield f"{'' if group is None else chr(10)}{query.group}"
        group = query.group
        yield f"  {query.title:{width}}  {query.header.question}"
