"""Clients of others, each in an environment of its own: `make clients` fills them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

HOME: Final = Path(sys.prefix)
# By what Python package they are; the first is that of DuckDB-Wasm.
ENVIRONMENTS: Final = ("clients", "old-clients")


def program(environment: str, name: str = "python") -> str:
    """The path of a program; skips the test if there is none; in CI the test fails."""
    path = HOME / environment / "bin" / name
    if not path.exists():
        missing = f"{path} is not there: `make clients` installs the clients that these tests open exports with"
        assert not os.environ.get("CI"), missing
        pytest.skip(missing)
    return str(path)


def answers(environment: str, file: Path, queries: list[str]) -> dict[str, list[list[str]]]:
    """What that release of DuckDB answers to each of the queries, by name: a list of rows of texts."""
    command = [program(environment), "-c", _ASK, str(file), *queries]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not ended.returncode, ended.stderr
    results: dict[str, list[list[str]]] = json.loads(ended.stdout)
    return results


_ASK: Final = """
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True, config={"enable_external_access": "false"})
connection.execute("set TimeZone = 'UTC'")
connection.execute("set enable_progress_bar = false")
results = {}
for name in sys.argv[2:]:
    results[name] = [[str(value) for value in row] for row in connection.execute(f"from {name}()").fetchall()]
print(json.dumps(results))
"""
