"""How much is written to standard error beside the answer: logging's levels, chosen by --verbose and --quiet.

What a user wants to know is INFO, what may be wrong a WARNING, how the program works DEBUG. Warnings are always shown.
Messages of other libraries are shown only with --verbose.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any, Final

import typer

from audit.answers.text import plain
from audit.masking import masked_text

LOG: Final = logging.getLogger("audit")
# Each retry and its reason.
_LIBRARIES: Final = ("stamina",)


class _Line(logging.Formatter):
    """Formats every record as a `line`."""

    def format(self, record: logging.LogRecord) -> str:
        return line(record.getMessage())


def line(text: str) -> str:
    """A line of the program for standard error, in which strangers' text is inert and addresses are masked."""
    return f"release-audit: {plain(masked_text(text))}"


def choose(context: typer.Context, is_verbose: bool | None) -> None:
    """Sets the level for as long as the command runs."""
    if context.resilient_parsing:  # a shell completes
        return
    if is_verbose:
        context.with_resource(_everything())
    else:
        context.with_resource(_to_standard_error(LOG, logging.INFO if is_verbose is None else logging.WARNING))


VerbosityOption = Annotated[
    bool | None,
    typer.Option(
        "--verbose/--quiet",
        "-v/-q",
        callback=choose,
        expose_value=False,
        help="Write more to standard error, or only warnings.",
    ),
]


def _shared(verbosity: VerbosityOption = None) -> None:
    """Options that every command has."""


def shared_options() -> list[Any]:  # typer has no public type for options
    """The options that every command has, as command objects have them."""
    holder = typer.Typer(add_completion=False)
    holder.command()(_shared)
    return list(typer.main.get_command(holder).params)


@contextmanager
def _to_standard_error(logger: logging.Logger, level: int) -> Iterator[None]:
    handler = logging.StreamHandler()
    handler.setFormatter(_Line())
    before = logger.level
    logger.setLevel(level)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


@contextmanager
def _everything() -> Iterator[None]:
    """Also shows the traceback of an error, which is otherwise one line."""
    with ExitStack() as stack:
        for logger in (LOG, *map(logging.getLogger, _LIBRARIES)):
            stack.enter_context(_to_standard_error(logger, logging.DEBUG))
        try:
            yield
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except Exception:
            for line in traceback.format_exc().splitlines():
                LOG.debug("%s", line)
            raise
