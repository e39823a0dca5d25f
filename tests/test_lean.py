"""The libraries that the program's own processes leave out, and that a user's Python keeps."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audit.cli import WITH_NUMPY
from audit.cli.app import COMMANDS
from tests.test_layers import PACKAGE, imported

LEAN = """
from audit.lean import leave_out
leave_out({libraries})
import pyarrow as pa
import pyarrow.compute
assert pa.array(["a", None], pa.string()).to_pylist() == ["a", None]
import sys
print(*sorted({{"numpy", "pandas"}} & set(sys.modules)))
"""


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(("libraries", "loaded"), [("'pandas'", "numpy"), ("'pandas', 'numpy'", "")])
def test_a_lean_process_loads_no_more_than_it_needs(libraries: str, loaded: str) -> None:
    assert python(LEAN.format(libraries=libraries)) == loaded


def test_what_is_left_out_cannot_be_imported() -> None:
    refused = "try:\n  import pandas\nexcept ModuleNotFoundError as error:\n  print(error.name)"
    assert python(f"from audit.lean import leave_out\nleave_out('pandas')\n{refused}") == "pandas"


def test_the_command_line_loads_no_pandas(crawled_sample: Path) -> None:
    code = (
        f"import sys; sys.argv[1:] = ['stats', 'policies', '--dataset', {str(crawled_sample)!r}]\n"
        "from audit.cli import main\ntry:\n  main()\nexcept SystemExit:\n  pass\n"
        "print('pandas' in sys.modules, 'pyarrow' in sys.modules)"
    )
    assert python(code).endswith("False True")


def test_a_users_python_has_its_pandas(crawled_sample: Path) -> None:
    before = dict(os.environ)
    code = (
        "import audit, pandas as pd\nimport pyarrow as pa\n"
        f"with audit.open({str(crawled_sample)!r}) as dataset:\n  frame = dataset.query('policies').df()\n"
        "print(type(frame) is pd.DataFrame, pa.array(pd.Series([pd.NaT, 'x'])).null_count)"
    )
    assert python(code) == "True 1"
    assert dict(os.environ) == before


@pytest.mark.parametrize("source", ["--offline", "--dataset"])
def test_a_scan_with_its_facts_at_hand_does_without_numpy(tmp_path: Path, crawled_sample: Path, source: str) -> None:
    (tmp_path / "requirements.txt").write_text("numpy==1.6.0", "utf-8")
    options = [source, str(crawled_sample)] if source == "--dataset" else [source]
    code = (
        f"import sys; sys.argv[1:] = ['scan', {str(tmp_path)!r}, *{options!r}]\n"
        "from audit.cli import main\ntry:\n  main()\nexcept SystemExit as end:\n  print(end.code in {0, 1, 4})\n"
        "print('numpy' in sys.modules, 'pyarrow' in sys.modules)"
    )
    assert python(code).endswith("True\nFalse True")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_needs_numpy_gets_it(command: str) -> None:
    """Everything that a command's module imports, at once or late, and what that imports."""
    reached: set[str] = set()
    waiting = [f"audit.cli.{command}"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        below = PACKAGE.parent.joinpath(*name.split("."))
        for path in (below.with_suffix(".py"), below / "__init__.py"):
            if name.startswith("audit.") and path.exists():
                found = {target for each in imported(path) for target in (each, each.rpartition(".")[0])}
                waiting += found - reached
    assert "numpy" not in reached or command in WITH_NUMPY
