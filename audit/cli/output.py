"""The only way to standard output: exact bytes for a file or a pipe, inert text for a terminal."""

import sys
from pathlib import Path
from typing import Any, TextIO

import typer

from audit.answers.text import inert
from audit.cli.verbosity import LOG
from audit.errors import UsageError


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads or types there; a stream closed before the program began is None."""
    return stream is not None and stream.isatty()


def write(text: str) -> None:
    """Writes ``text``, which has its own line ends: UTF-8 and LF on every machine.

    On a terminal it is in the terminal's own encoding (in another one, bytes of UTF-8 can be control characters);
    characters that it lacks, or that could control the terminal, are written as escapes.
    """
    if is_terminal(sys.stdout):
        typer.echo(inert(text).encode(sys.stdout.encoding, "backslashreplace"), nl=False)
    else:
        typer.echo(text.encode("utf-8", "backslashreplace"), nl=False)


def write_text(text: str, out: Path | None, *, outside: Path | None) -> None:
    """Writes ``text`` as `write` does, or to the file ``out`` as `write_to` does."""
    if out is None:
        write(text)
    else:
        write_to(out, text.encode(), outside=outside)


def write_to(out: Path | None, content: bytes, *, outside: Path | None) -> None:
    """Writes ``content`` to ``out``, which changes only when all is written; None: to standard output.

    Raises:
        UsageError: ``out`` is no place for a file or lies in the dataset ``outside``, or bytes would go to a terminal.
        OutputError: it cannot be written; what was there before is as it was.
    """
    from audit.disk.whole import output

    if out is None:
        if is_terminal(sys.stdout):
            raise UsageError("a terminal cannot show this format: give --output FILE")
        typer.echo(content, nl=False)
        return
    with output(out, outside=outside) as file:
        file.write_bytes(content)
    LOG.info("%s: %s bytes", out, f"{len(content):,}")


def never_fail_to_encode() -> None:
    """Makes standard output write escapes for characters that its encoding lacks, as standard error does."""
    stream: Any = sys.stdout  # None if it is closed, and without the method if a program replaced it
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
