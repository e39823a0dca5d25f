"""The little Markdown that generated pages need."""

from collections.abc import Iterable, Sequence


def code(text: object) -> str:
    """``text`` as code in a line or in a table's cell."""
    return f"`{text}`"


def rows(heads: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    """A table; a bar inside a cell stays a bar."""
    lines = [heads, ["---"] * len(heads), *cells]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
