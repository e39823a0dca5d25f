"""A user's output is complete or as it was, however the program ends; the exit code says which."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dataset_builder import make_dataset

# A file of more than this many bytes is "too large", as on a disk that is full.
FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from audit.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))
main()
"""
# It says so when it is about to end a file, and waits there: again and again, as a signal that comes just before a read
# would wait for the read.
HALFWAY = """
import select, sys; from audit.cli import main; from audit.disk import whole
def wait(file):
    print("halfway", flush=True)
    while not select.select([sys.stdin], [], [], 0.05)[0]:
        pass
whole.sync_file = wait
main()
"""
COMMANDS = [["report", "--out"], ["report", "--format", "markdown", "--out"], ["dataset", "export", "--force"]]
# Coverage's own data would not fit on the full disk.
BARE = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "data", [{"filename": f"spam-{number}.zip"} for number in range(5)])


def old_file(tmp_path: Path) -> tuple[Path, bytes]:
    """A file that an export may replace, and what it holds."""
    out = tmp_path / "out" / "numbers"
    out.parent.mkdir()
    out.write_bytes(b"12345678DUCK: the old numbers")
    return out, out.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_keeps_the_old_file_and_ends_with_3(tmp_path: Path, dataset: Path, command: list[str]) -> None:
    out, old = old_file(tmp_path)
    arguments = [*command, str(out), "--dataset", str(dataset)]
    ended = subprocess.run(
        [sys.executable, "-c", FULL, *arguments], capture_output=True, text=True, check=False, env=BARE
    )
    assert ended.returncode == 3, ended.stderr
    assert ended.stderr.count("\n") == 1
    assert f"{out} cannot be written" in ended.stderr
    assert (out.read_bytes(), list(out.parent.iterdir())) == (old, [out])


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_keeps_the_old_file_and_leaves_nothing_for_long(
    tmp_path: Path, dataset: Path, command: list[str], number: signal.Signals
) -> None:
    out, old = old_file(tmp_path)
    arguments = [*command, str(out), "--dataset", str(dataset)]
    with subprocess.Popen(
        [sys.executable, "-c", HALFWAY, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "halfway\n"
        process.send_signal(number)
        assert process.wait(300) == (-number if number is signal.SIGKILL else 128 + number)
    assert out.read_bytes() == old
    if number is signal.SIGKILL:  # no program can handle it: the next run cleans up
        assert len(list(out.parent.iterdir())) == 2
        subprocess.run([sys.executable, "-m", "audit", *arguments], check=True, capture_output=True)
        assert out.read_bytes() != old
    assert list(out.parent.iterdir()) == [out]
    assert [path.name for path in dataset.iterdir() if path.name.startswith(".")] == []


def test_a_report_is_never_written_into_the_dataset(tmp_path: Path, dataset: Path) -> None:
    before = (dataset / "files.parquet").read_bytes()
    arguments = ["report", "--dataset", str(dataset), "--out", str(dataset / "files.parquet")]
    ended = subprocess.run(
        [sys.executable, "-m", "audit", *arguments], capture_output=True, text=True, check=False, env=BARE
    )
    assert (ended.returncode, "lies in the dataset" in ended.stderr) == (2, True)
    assert (dataset / "files.parquet").read_bytes() == before
