"""A command for each query, made from its header: options, help and an example."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Any, Final

from typer.core import TyperCommand
from typer.main import get_command

from audit.cli.app import CommandGroup, CommandOnDemand, new_typer, with_shared_options
from audit.cli.listing import show_list
from audit.cli.options import option_name
from audit.cli.parameters import options_of, said
from audit.errors import UsageError
from audit.queries.catalog import Group, Query, QueryFile, folder, load, places
from audit.queries.header import Column, Header, Parameter

# Called with the given parameters, by name, and with its own options.
Handler = Callable[..., None]
_PARAMETER: Final = inspect.Parameter.KEYWORD_ONLY


class QueryCommand(TyperCommand):
    """A command that answers with a query's columns: its help lists them too."""

    header: Header | None = None

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Writes the options, and then the columns."""
        super().format_options(ctx, formatter)
        if self.header is not None:
            extended = [(self.header.extends, "all of its columns")] if self.header.extends else []
            with formatter.section("Columns"):
                formatter.write_dl(
                    [*extended, *((name, _column(column)) for name, column in self.header.columns.items())]
                )


class QueryOnDemand(CommandOnDemand):
    """A command of an `QueryCommands`, made only when it is called."""

    def __init__(self, name: str, question: Callable[[], str], make: Callable[[], TyperCommand]) -> None:
        """``question`` returns what the command answers, for a list."""
        super().__init__(name, rich_markup_mode=None)
        self._question = question
        self._make = make

    @cached_property
    def loaded(self) -> Any:
        """The command itself."""
        return self._make()

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - a question is shown in full
        """The question that it answers."""
        return self._question()


class QueryCommands(CommandGroup):
    """A command whose commands are the queries of ``groups`` (none: of all); without a name it lists them."""

    def __init__(self, name: str, description: str, ask: Handler, *groups: Group, example: str = "") -> None:
        """``ask`` is called with the query first; ``example`` follows its name in the example of its help."""
        advice = f"release-audit {name} NAME --help shows the options and the columns of one."
        super().__init__(
            name=name,
            help=f"{inspect.cleandoc(description)}\n\n{advice}",
            invoke_without_command=True,
            subcommand_metavar="[NAME]",
            rich_markup_mode=None,
        )
        self.groups = groups
        self.ask = ask
        self._example = example
        self.places = [place for place in places(folder()).values() if not groups or place.group in groups]
        self._names = {title: place.title for place in self.places for title in place.titles}
        for place in self.places:
            self.add_command(QueryOnDemand(place.title, partial(_question, place), partial(self._made, place)))

    def any(self, parameters: Mapping[str, Parameter]) -> TyperCommand:
        """A command with the options that all queries share, and with those of the parameters."""
        return command("NAME", str(self.help), partial(self.ask, None), parameters)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, with dashes or underscores."""
        called = cmd_name.replace("_", "-")
        return super().get_command(ctx, called if called in self.commands else self._names.get(called, called))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, and the rest.

        Raises:
            UsageError: there is none; says which is close, or which other command asks that query.
        """
        found = self.get_command(ctx, args[0])
        if found is None and not ctx.resilient_parsing:
            load().find(args[0], *self.groups)
        return found and found.name, found, args[1:]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parses the words; the query's name may follow options.

        Raises:
            UsageError: there are options of a query, but no name.
        """
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            every = self.any(merged(place.read() for place in self.places))
            rest = every.make_context(ctx.info_name, list(args), resilient_parsing=True).args
            if not rest and not ctx.resilient_parsing:
                raise UsageError(f"{args[0]} belongs to a query: name one, {ctx.command_path} lists them")
            for name in rest[:1]:
                args.remove(name)
                args = [name, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Runs the named command, or lists all."""
        result = super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            show_list(*self.groups)
        return result

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes every command with its whole question."""
        listed = [(name, str(self.get_command(ctx, name).get_short_help_str())) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(listed)

    def _made(self, place: QueryFile) -> TyperCommand:
        query = place.read()
        example = f"release-audit {self.name} {query.title}{self._example or _example(query.header)}"
        description = f"{_paragraphs(query.header)}\n\nExample: {example}"
        return command(query.title, description, partial(self.ask, query), query.header.parameters, query.header)


def merged(queries: Iterable[Query]) -> dict[str, Parameter]:
    """The parameters of several queries; for a shared one the first query's definition counts."""
    found: dict[str, Parameter] = {}
    for query in queries:
        found = {**query.header.parameters, **found}
    return found


def command(
    name: str, description: str, ask: Handler, parameters: Mapping[str, Parameter], header: Header | None = None
) -> TyperCommand:
    """A command whose options are the parameters, and those that ``ask`` takes besides; ``description`` is its help."""
    own = list(inspect.signature(ask, eval_str=True).parameters.values())[1:]

    def call(**values: Any) -> None:
        ask(said(parameters, values), **{each.name: values[each.name] for each in own})

    options = [*options_of(parameters), *(each.replace(kind=_PARAMETER) for each in own)]
    call.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined] # Typer reads the options from it
    single = new_typer(add_completion=False)
    single.command(name, cls=QueryCommand, help=description)(call)
    made: QueryCommand = with_shared_options(get_command(single))
    made.header = header
    return made


def _question(place: QueryFile) -> str:
    return place.read().header.question


def _paragraphs(header: Header) -> str:
    """A query's definition as paragraphs, without its parameters and columns."""
    grain = header.grain[:1].upper() + header.grain[1:]
    return f"{header.question}\n\n{grain}. Order: {header.order}. Source: {header.source}.\n\n{header.caveat}"


def _column(column: Column) -> str:
    unit = f", {column.unit}" if column.unit else ""
    return f"{column.promise} ({column.type}{unit})"


def _example(header: Header) -> str:
    """The example after a query's name: the first parameter with known values, else a format."""
    for name, parameter in header.parameters.items():
        if parameter.choices or parameter.default is not None:
            return f" {option_name(name)} {next(iter(parameter.choices), parameter.default)}"
    return " --format csv"
