"""The program at its own terminal, as a person sees it and types."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 300.0
# Sequences that move a cursor or colour text.
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[=>()][0-9A-Z]?|\][^\x07]*\x07)")
# Makes the terminal the controlling one: Ctrl-C is a signal then.
_AT_TERMINAL = "import os, sys; os.login_tty(0); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"


class Terminal:
    """A program at a terminal of its own; ``seen`` is all that it showed, unchanged."""

    def __init__(self, master: int, process: "subprocess.Popen[bytes]") -> None:
        """``master`` is the terminal's other end."""
        self._master = master
        self.process = process
        self.shown = ""
        self.seen = ""

    def type(self, keys: str) -> None:
        """Types the keys, with control characters for Ctrl."""
        os.write(self._master, keys.encode())

    def until(self, text: str) -> str:
        """What was shown up to and with ``text``, since the last call; without what moves the cursor."""
        while text not in (plain := ESCAPES.sub("", self.shown)):
            piece = self._read(f"{text!r} is not shown: {plain!r}")
            if not piece:
                raise AssertionError(f"it ended, and {text!r} was not shown: {plain!r}")
            self._reply(piece)
            self.shown += piece.decode(errors="replace")
        found, _, rest = plain.partition(text)
        self.seen += self.shown
        self.shown = rest
        return found + text

    def rest(self) -> str:
        """What is shown until the program ends, as it came."""
        while piece := self._read(f"it does not end: {self.shown!r}"):
            self.shown += piece.decode(errors="replace")
        return self.shown

    def hang_up(self) -> None:
        """Closes the terminal, like a broken connection."""
        if self._master >= 0:
            os.close(self._master)
        self._master = -1

    def _read(self, otherwise: str) -> bytes:
        if not select.select([self._master], [], [], PATIENCE_SECONDS)[0]:
            raise AssertionError(otherwise)
        try:
            return os.read(self._master, 65536)
        except OSError:  # Linux: the program has gone
            return b""

    def _reply(self, piece: bytes) -> None:
        """Reports the position of the cursor, as every terminal does when asked."""
        if b"\x1b[6n" in piece:
            os.write(self._master, b"\x1b[1;1R")


@contextmanager
def terminal(arguments: Sequence[str], home: Path, **environment: str) -> Iterator[Terminal]:
    """Runs the program with these arguments at a terminal."""
    master, slave = pty.openpty()
    own = {"TERM": "xterm", "COLUMNS": "80", "LINES": "24", "HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
    command = [sys.executable, "-c", _AT_TERMINAL, "-m", "audit", *arguments]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=os.environ | own | environment)
    os.close(slave)
    screen = Terminal(master, process)
    try:
        yield screen
    finally:
        process.kill()
        process.wait()
        screen.hang_up()
