"""The page of the commands, from the help that the program itself prints."""

import re
from collections.abc import Iterator
from typing import cast

import typer
from typer.cli import get_docs_for_click
from typer.core import TyperGroup
from typer.main import get_command

from audit.cli.app import COMMANDS, CommandOnDemand, app

_NAME = "release-audit"
_LIST = "**Commands**:\n\n"


def commands_page() -> str:
    """Every command with its arguments and options, as Typer writes them down."""
    root = cast("TyperGroup", get_command(app))  # it has more than one command
    context = typer.Context(root, info_name=_NAME, **root.context_settings)
    told = get_docs_for_click(obj=root, ctx=context, name=_NAME, title="Commands")
    head = told.partition(_LIST)[0] + _LIST + "".join(_list()) + "\n"
    return _as_code(head + "".join(_details(root, context))).rstrip() + "\n"


def _list() -> Iterator[str]:
    """Typer's own list would cut each line short."""
    for name, summary in COMMANDS.items():
        yield f"* [`{name}`](#{_NAME}-{name}): {summary}\n"


def _details(root: TyperGroup, context: typer.Context) -> Iterator[str]:
    for name, command in root.commands.items():
        loaded = command.loaded if isinstance(command, CommandOnDemand) else command
        yield get_docs_for_click(obj=loaded, ctx=context, indent=1, name=name, call_prefix=_NAME)


def _as_code(page: str) -> str:
    """The page with its examples as code, and with usage lines that nobody, and no test, takes for a session."""
    return re.sub(r"^Example: (.+)$", r"Example: `\1`", page, flags=re.MULTILINE).replace("```console\n$ ", "```text\n")
