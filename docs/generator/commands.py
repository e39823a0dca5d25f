"""The page of the commands, from the help that the program itself prints."""

import typer
import typer.cli
import typer.main

from audit.cli.app import app


def commands_page() -> str:
    """Every command with its arguments and options, as Typer writes them down."""
    root = typer.main.get_command(app)
    context = typer.Context(root, info_name="release-audit", **root.context_settings)
    told = typer.cli.get_docs_for_click(obj=root, ctx=context, name="release-audit", title="Commands")
    # A usage line is no session: nobody should try to run it, and no test.
    return told.replace("```console\n$ ", "```text\n").rstrip() + "\n"
