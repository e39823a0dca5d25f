"""A sentence with numbers, each with the place of its definition; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.answers.values import percent


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence, and the column of the query that defines it."""

    value: int
    query: str
    column: str

    def __str__(self) -> str:
        return f"{self.value:,}"


Sentence = Sequence[str | Figure]
Row = Mapping[str, Any]


def figures(row: Row, query: str) -> Callable[[str], Figure]:
    """Makes figures of one row of a query's answer."""
    return lambda column: Figure(row[column], query, column)


def part(part: Figure, whole: Figure) -> tuple[str | Figure, ...]:
    """A number, the total that it is a part of, and the share in brackets."""
    return part, whole, f" ({percent(part.value / whole.value)})" if whole.value else ""


def said(text: str, *values: str | Figure) -> list[str | Figure]:
    """``text`` with each ``{}`` replaced; figures stay separate objects."""
    first, *rest = text.split("{}")
    pieces: list[str | Figure] = [first]
    for piece, after in zip(values, rest, strict=True):
        pieces += [piece, after]
    return [piece for piece in pieces if piece != ""]
