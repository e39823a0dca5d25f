"""The page of the commands, from the help that the program itself prints."""

import re
from collections.abc import Iterator
from typing import cast

import typer
from typer.cli import get_docs_for_click
from typer.core import TyperGroup
from typer.main import get_command

from audit.cli.app import COMMANDS, CommandOnDemand, app
from audit.cli.options import option_name
from audit.cli.query_commands import QueryCommands
from docs.generator.markdown import code

_NAME = "release-audit"
_DEFINITIONS = "[The definitions](queries.md) explain each"
_LIST = "**Commands**:\n\n"


def commands_page() -> str:
    """Every command with its arguments and options, as Typer writes them down."""
    root = cast("TyperGroup", get_command(app))  # it has more than one command
    context = typer.Context(root, info_name=_NAME, **root.context_settings)
    text = get_docs_for_click(obj=root, ctx=context, name=_NAME, title="Commands")
    head = text.partition(_LIST)[0] + _LIST + "".join(_list()) + "\n"
    return _as_code(head + "".join(_details(root, context))).rstrip() + "\n"


def _list() -> Iterator[str]:
    """Typer's own list would cut each line short."""
    for name, summary in COMMANDS.items():
        yield f"* [`{name}`](#{_NAME}-{name}): {summary}\n"


def _details(root: TyperGroup, context: typer.Context) -> Iterator[str]:
    for name, command in root.commands.items():
        loaded = command.loaded if isinstance(command, CommandOnDemand) else command
        if isinstance(loaded, QueryCommands):
            yield from _queries(loaded, context)
            continue
        yield get_docs_for_click(obj=loaded, ctx=context, indent=1, name=name, call_prefix=_NAME)


def _queries(group: QueryCommands, context: typer.Context) -> Iterator[str]:
    """What all queries of a command share, and each with the options of its own."""
    called = f"{_NAME} {group.name}"
    yield get_docs_for_click(
        obj=group.any({}), ctx=context, indent=1, name="NAME", call_prefix=called, title=code(called)
    )
    yield f"The parameters of a query are options too. {_DEFINITIONS}:\n\n" if group.groups else f"{_DEFINITIONS}.\n\n"
    for place in group.places if group.groups else []:
        header = place.read().header
        link = f"[{code(place.title)}](queries.md#{place.title})"
        options = ", ".join(code(option_name(name)) for name in header.parameters)
        yield f"* {link}: {header.question} {options}".rstrip() + "\n"
    yield "\n"


def _as_code(page: str) -> str:
    """The page with its examples as code, and with usage lines that nobody, and no test, takes for a session."""
    return re.sub(r"^Example: (.+)$", r"Example: `\1`", page, flags=re.MULTILINE).replace("```console\n$ ", "```text\n")
