"""A module imports only from the floors below it, and each heavy library has one owner."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "audit"
STEPS = {"index", "fetch", "decode", "dataset", "queries", "reports"}
# From the top: cli > site > report, scan, preflight, doctor, importing, export and shell > crawl, access, replay and
# portable > answers, charts and findings > the six steps > engine, environments and disk > model and errors.
FLOOR = {
    "cli": 8,
    "site": 7,
    "report": 6,
    "scan": 6,
    "doctor": 6,
    "preflight": 6,
    "export": 6,
    "importing": 6,
    "shell": 6,
    "crawl": 5,
    "access": 5,
    "own_tables": 4,
    "replay": 5,
    "answers": 4,
    "numbers": 4,
    "portable": 5,
    "findings": 4,
    "charts": 4,
    **dict.fromkeys(STEPS, 3),
    "engine": 2,
    "recorded": 2,
    "disk": 1,
    "urls": 2,
    "lean": 1,
    "ending": 1,
    "masking": 0,
    "environments": 2,
    "pip_settings": 1,
    "model": 0,
    "counting": 0,
    "errors": 0,
    "reading": 0,
    "unfit": 0,
    "versions": 0,
}
OWNERS = {
    "duckdb": {"engine"},
    "certifi": {"fetch"},
    "requests": {"fetch"},
    "truststore": {"fetch"},
    "aiohttp": {"fetch"},
    "yarl": {"urls"},
    "clickhouse_connect": {"portable"},
    "pyspark": {"portable"},
    "keyring": {"fetch"},
    "stamina": {"fetch"},
    "starlette": {"replay"},
    "uvicorn": {"replay"},
    "rich": {"reports"},
    "altair": {"reports"},
    "vl_convert": {"reports"},
    "jinja2": {"reports", "site"},
    "markdown_it": {"site"},
    "polars": {"answers"},
    "typer": {"cli"},
    "prompt_toolkit": {"shell"},
    "filelock": {"dataset"},
    "packageurl": {"scan"},
    "pip_requirements_parser": {"scan"},
    "tomli": {"scan", "queries"},
    "isal": {"decode"},
    "sqlglot": {"portable"},
}


def modules() -> list[tuple[str, Path]]:
    return [(str(path.relative_to(PACKAGE).with_suffix("")), path) for path in sorted(PACKAGE.rglob("*.py"))]


@functools.cache  # each is asked for by every library's owner
def imported(path: Path) -> frozenset[str]:
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from audit import access` imports a module too.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("name", "path"), modules())
def test_imports_only_from_floors_below(name: str, path: Path) -> None:
    step = name.split("/", maxsplit=1)[0]
    if step in {"__init__", "__main__"}:
        return  # the package's front door
    for target in imported(path):
        parts = target.split(".")
        if parts[0] != "audit" or len(parts) < 2 or parts[1] not in FLOOR:
            continue
        below = FLOOR[parts[1]] < FLOOR[step]
        assert below or parts[1] == step, f"audit/{name}.py imports {target}"


@pytest.mark.parametrize(("library", "owners"), OWNERS.items())
def test_a_library_has_one_owner(library: str, owners: set[str]) -> None:
    users = {
        name.split("/")[0]
        for name, path in modules()
        if any(target.split(".")[0] == library for target in imported(path))
    }
    assert users == owners
