"""A signal that asks the process to end runs the clean-up, and sets the exit code."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

# It waits again and again: a signal that comes just before a read would wait for the read.
PROGRAM = """
import select, sys; from pathlib import Path; import audit.cli.app
from audit import cli
def app(**_):
    try:
        print("up", flush=True)
        while not select.select([sys.stdin], [], [], 0.05)[0]:
            pass
    finally:
        Path(sys.argv[1]).write_text("tidied up")
audit.cli.app.app = app
cli.main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("is_ignored", [False, True])
def test_a_signal_ends_it_tidily_unless_it_is_ignored(tmp_path: Path, number: signal.Signals, is_ignored: bool) -> None:
    # As nohup does for what it starts; who runs the tests may ignore them too.
    before = signal.signal(number, signal.SIG_IGN if is_ignored else signal.SIG_DFL)
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "tidied")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(number, before)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        if is_ignored:
            assert process.communicate("")[1] == ""
        else:
            assert process.wait(300) == 128 + number
            assert process.stderr is not None
            assert process.stderr.read() == f"release-audit: ended by {number.name}\n"
    assert process.returncode == (0 if is_ignored else 128 + number)
    assert (tmp_path / "tidied").read_text() == "tidied up"
