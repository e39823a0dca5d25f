"""The environments as relations for SQL.

A tag's rank is its place in the environment's list. The lists are long, but each is the product of two short ones:
every pair of an interpreter and an ABI, in order, with every platform tag, in order (``any`` has pairs of its own). So
the rank of a tag is that of its pair, in steps of ``PLATFORM_RANKS``, plus that of its platform tag.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa

from audit.queries.environments.environment import Environment
from audit.queries.environments.interpreters import Interpreter
from audit.queries.environments.platforms import Platform

PLATFORM_RANKS: Final = 1_000
_PLATFORM = "platform"
_Row = tuple[object, ...]


_TEXT, _NUMBER, _FLAG = pa.string(), pa.int64(), pa.bool_()
_ENVIRONMENTS = pa.schema(
    [
        ("environment_number", _NUMBER),
        ("environment", _TEXT),
        ("interpreter", _TEXT),
        ("python_version", _TEXT),
        ("platform", _TEXT),
        ("era", _TEXT),
    ]
)
_INTERPRETER_RANKS = pa.schema(
    [("interpreter", _TEXT), ("python_tag", _TEXT), ("abi_tag", _TEXT), ("is_any", _FLAG), ("pair_rank", _NUMBER)]
)
_PLATFORM_RANKS = pa.schema([("platform", _TEXT), ("platform_tag", _TEXT), ("platform_rank", _NUMBER)])


NAMES: Final = ("environments", "interpreter_ranks", "platform_ranks")


def relations(known: Sequence[Environment]) -> dict[str, pa.Table]:
    """The relations `NAMES`, by name."""
    interpreters = {each.interpreter.name: each.interpreter for each in known}.values()
    platforms = {each.platform.name: each.platform for each in known}.values()
    made = (
        _table(_ENVIRONMENTS, [_environment(number, each) for number, each in enumerate(known)]),
        _table(_INTERPRETER_RANKS, [row for each in interpreters for row in _pairs(each)]),
        _table(_PLATFORM_RANKS, [row for each in platforms for row in _tags(each)]),
    )
    return dict(zip(NAMES, made, strict=True))


def _environment(number: int, environment: Environment) -> _Row:
    interpreter = environment.interpreter
    return number, environment.name, interpreter.name, interpreter.version, environment.platform.name, environment.era


def _pairs(interpreter: Interpreter) -> Iterator[_Row]:
    for rank, tag in enumerate(interpreter.tags([_PLATFORM])):
        yield interpreter.name, tag.interpreter, tag.abi, tag.platform != _PLATFORM, rank * PLATFORM_RANKS


def _tags(platform: Platform) -> Iterator[_Row]:
    for rank, tag in enumerate(platform.tags):
        yield platform.name, tag, rank


def _table(schema: pa.Schema, rows: Sequence[_Row]) -> pa.Table:
    """Rows as a table, made by columns: for dicts, PyArrow would load pandas to check that they are not its objects."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)
