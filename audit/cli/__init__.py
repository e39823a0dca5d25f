"""The command line: arguments in, exit code out, nothing else."""

import sys
from typing import NoReturn

from audit.errors import AuditError, CrawlError, DatasetError
from audit.lean import leave_out

DONE, FINDINGS, WRONG_USAGE, COULD_NOT_RUN, INCOMPLETE = range(5)


def main() -> NoReturn:
    """Runs the command line and ends the process: 0 done, 1 findings, 2 usage, 3 could not run, 4 incomplete."""
    leave_out("pandas")
    # Imported late, so that what only needs the exit codes stays light.
    from audit.cli.app import app

    try:
        app(prog_name="release-audit")
    except AuditError as error:
        from audit.reports.text import plain

        sys.stderr.write(f"release-audit: {plain(str(error))}\n")
        sys.exit(COULD_NOT_RUN if isinstance(error, CrawlError | DatasetError) else WRONG_USAGE)
    sys.exit(DONE)
