"""Answers as JSON: an array of objects, one row a line; ASCII only, so inert on a terminal."""

import json
import math

import pyarrow as pa

from audit.answers.values import distinct, exact


def render(table: pa.Table) -> str:
    """The rows as objects by column; times as in ``values.utc``, values without a type in JSON as text.

    Columns of the same name become ``a``, ``a_2``: an object has a key only once.
    """
    names = distinct(table.column_names)
    columns = [column.to_pylist() for column in table.columns]
    lines = [encode(_object(names, row)) for row in zip(*columns, strict=True)]
    return "[\n" + ",\n".join(f"  {line}" for line in lines) + "\n]\n" if lines else "[]\n"


def encode(value: object, indent: int | None = None) -> str:
    """One value as JSON, in ASCII, values without a type in JSON as text; with ``indent`` on several lines.

    Its only control characters are line ends: the standard library does not escape DEL, so that is done here.
    """
    return json.dumps(value, default=exact, indent=indent).replace("\x7f", "\\u007f")


def _object(names: list[str], row: tuple[object, ...]) -> dict[str, object]:
    return {name: _value(value) for name, value in zip(names, row, strict=True)}


def _value(value: object) -> object:
    """NaN and the infinities, which JSON cannot write, become null, at any depth."""
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
