"""A module imports only from the floors below it, and each heavy library has one owner."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "audit"
STEPS = {"crawl/index", "crawl/fetch", "crawl/decode", "dataset", "queries", "answers"}
# A folder or module has the floor of the longest name here that it begins with. From the top: what is typed > the
# site > what is made of a whole dataset > the dataset as a person asks it > a crawl, and what is answered > pages > the
# steps.
FLOOR = {
    "cli": 10,
    "site": 9,
    **dict.fromkeys(["dataset/export", "doctor", "importing", "page/gathering", "preflight", "scan", "shell"], 8),
    **dict.fromkeys(["dataset/dataset", "portable"], 7),
    **dict.fromkeys(["dataset/definition", "dataset/description", "dataset/held"], 6),
    **dict.fromkeys(["charts", "crawl", "dataset/answer", "replay"], 5),
    **dict.fromkeys(["dataset/own_tables", "findings", "page"], 4),
    **dict.fromkeys(STEPS, 3),
    **dict.fromkeys(["crawl/recorded", "dataset/engine", "queries/environments", "urls"], 2),
    **dict.fromkeys(["disk", "ending", "extras", "lean", "pip_settings"], 1),
    **dict.fromkeys(["counting", "errors", "masking", "model", "program", "reading", "unfit", "versions"], 0),
}
OWNERS = {
    "duckdb": {"dataset/engine"},
    "certifi": {"crawl/fetch"},
    "requests": {"crawl/fetch"},
    "truststore": {"crawl/fetch"},
    "aiohttp": {"crawl/fetch"},
    "yarl": {"urls"},
    "clickhouse_connect": {"portable"},
    "pyspark": {"portable"},
    "keyring": {"crawl/fetch"},
    "stamina": {"crawl/fetch"},
    "starlette": {"replay"},
    "uvicorn": {"replay"},
    "rich": {"answers"},
    "altair": {"page"},
    "vl_convert": {"page"},
    "jinja2": {"page", "site"},
    "markdown_it": {"site"},
    "polars": {"dataset/answer"},
    "typer": {"cli"},
    "prompt_toolkit": {"shell"},
    "filelock": {"dataset"},
    "packageurl": {"scan"},
    "pip_requirements_parser": {"scan"},
    "tomli": {"scan", "queries"},
    "isal": {"crawl/decode"},
    "sqlglot": {"portable"},
}


def modules() -> list[tuple[str, Path]]:
    written = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "_version.py"]  # which the build writes
    return [(str(path.relative_to(PACKAGE).with_suffix("")), path) for path in written]


@functools.cache  # each is asked for by every library's owner
def imported(path: Path) -> frozenset[str]:
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from audit.dataset import engine` imports a module too.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(name: str) -> str | None:
    """The longest name with a floor that the module is, or is in."""
    parts = name.split("/")
    heads = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((head for head in heads if head in FLOOR), None)


@pytest.mark.parametrize(("name", "path"), modules())
def test_imports_only_from_floors_below(name: str, path: Path) -> None:
    if name in {"__init__", "__main__"}:
        return  # the package's front door
    own = place(name)
    assert own is not None, f"audit/{name}.py has no floor"
    for target in imported(path):
        other = place(target.removeprefix("audit.").replace(".", "/")) if target.startswith("audit.") else None
        if other is not None:
            assert FLOOR[other] < FLOOR[own] or other == own, f"audit/{name}.py imports {target}"


@pytest.mark.parametrize(("library", "owners"), OWNERS.items())
def test_a_library_has_one_owner(library: str, owners: set[str]) -> None:
    users = {
        place(name) for name, path in modules() if any(target.split(".")[0] == library for target in imported(path))
    }
    assert users == owners
