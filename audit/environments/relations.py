"""The environments as relations for SQL.

A tag ranks by its place in the environment's list. The lists are long, but each is the product of two short ones:
every pair of an interpreter and an ABI, in order, with every platform tag, in order (``any`` has pairs of its own). So
the rank of a tag is that of its pair, in steps of ``PLATFORM_RANKS``, plus that of its platform tag.
"""

from typing import Final

import pyarrow as pa

from audit.environments.environment import Environment, all_environments, this_environment

PLATFORM_RANKS: Final = 1_000
_PLATFORM = "platform"


def relations() -> dict[str, pa.Table]:
    """``environments``, ``interpreter_ranks`` and ``platform_ranks``, by name; ``this`` is among the environments.

    ``is_default``: a query that is asked about no environment in particular counts this one.
    """
    known = [*all_environments(), this_environment()]
    return {
        "environments": pa.Table.from_pylist([_row(number, each) for number, each in enumerate(known)]),
        "interpreter_ranks": _interpreter_ranks(known),
        "platform_ranks": _platform_ranks(known),
    }


def _row(number: int, environment: Environment) -> dict[str, object]:
    interpreter = environment.interpreter
    return {
        "environment_number": number,
        "environment": environment.name,
        "interpreter": interpreter.name,
        "python_version": interpreter.version,
        "platform": environment.platform.name,
        "is_default": interpreter.is_current and environment.name != "this",
    }


def _interpreter_ranks(known: list[Environment]) -> pa.Table:
    interpreters = {each.interpreter.name: each.interpreter for each in known}
    rows = [
        {
            "interpreter": interpreter.name,
            "python_tag": tag.interpreter,
            "abi_tag": tag.abi,
            "is_any": tag.platform != _PLATFORM,
            "pair_rank": rank * PLATFORM_RANKS,
        }
        for interpreter in interpreters.values()
        for rank, tag in enumerate(interpreter.tags([_PLATFORM]))
    ]
    return pa.Table.from_pylist(rows)


def _platform_ranks(known: list[Environment]) -> pa.Table:
    platforms = {each.platform.name: each.platform for each in known}
    rows = [
        {"platform": platform.name, "platform_tag": tag, "platform_rank": rank}
        for platform in platforms.values()
        for rank, tag in enumerate(platform.tags)
    ]
    return pa.Table.from_pylist(rows)
