"""The page of the commands, from the help that the program itself prints."""

import re
from collections.abc import Iterator
from typing import cast

import typer
import typer.cli
import typer.core
import typer.main

from audit.cli.app import app

_NAME = "release-audit"
_LIST = "**Commands**:\n\n"


def commands_page() -> str:
    """Every command with its arguments and options, as Typer writes them down."""
    root = cast("typer.core.TyperGroup", typer.main.get_command(app))  # it has more than one command
    context = typer.Context(root, info_name=_NAME, **root.context_settings)
    told = typer.cli.get_docs_for_click(obj=root, ctx=context, name=_NAME, title="Commands")
    head, _, rest = told.partition(_LIST)
    # Typer's own list cuts each line short.
    page = head + _LIST + "".join(_list(root)) + "\n" + rest.partition("\n\n")[2]
    return _as_code(page).rstrip() + "\n"


def _list(root: typer.core.TyperGroup) -> Iterator[str]:
    for name, command in root.commands.items():
        promise = (command.help or "").partition("\n")[0]
        yield f"* [`{name}`](#{_NAME}-{name}): {promise}\n"


def _as_code(page: str) -> str:
    """The page with its examples as code, and with usage lines that nobody, and no test, takes for a session."""
    return re.sub(r"^Example: (.+)$", r"Example: `\1`", page, flags=re.MULTILINE).replace("```console\n$ ", "```text\n")
