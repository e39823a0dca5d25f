"""The one way to standard output: exact bytes for a file or a pipe, nothing that acts for a terminal."""

import sys
from typing import Any, TextIO

import typer

from audit.reports.text import inert


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads or types there; a stream that was closed before the program began is None."""
    return stream is not None and stream.isatty()


def write(text: str) -> None:
    """Writes ``text``, which ends its own lines: UTF-8 and LF on every machine.

    On a terminal it is in the terminal's own coding (in a foreign one, bytes of UTF-8 can be controls), what that does
    not have and what a terminal could act on as escapes.
    """
    if is_terminal(sys.stdout):
        typer.echo(inert(text).encode(sys.stdout.encoding, "backslashreplace"), nl=False)
    else:
        typer.echo(text.encode("utf-8", "backslashreplace"), nl=False)


def never_fail_to_encode() -> None:
    """Has standard output write escapes for what its coding does not have, as standard error does."""
    stream: Any = sys.stdout  # None where it is closed, and without the method where a program put something there
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
