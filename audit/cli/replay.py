"""``release-audit replay``: recorded pages as an index on loopback, to try a crawl without using a real index."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated

import typer

from audit.cli.options import variable
from audit.cli.output import write
from audit.cli.verbosity import LOG
from audit.counting import counted
from audit.errors import UsageError
from audit.extras import needing

INDEX_VARIABLE = variable("index-url")
_Handler = Callable[[int, FrameType | None], object]


def replay(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Recorded pages: index/NAME.json.gz and json/NAME.json.gz.")
    ],
    command: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COMMAND",
            help=f"After --: runs it with {INDEX_VARIABLE} set, then ends with its exit code.",
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
) -> None:
    """Serve recorded pages on this machine as an index would, until Ctrl-C or until a command ends.

    Example: release-audit replay data/sample -- release-audit crawl --whole-index
    """
    # Imported late: the server's libraries would slow down every other command's --help.
    from audit.replay.recording import recorded_projects

    with needing("replay", "a replay"):
        from audit.replay.server import serving

    held = counted(len(recorded_projects(folder)), "project")
    if command:
        with serving(folder, port) as address:
            LOG.info("replay of %s at %s", held, address)
            code = _run(command, {**os.environ, INDEX_VARIABLE: address})
        raise typer.Exit(code)
    with (
        _handling({signal.SIGTERM: signal.default_int_handler}),
        suppress(KeyboardInterrupt),
        serving(folder, port) as address,
    ):
        write(f"replay of {held} at {address} (Ctrl-C ends it)\n")
        Event().wait()


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The exit code of a command, as in a shell: 128 plus the signal's number if a signal ended it.

    Raises:
        UsageError: it cannot be started.
    """
    try:
        process = subprocess.Popen(command, env=environment)  # noqa: S603 - what the user asked to run
    except OSError as error:
        raise UsageError(f"cannot run {command[0]!r}: {error.strerror}") from error
    # A terminal's Ctrl-C reaches the command too, which decides what to do. Other signals are passed on.
    handlers: dict[int, _Handler] = {
        signal.SIGINT: lambda *_: None,
        signal.SIGTERM: lambda *_: process.terminate(),
        signal.SIGHUP: lambda *_: process.send_signal(signal.SIGHUP),
    }
    with _handling(handlers), process:
        code = process.wait()
    return code if code >= 0 else 128 - code


@contextmanager
def _handling(handlers: Mapping[int, _Handler]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
