"""Runs pip many times in one process and keeps what each call prints: python -m tests.installers.ask_versions FILE

FILE holds a JSON list of argument lists. Prints a JSON list of the exit code and the output of each, last.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

from tests.installers.ask_pip import run


def printed(arguments: list[str]) -> tuple[int, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = run(arguments)
    return code, out.getvalue()


if __name__ == "__main__":
    answers = [printed(arguments) for arguments in json.loads(Path(sys.argv[1]).read_text("utf-8"))]
    print(json.dumps(answers))  # noqa: T201 - its answer
