"""The command line: arguments in, exit code out, nothing else."""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

import audit
from audit.cli.signals import Terminated, raise_on_signals
from audit.errors import (
    AuditError,
    CrawlError,
    DatasetError,
    EngineError,
    ExtraError,
    InputError,
    OutputError,
    UsageError,
)
from audit.lean import leave_out
from audit.masking import masked_text

# The commands that use NumPy; all others load PyArrow without it, which is faster. A scan uses it only if it crawls:
# not if it is given a dataset or --offline.
WITH_NUMPY: Final = {"crawl", "import", "preflight", "report", "scan", "site"}
_AT_HAND: Final = {"--offline", "--dataset"}
_OTHER_ENGINE: Final = "--engine"  # its libraries use NumPy
_COULD_NOT: Final = (CrawlError, DatasetError, EngineError, ExtraError, InputError, OutputError)

DONE, FINDINGS, WRONG_USAGE, COULD_NOT_RUN, INCOMPLETE = range(5)


def main() -> NoReturn:
    """Runs the command line and ends the process: 0 done, 1 findings, 2 usage, 3 could not run, 4 incomplete.

    A signal that ends it gives 128 plus the signal's number.
    """
    leave_out("pandas", *([] if _reckons(sys.argv[1:]) else ["numpy"]))
    raise_on_signals()
    # Imported late, so that modules that need only the exit codes stay light.
    from audit.cli.app import app
    from audit.cli.output import never_fail_to_encode

    never_fail_to_encode()
    try:
        _check_text(sys.argv)
        app(prog_name="release-audit")
    except AuditError as error:
        could_not = isinstance(error, _COULD_NOT)
        _end(str(error), COULD_NOT_RUN if could_not else WRONG_USAGE, error)
    except Terminated as ended:
        _end(f"ended by {ended.signal.name}", 128 + ended.signal)
    except OSError as error:  # such as a full disk
        # Otherwise Python would try to write the rest again at its end, and print another error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _end(f"it could not go on: {error}", COULD_NOT_RUN)
    except Exception as error:  # any unexpected error: the user sees one line
        _end(_unexpected(error), COULD_NOT_RUN)
    sys.exit(DONE)


def _reckons(arguments: Sequence[str]) -> bool:
    names = {argument.partition("=")[0] for argument in arguments}
    return _OTHER_ENGINE in names or (bool(WITH_NUMPY & names) and not ("scan" in names and _AT_HAND & names))


def _check_text(arguments: Sequence[str]) -> None:
    """Checks that each argument is text: bytes that cannot be decoded are no name, SQL, address or header.

    Raises:
        UsageError: one is not.
    """
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            shown = masked_text(argument)[:40]
            raise UsageError(f"the argument {shown!r} is not text in this locale: give UTF-8, with LC_ALL=C.UTF-8")


def _unexpected(error: BaseException) -> str:
    """The message for a fault of the program itself, with its place: what a bug report needs."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(Path(__file__).parents[1])]
    at = f" (release-audit {audit.__version__}, {Path(own[-1].filename).stem}, line {own[-1].lineno})" if own else ""
    message = masked_text(str(error)).partition("\n")[0][:200]  # masked first: a cut address could not be masked
    return (
        f"unexpected error: {type(error).__name__}{f': {message}' if message else ''}{at}. That is a fault of "
        "this program: please report this line and the command in the project's issue tracker; --verbose shows more"
    )


def _end(message: str, code: int, error: AuditError | None = None) -> NoReturn:
    """Ends the process with one line; on a terminal also with the line of SQL that ``error`` points to."""
    from audit.answers.text import plain, pointed
    from audit.cli.output import is_terminal

    if sys.stderr is not None:
        shown = pointed(error) if error and is_terminal(sys.stderr) else plain(masked_text(message))
        sys.stderr.write(f"release-audit: {shown}\n")
    sys.exit(code)
