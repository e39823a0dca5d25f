"""The prompt: history, several lines, completion and colours; the only user of prompt_toolkit."""

import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import Output
from pygments.lexers.sql import SqlLexer

from audit.answers.text import pointed
from audit.errors import AuditError
from audit.shell.dialogue import QUIT, Dialogue, command_of

Say = Callable[[str], None]


def converse(
    dialogue: Dialogue, say: Say, history: Path | None, source: Input | None = None, output: Output | None = None
) -> None:
    """Asks for entries and writes the answers, until Ctrl-D or .quit; after an error, in one line, it asks again.

    ``history`` is a file that keeps what was entered (None, or not writable: it is kept only while this runs).
    ``source`` and ``output`` are the terminal by default.
    """
    session: PromptSession[str] = PromptSession(
        "sql> ",
        prompt_continuation="...> ",
        multiline=Condition(lambda: not dialogue.is_whole(get_app().current_buffer.text)),
        history=_history(history),
        lexer=PygmentsLexer(SqlLexer),
        completer=WordCompleter(dialogue.words, WORD=True),
        complete_while_typing=False,
        key_bindings=_keys(),
        input=source,
        output=output,
    )
    with nullcontext() if source else _typed_ahead():
        while True:
            with suppress(KeyboardInterrupt):  # it drops the line being typed
                try:
                    entered = session.prompt()
                except EOFError:
                    return
                if command_of(entered) == QUIT:
                    return
                _answer(dialogue, entered, say)


@contextmanager
def _typed_ahead() -> Iterator[None]:
    """Keeps what is typed between two prompts for the next one, Ctrl-D too; Ctrl-C still interrupts.

    In line mode the terminal would take a Ctrl-D as the end of a line, and the prompt would not get it.
    """
    if not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin, termios.TCSANOW)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def _keys() -> KeyBindings:
    """Ctrl-D at the end of a line being typed drops the line, as Ctrl-C does; elsewhere it keeps its own meanings."""
    keys = KeyBindings()

    @keys.add("c-d", filter=Condition(_is_behind_text))
    def _drop(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    return keys


def _is_behind_text() -> bool:
    document = get_app().current_buffer.document
    return bool(document.text) and document.is_cursor_at_the_end


def _answer(dialogue: Dialogue, entered: str, say: Say) -> None:
    try:
        for answer in dialogue.answers(entered):
            say(answer)
    except AuditError as error:
        say(f"{pointed(error)}\n")
    except KeyboardInterrupt:
        say("interrupted\n")


def _history(file: Path | None) -> History:
    if file is not None:
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            return FileHistory(file)
    return InMemoryHistory()
