"""The header of a query: what the block comment at the top of its .sql file promises, as TOML."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
import tomli

from audit.errors import QueryError

ParameterType = Literal["INTEGER", "DOUBLE", "BOOLEAN", "VARCHAR", "TIMESTAMP WITH TIME ZONE", "INTEGER[]"]
Default = int | float | bool | str | None
Value = Default | datetime

# A time has a zone: without one it would mean another instant on another machine.
_PYTHON_TYPES: dict[ParameterType, object] = {
    "INTEGER": int,
    "DOUBLE": float,
    "BOOLEAN": bool,
    "VARCHAR": str,
    "TIMESTAMP WITH TIME ZONE": Annotated[datetime, msgspec.Meta(tz=True)],
    "INTEGER[]": list[int],
}


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ``$name`` of the SQL. No default means null; the bounds are inclusive and in ``unit``.

    ``choices`` are all values that a text can have (empty: any); or ``choices_of`` names the view that says so for its
    column of this name. A text that ``lists_projects`` has their names, one per line: the command line takes a file of
    them. If null has a meaning of its own, ``meaning`` ends with it: ``; null: all``.
    """

    type: ParameterType
    meaning: str
    unit: str | None = None
    default: Default = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    choices: tuple[str, ...] = ()
    choices_of: str | None = None
    lists_projects: bool = False

    @property
    def python_type(self) -> object:
        """The type of a value in Python, in the form for msgspec."""
        return _PYTHON_TYPES[self.type]

    @property
    def promise(self) -> str:
        """Its meaning, and the possible values if these are few or bounded."""
        return "; ".join(filter(None, [self.meaning, _one_of(self.choices), self.bounds]))

    @property
    def bounds(self) -> str:
        """The least and the greatest value, such as ``from 1 to 36500``; empty: no bounds."""
        lowest = "" if self.minimum is None else f"from {self.minimum}"
        highest = "" if self.maximum is None else f"to {self.maximum}"
        return " ".join(filter(None, [lowest, highest]))

    @property
    def is_time(self) -> bool:
        """Whether a value is an instant, written as in RFC 3339."""
        return self.type == "TIMESTAMP WITH TIME ZONE"


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of the answer: ``type`` in DuckDB's spelling, ``unit`` where it has one.

    ``choices`` are all values that it can have, in their order (empty: any).
    """

    type: str
    meaning: str
    unit: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def promise(self) -> str:
        """Its meaning, and the possible values if these are few."""
        return "; ".join(filter(None, [self.meaning, _one_of(self.choices)]))


def _one_of(choices: tuple[str, ...]) -> str:
    return f"one of {', '.join(choices)}" if choices else ""


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ``table`` that crawls do not fill: ``otherwise`` is how it gets rows, shown to users who ask without them."""

    table: str
    otherwise: str


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a query promises.

    ``uses`` are the views it reads. ``extends`` names a table of the dataset, or a view, whose columns come before
    ``columns``, so that they are written once. A view that ``is_shared`` is computed once in a run, however many
    queries read it; a view with ``parameters`` is a table macro, called with all of them in order; one that is both is
    computed once with its parameters' defaults, all numbers, for those that name it without parameters. A view that
    ``is_formula`` is one expression of its parameters, which SQL calls like a function, too: `days(14)`. ``shown`` are
    the columns that the command line answers with unless others are asked for, ``in_table`` those of them in a
    terminal's table of 80 columns (empty: all). A query that ``reads_times`` can find nothing in files without upload
    times. ``function`` names the function of Python that fills a shared view's last column from those before it. A
    ``portable`` query is written in SQL that other engines accept too, and so are the views that it reads: see
    `audit.portable`. A query that ``needs`` a table finds nothing if that is empty. ``including_deleted`` names the
    view that replaces this one when deleted files count: it has the same columns, and more.
    """

    question: str
    grain: str
    order: str
    source: str
    caveat: str
    columns: dict[str, Column]
    parameters: dict[str, Parameter] = {}
    uses: tuple[str, ...] = ()
    extends: str | None = None
    is_shared: bool = False
    is_formula: bool = False
    shown: tuple[str, ...] = ()
    in_table: tuple[str, ...] = ()
    function: str | None = None
    reads_times: bool = True
    portable: bool = False
    needs: Need | None = None
    including_deleted: str | None = None


def parse(sql: str, name: str) -> Header:
    """The header of the query ``name`` whose file holds ``sql``.

    Raises:
        QueryError: the text does not start with a block comment, or the comment is not a valid header; says which
            field.
    """
    start, _, rest = sql.partition("/*")
    comment, end, _ = rest.partition("*/")
    if start.strip() or not end:
        raise QueryError(f"{name}: its file must start with a block comment that holds the header")
    try:
        return msgspec.convert(tomli.loads(comment), Header)
    except (tomli.TOMLDecodeError, msgspec.ValidationError) as error:
        raise QueryError(f"{name}: its header does not fit: {error}") from error
