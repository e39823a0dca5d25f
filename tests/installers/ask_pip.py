"""Runs pip many times in one process, which saves its start-up: python -m tests.installers.ask_pip FILE

FILE holds a JSON list of argument lists. Prints a JSON list of exit codes, last.
"""

import json
import sys
from pathlib import Path

from pip._internal.cli.main import main


def run(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as error:
        return int(error.code or 0)


if __name__ == "__main__":
    codes = [run(arguments) for arguments in json.loads(Path(sys.argv[1]).read_text("utf-8"))]
    print(json.dumps(codes))  # noqa: T201 - its answer
