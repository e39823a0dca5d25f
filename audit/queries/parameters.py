"""Values for the ``$parameters`` of a query: checked against its header before DuckDB sees them."""

import difflib
from collections.abc import Mapping
from datetime import datetime
from typing import cast

import msgspec
from packaging.utils import InvalidName, canonicalize_name

from audit.environments import select
from audit.errors import UsageError
from audit.queries.catalog import Query
from audit.queries.header import Parameter, Value


def complete(query: Query, given: Mapping[str, object]) -> dict[str, Value]:
    """A value for every parameter of ``query``: as given, else its default; a ``project`` PEP 503-normalized.

    Raises:
        UsageError: a name that the query does not take, an ``environment`` that there is not, or another value that
            does not fit; names both.
    """
    declared = query.header.parameters
    for name in given:
        if name not in declared:
            raise UsageError(f"{query.title} takes no parameter {name!r}: {_hint(name, declared)}")
    return {
        name: _checked(query, name, parameter, given[name]) if name in given else parameter.default
        for name, parameter in declared.items()
    }


def from_text(query: Query, settings: Mapping[str, str]) -> dict[str, object]:
    """Values as a command line gives them, in the types that the query's header declares.

    Raises:
        UsageError: a value is not of its type. (A name that the query does not take is left to ``complete``.)
    """
    declared = query.header.parameters
    return {
        name: _converted(query, name, declared[name], text, strict=False) if name in declared else text
        for name, text in settings.items()
    }


def _checked(query: Query, name: str, parameter: Parameter, value: object) -> Value:
    if value is None:
        return None
    fitting = _converted(query, name, parameter, value, strict=True)
    if isinstance(fitting, str):
        return _named(query, name, fitting)
    if isinstance(fitting, datetime):
        return fitting
    lowest, highest = parameter.minimum, parameter.maximum
    if (lowest is not None and fitting < lowest) or (highest is not None and fitting > highest):
        raise _misfit(query, name, value, _range(parameter))
    return fitting


def _converted(
    query: Query, name: str, parameter: Parameter, value: object, *, strict: bool
) -> int | float | str | datetime:
    # Times are strict always: else 20261123 would be so many seconds after 1970.
    is_strict = strict or parameter.is_time
    try:
        return cast("int | float | str | datetime", msgspec.convert(value, parameter.python_type, strict=is_strict))
    except msgspec.ValidationError as error:
        raise _misfit(query, name, value, _range(parameter)) from error


def _named(query: Query, name: str, text: str) -> str:
    if name == "project":
        return _normalized(query, text)
    if name == "environment":
        select(text)
    return text


def _normalized(query: Query, project: str) -> str:
    try:
        return canonicalize_name(project, validate=True)
    except InvalidName as error:
        raise _misfit(query, "project", project, "a project name such as 'charset-normalizer'") from error


def _misfit(query: Query, name: str, value: object, expected: str) -> UsageError:
    return UsageError(f"{query.title}: {name} = {value!r} does not fit: expected {expected}")


def _range(parameter: Parameter) -> str:
    if parameter.is_time:
        return "a time with its zone, such as 2026-11-23T00:00:00Z"
    low = "" if parameter.minimum is None else f" from {parameter.minimum}"
    high = "" if parameter.maximum is None else f" to {parameter.maximum}"
    return f"{parameter.type}{low}{high}{f' ({parameter.unit})' if parameter.unit else ''}"


def _hint(name: str, declared: Mapping[str, Parameter]) -> str:
    close = difflib.get_close_matches(name, declared, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"it takes {', '.join(declared)}" if declared else "it takes none"
