"""A built wheel carries the queries and works outside the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.cli import FINDINGS
from tests.dataset_builder import make_dataset

CHECKOUT = Path(__file__).parent.parent


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | variables
    return subprocess.run(
        [str(part) for part in command],
        cwd=variables.get("CWD", CHECKOUT),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_flags_run_from_an_installed_wheel(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    offline = ["--no-deps", "--no-index", "--quiet"]
    built = run(sys.executable, "-m", "pip", "wheel", *offline, "--no-build-isolation", "--wheel-dir", wheels, CHECKOUT)
    assert built.returncode == 0, built.stderr
    [wheel] = wheels.glob("release_audit-*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    installed = run(home / "bin" / "python", "-m", "pip", "install", *offline, wheel)
    assert installed.returncode == 0, installed.stderr

    # Only the libraries come from here: a folder on PYTHONPATH brings no .pth file, and so not the checkout's package.
    outside = {"CWD": str(tmp_path), "PYTHONPATH": sysconfig.get_path("purelib")}
    where = run(home / "bin" / "python", "-c", "import audit; print(audit.__file__)", **outside)
    assert where.stdout.startswith(str(home)), where.stderr

    first = datetime(2024, 1, 1, tzinfo=UTC)
    files = [{"filename": "a", "uploaded_at": first}, {"filename": "b", "uploaded_at": first + timedelta(days=15)}]
    dataset = make_dataset(tmp_path / "data", files)
    options: list[str | Path] = ["--dataset", dataset, "--format", "csv", "--exit-code"]
    flagged = run(home / "bin" / "release-audit", "flags", "late-files", *options, **outside)
    assert flagged.returncode == FINDINGS, flagged.stderr
    assert [line.split(",")[2] for line in flagged.stdout.splitlines()] == ["filename", "b"]

    # A user's mypy sees the package's types: without them, everything would be Any.
    (tmp_path / "using.py").write_text("import audit\n\nreveal_type(audit.open('data').query('totals'))\n", "utf-8")
    python: list[str | Path] = ["--python-executable", home / "bin" / "python"]
    typed = run(sys.executable, "-m", "mypy", *python, "--follow-imports", "silent", tmp_path / "using.py", **outside)
    assert 'Revealed type is "audit.dataset.answer.Answer"' in typed.stdout, typed.stdout + typed.stderr

    explained = run(home / "bin" / "release-audit", "rules", "RA001", **outside)
    assert explained.stdout.startswith("# RA001: "), explained.stderr
