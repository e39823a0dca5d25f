"""The parameters of a query as options: they are defined only in its header."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from audit.cli.options import ThisOption, chosen_environment, instant, option_name, read_projects, variable
from audit.cli.settings import TYPES
from audit.queries.header import Parameter, ParameterType

ENVIRONMENT: Final = "environment"
THIS: Final = "this"
# For each SQL type: the type of the option's value, and its name in help.
_TYPES: Final[Mapping[ParameterType, tuple[type, str]]] = {
    "INTEGER": (int, "<integer>"),
    "DOUBLE": (float, "<number>"),
    "BOOLEAN": (bool, ""),
    "VARCHAR": (str, "<text>"),
    "TIMESTAMP WITH TIME ZONE": (datetime, "<time>"),
    "INTEGER[]": (list[int], "<integer>"),
}
_NULL: Final = "; null: "


def options_of(parameters: Mapping[str, Parameter]) -> Iterator[inspect.Parameter]:
    """An option for each parameter, None if it is not given, in the form that Typer reads from a signature.

    ``--this`` is added beside ``--environment``: it means the environment that runs the program.
    """
    for name, parameter in parameters.items():
        type_, _ = _TYPES[parameter.type]
        yield _option(name, Annotated[type_ | None, _typer_option(name, parameter)], None)
        if name == ENVIRONMENT:
            yield _option(THIS, ThisOption, False)


def said(parameters: Mapping[str, Parameter], values: Mapping[str, Any]) -> dict[str, object]:
    """The parameters that the command line, the environment or a settings file set, from the ``values`` of all options.

    Raises:
        UsageError: two environments are asked for, or one that does not exist.
    """
    found = {name: values[name] for name in parameters}
    if ENVIRONMENT in found:
        found[ENVIRONMENT] = chosen_environment(found[ENVIRONMENT], this=values[THIS])
    return {name: value for name, value in found.items() if value is not None}


def promise(parameter: Parameter) -> str:
    """One sentence of help: its meaning, its possible values, and its default."""
    meaning, _, null = parameter.meaning.partition(_NULL)
    choices = f"one of {', '.join(parameter.choices)}" if parameter.choices else ""
    bounds = " ".join(filter(None, [parameter.bounds, parameter.unit]))
    default = null if parameter.default is None else str(parameter.default)
    sentence = "; ".join(filter(None, [meaning, choices, bounds]))
    return f"{sentence[:1].upper()}{sentence[1:]}{f' (default: {default})' if default else ''}."


def _option(name: str, annotation: Any, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _typer_option(name: str, parameter: Parameter) -> Any:  # what typer.Option returns
    option = option_name(name)
    is_flag = parameter.type == "BOOLEAN"
    names = [option, *([f"{option}-at"] if parameter.is_time else [])]
    title = option.removeprefix("--")
    return typer.Option(
        *([f"{option}/--no-{title}"] if is_flag else names),
        metavar=None if is_flag else "<file>" if parameter.lists_projects else _TYPES[parameter.type][1],
        help=promise(parameter),
        envvar=variable(title) if title in TYPES else None,
        parser=_parser(option, parameter),
        autocompletion=_completing(parameter),
    )


def _parser(option: str, parameter: Parameter) -> Callable[[str], Any] | None:
    """The function that makes the value from a text, if Typer cannot."""
    if parameter.is_time:
        return lambda text: instant(option, text)
    if parameter.lists_projects:
        return lambda text: "\n".join(read_projects(option, Path(text)))
    return None


def _completing(parameter: Parameter) -> Callable[[str], list[str]] | None:
    def choices(incomplete: str) -> list[str]:
        return [choice for choice in parameter.choices if choice.startswith(incomplete)]

    return choices if parameter.choices else None
