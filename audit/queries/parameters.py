"""Values for the ``$parameters`` of a query: checked against its header before DuckDB sees them."""

import math
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Final, SupportsIndex, cast

import msgspec
from packaging.utils import canonicalize_name

from audit.errors import ParameterError, UsageError, hint
from audit.queries.catalog import Query
from audit.queries.environments import select
from audit.queries.header import Parameter, Value


def complete(query: Query, given: Mapping[str, object]) -> dict[str, Value]:
    """A value for every parameter of ``query``: as given, else its default; a ``project`` is normalized (PEP 503).

    None fits only where it is the default: elsewhere it would find nothing, which looks like an answer.

    Raises:
        UsageError: a parameter that the query does not have, an unknown ``environment``, or another value that does not
            fit; names both.
    """
    declared = query.header.parameters
    for name in given:
        if name not in declared:
            takes = f"it takes {', '.join(declared) or 'none'}"
            raise UsageError(f"{query.title} takes no parameter {name!r}: {hint(name, declared, takes)}")
    return {
        name: _checked(query, name, parameter, given[name]) if name in given else parameter.default
        for name, parameter in declared.items()
    }


def _checked(query: Query, name: str, parameter: Parameter, value: object) -> Value:
    if value is None:
        if parameter.default is None:
            return None
        left_out = f"{_range(parameter)}; left out, it is {parameter.default!r}"
        raise ParameterError(query.title, name, value, left_out)
    fitting = _converted(query, name, parameter, value)
    if isinstance(fitting, str):
        return _meant(query, name, parameter, fitting)
    if not isinstance(fitting, int | float):
        return fitting
    lowest = -math.inf if parameter.minimum is None else parameter.minimum
    highest = math.inf if parameter.maximum is None else parameter.maximum
    if not lowest <= fitting <= highest:  # written so, it refuses NaN too
        raise ParameterError(query.title, name, value, _range(parameter))
    return fitting


def _converted(query: Query, name: str, parameter: Parameter, value: object) -> Value:
    try:
        return cast("Value", msgspec.convert(_plain(value, parameter), parameter.python_type))
    except msgspec.ValidationError as error:
        raise ParameterError(query.title, name, value, _range(parameter)) from error


def _plain(value: object, parameter: Parameter) -> object:
    """A day or time as text where the query takes text; a whole number of another library, such as NumPy, as int."""
    if isinstance(value, date) and parameter.type == "VARCHAR":
        return value.isoformat()
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        return operator.index(value)
    return value


def _meant(query: Query, name: str, parameter: Parameter, text: str) -> str:
    """A text in the form that the query needs: a project's name and an instant have only one spelling."""
    if parameter.choices and text not in parameter.choices:
        raise ParameterError(query.title, name, text, hint(text, parameter.choices))
    if name == "environment":
        select(text)
    try:
        return _WRITTEN[name](text) if name in _WRITTEN else text
    except ValueError as error:  # InvalidName is one
        raise ParameterError(query.title, name, text, f"expected {_EXPECTED[name]}") from error


def instant(text: str) -> datetime:
    """A day or a time, in UTC unless it has a zone.

    Raises:
        ValueError: the text is neither.
    """
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


_WRITTEN: Final[Mapping[str, Callable[[str], str]]] = {
    "project": partial(canonicalize_name, validate=True),
    "since": lambda text: instant(text).isoformat(),  # as SQL reads it on every machine
}
_EXPECTED: Final = {
    "project": "a project name such as 'charset-normalizer'",
    "since": "a day or a time in UTC, such as 2024-01-31",
}


def _range(parameter: Parameter) -> str:
    if parameter.is_time:
        return "expected a time with its zone, such as 2026-11-23T00:00:00Z"
    unit = f"({parameter.unit})" if parameter.unit else ""
    return " ".join(filter(None, ["expected", parameter.type, parameter.bounds, unit]))
