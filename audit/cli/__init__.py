"""The command line: arguments in, exit code out, nothing else."""

import os
import sys
from typing import NoReturn

from audit.cli.signals import Terminated, raise_on_signals
from audit.errors import AuditError, CrawlError, DatasetError, OutputError
from audit.lean import leave_out

DONE, FINDINGS, WRONG_USAGE, COULD_NOT_RUN, INCOMPLETE = range(5)


def main() -> NoReturn:
    """Runs the command line and ends the process: 0 done, 1 findings, 2 usage, 3 could not run, 4 incomplete.

    A signal that asks it to end is 128 and the signal's number.
    """
    leave_out("pandas")
    raise_on_signals()
    # Imported late, so that what only needs the exit codes stays light.
    from audit.cli.app import app

    try:
        app(prog_name="release-audit")
    except AuditError as error:
        _end(str(error), COULD_NOT_RUN if isinstance(error, CrawlError | DatasetError | OutputError) else WRONG_USAGE)
    except Terminated as ended:
        _end(f"ended by {ended.signal.name}", 128 + ended.signal)
    except OSError as error:  # such as a disk too full for the answer
        # What could not be written would be tried again, and complained about, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _end(f"it could not go on: {error}", COULD_NOT_RUN)
    sys.exit(DONE)


def _end(told: str, code: int) -> NoReturn:
    from audit.masking import masked_text
    from audit.reports.text import plain

    sys.stderr.write(f"release-audit: {plain(masked_text(told))}\n")
    sys.exit(code)
