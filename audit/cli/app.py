"""The commands, in the order in which a newcomer meets them; the module of each is loaded when it is called."""

import os
import re
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

import audit
from audit.errors import hint
from audit.masking import masked_text

# For each command NAME: what it does. Its module is audit.cli.NAME and has a function, a Typer or a group NAME.
COMMANDS: Final = {
    "crawl": "Crawl an index's upload times into a dataset.",
    "import": "Make a dataset from a mirror, an export or a recording.",
    "status": "Show coverage, age, the last crawls and what failed.",
    "changes": "Show what changed between crawls.",
    "watch": "Show which releases changed, the most alarming first.",
    "flags": "Show what a flag finds, worst first.",
    "show": "Show when each file of a project or a release came.",
    "stats": "Show a statistic with its coverage, or all.",
    "preflight": "Say what an index will do with built files.",
    "report": "Write all numbers as one page, with charts.",
    "site": "Write all numbers as a static site.",
    "check": "Run the assertions: queries that must find nothing.",
    "scan": "Say whether what you install touches late files.",
    "rules": "List the rules of a scan, or explain one.",
    "environments": "List the environments that picks are for.",
    "queries": "List the queries, or show how one is defined.",
    "sql": "Run SQL that only reads over a dataset.",
    "dataset": "Export or upgrade a dataset.",
    "config": "Show the settings in force, and where each is from.",
    "doctor": "Say what is wrong with an installation, a dataset, an index.",
    "replay": "Serve recorded pages on loopback, as an index would.",
}
# A Python keyword cannot be the name of a module.
_MODULES: Final = {"import": "importing"}


class CommandGroup(TyperGroup):
    """A command of commands, whose own options are flags."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its own options: a flag not given is false. For None, Typer would load pydantic to make a boolean."""
        own: list[Any] = super().get_params(ctx)
        for each in own:
            each.default = each.default or False
        return own


class Program(CommandGroup):
    """The program: usage errors are written in plain words, with every address in them masked."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that the rest of the line names."""
        try:
            return super().invoke(ctx)
        except TyperException as error:
            if message := getattr(error, "message", None):  # an exit request has none
                text = _in_plain_words(message) if isinstance(error, typer.BadParameter) else message
                error.message = masked_text(str(text))
            raise


class CommandOnDemand(TyperCommand):
    """A command by its name and summary: the program's --help loads no command's module."""

    @cached_property
    def loaded(self) -> Any:  # typer has no public type for commands and groups
        """The command itself."""
        name = _MODULES.get(str(self.name), str(self.name))
        found = getattr(import_module(f"audit.cli.{name}"), name)
        if isinstance(found, TyperGroup):  # a group whose commands are made when they are called
            return found
        if not isinstance(found, typer.Typer):
            single = new_typer(add_completion=False)
            single.command(self.name)(found)
            found = single
        return with_shared_options(get_command(found))

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command itself: all that follows happens there. A group passes its settings on."""
        settings = parent.default_map and parent.default_map.get(self.name)
        if settings and isinstance(self.loaded, TyperGroup):
            extra["default_map"] = dict.fromkeys(self.loaded.commands, settings)
        return self.loaded.make_context(info_name, args, parent, **extra)


def _in_plain_words(message: str) -> str:
    """Typer's message for a wrong value; for a choice, with the closest one."""
    text = message.removeprefix("Value error, ")
    given, *choices = re.findall(r"'([^']*)'", text) if " is not one of " in text else [""]
    close = hint(given, choices, "")
    return f"{text.removesuffix('.')}: {close}" if close else text


def with_shared_options(command: Any) -> Any:
    """Adds the shared options to a command, or to all commands of a group."""
    from audit.cli.verbosity import shared_options

    for each in command.commands.values() if isinstance(command, TyperGroup) else [command]:
        each.params += shared_options()
    return command


def new_typer(cls: type[CommandGroup] = CommandGroup, **settings: Any) -> typer.Typer:
    """A Typer with this program's settings: its help is plain text, on a screen and in a file, and fast."""
    return typer.Typer(cls=cls, rich_markup_mode=None, pretty_exceptions_enable=False, **settings)


app = new_typer(
    cls=Program,
    name="release-audit",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(audit.__version__)
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: bool = typer.Option(  # noqa: ARG001 - its callback does everything
        False, "--version", callback=_show_version, is_eager=True, expose_value=False, help="Show the version and exit."
    ),
) -> None:
    """Which files came long after the first file of their release, on any Python package index."""
    # Imported late: a command needs the settings, the program's --help does not.
    from audit.cli.settings import check_environment, read_settings
    from audit.cli.verbosity import line

    check_environment(os.environ)
    context.obj = read_settings(Path.cwd())
    for note in context.obj.notes:
        typer.echo(line(note), err=True)
    context.default_map = context.obj.defaults(COMMANDS)


for _name, _summary in COMMANDS.items():
    app.command(_name, cls=CommandOnDemand, help=_summary)(lambda: None)
