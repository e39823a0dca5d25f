"""An installation without extras: each command works as far as it can, and says in one line what it lacks."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement

from audit.cli.app import COMMANDS
from audit.errors import ExtraError
from audit.extras import LIBRARIES, needing
from audit.replay.server import serving
from tests.dataset_builder import make_dataset
from tests.pages import spam

TOP: Final = Path(__file__).parents[1]
# Starts Python in which none of the extras' libraries is found, as if none were installed; but two of them come with
# rich too, which does not work without.
WITHOUT: Final = f"""
import sys
from importlib.abc import MetaPathFinder
class Missing(MetaPathFinder):
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {sorted(set().union(*LIBRARIES.values()) - {"markdown_it", "pygments"})!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""
MAIN: Final = "sys.argv[0] = 'release-audit'; from audit.cli import main; main()"


def ran(script: str, *arguments: str, **settings: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", WITHOUT + script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=TOP, **settings)


def test_every_extra_has_its_libraries_here() -> None:
    """All but keyring: without it, only the keyring is missing."""
    extras = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert extras.keys() - {"all", "keyring"} == LIBRARIES.keys()
    imported = {"clickhouse-connect": "clickhouse_connect", "markdown-it-py": "markdown_it"}
    imported |= {"prompt-toolkit": "prompt_toolkit", "vl-convert-python": "vl_convert", "release-audit": ""}
    for extra, libraries in LIBRARIES.items():
        brought = {imported.get(name, name) for name in (Requirement(each).name for each in extras[extra])} - {""}
        assert libraries - {"py4j"} == brought, "PySpark brings py4j"
    [everything] = extras["all"]
    assert Requirement(everything).extras == LIBRARIES.keys() - {"clickhouse", "polars", "spark"}


def test_the_line_names_what_is_missing_and_the_extra() -> None:
    line = "a site needs vl_convert, which is not installed: pip install 'release-audit[report]' brings it"
    with pytest.raises(ExtraError) as caught, needing("report", "a site"):
        raise ModuleNotFoundError("No module named 'vl_convert.x'", name="vl_convert.x")
    assert str(caught.value) == line
    with pytest.raises(ModuleNotFoundError), needing("report", "a site"):  # a fault of ours, or of another library
        raise ModuleNotFoundError("No module named 'audit.gone'", name="audit.gone")


def test_only_the_modules_of_an_extra_load_its_libraries() -> None:
    script = """
import importlib, pkgutil, audit
for found in pkgutil.walk_packages(audit.__path__, "audit.", onerror=lambda name: None):
    if found.name not in {"audit.__main__"}:
        try:
            importlib.import_module(found.name)
        except ImportError as error:
            print(found.name, error.name)
        except Exception as error:
            print(found.name, error)
"""
    ended = ran(script)
    assert ended.returncode == 0, ended.stderr
    lacking = {line.split()[0] for line in ended.stdout.splitlines()}
    own = ("audit.charts", "audit.page.charts", "audit.page.html", "audit.portable", "audit.replay", "audit.shell")
    assert {name for name in lacking if not name.startswith((*own, "audit.site"))} == set()
    assert {"audit.charts", "audit.site.site", "audit.replay.server", "audit.shell.prompt"} <= lacking


LINES: Final = [
    (["report", "--dataset", "DATASET"], "a report as HTML needs altair", "report"),
    (["site", "--dataset", "DATASET", "--out", "OUT"], "a site needs ", "report"),
    (["replay", "PAGES"], "a replay needs ", "replay"),
    (["queries", "late-files", "--dialect", "spark"], "--dialect needs sqlglot", "dialects"),
    (["stats", "policies", "--engine", "spark", "--dataset", "DATASET"], "--engine needs sqlglot", "dialects"),
]
WORKING: Final = [
    ["crawl", "--project", "spam", "--dataset", "OUT"],
    ["import", "recorded", "PAGES", "--dataset", "OUT", "--at", "2026-11-23T10:15Z"],
    ["status", "--dataset", "DATASET"],
    ["changes", "--dataset", "DATASET"],
    ["watch", "--dataset", "DATASET"],
    ["flags", "late-files", "--dataset", "DATASET"],
    ["flags", "displacing-files", "--dataset", "DATASET"],
    ["show", "spam", "--dataset", "DATASET"],
    ["stats", "all", "--dataset", "DATASET"],
    ["preflight", "PAGES/spam-1.0.tar.gz"],
    ["report", "--dataset", "DATASET", "--format", "markdown"],
    ["check", "--dataset", "DATASET"],
    ["scan", "PAGES/requirements.txt"],
    ["rules", "RA001"],
    ["environments"],
    ["queries", "late-files", "--sql"],
    ["sql", "select 1", "--dataset", "DATASET"],
    ["dataset", "export", "OUT", "--to", "csv", "--dataset", "DATASET"],
    ["config"],
    ["doctor"],
]


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    pages = tmp_path / "pages"
    spam(pages, "spam-1.0.tar.gz")
    (pages / "requirements.txt").write_text("spam==1.0\n")
    (pages / "spam-1.0.tar.gz").write_bytes(b"")
    files = [{"filename": "spam-1.0.tar.gz", "project": "spam", "version": "1.0"}]
    return {
        "DATASET": str(
            make_dataset(tmp_path / "dataset", files, crawls=[{"index_url": "https://example.org/simple/"}])
        ),
        "PAGES": str(pages),
        "OUT": str(tmp_path / "out"),
    }


def filled(arguments: list[str], places: dict[str, str]) -> list[str]:
    for word, place in places.items():
        arguments = [each.replace(word, place) for each in arguments]
    return arguments


def test_every_command_is_tried() -> None:
    assert {command[0] for command in [*WORKING, *(command for command, _, _ in LINES)]} == COMMANDS.keys()


@pytest.mark.parametrize(("command", "line", "extra"), LINES)
def test_a_command_that_lacks_an_extra_says_so(
    command: list[str], line: str, extra: str, places: dict[str, str]
) -> None:
    ended = ran(MAIN, *filled(command, places))
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith(f"release-audit: {line}")
    assert ended.stderr.endswith(f"which is not installed: pip install 'release-audit[{extra}]' brings it\n")
    assert ended.stderr.count("\n") == 1
    assert not Path(places["OUT"]).exists()


@pytest.mark.slow
@pytest.mark.parametrize("command", WORKING, ids=lambda command: " ".join(command[:2]))
def test_all_else_works_without_any_extra(command: list[str], places: dict[str, str]) -> None:
    with serving(Path(places["PAGES"])) as address:
        ended = ran(MAIN, *filled(command, places), env={"RELEASE_AUDIT_INDEX_URL": address, "HOME": places["OUT"]})
    assert ended.returncode in {0, 1}, ended.stderr
    assert "is not installed" not in ended.stderr


def test_python_says_it_as_well(places: dict[str, str]) -> None:
    script = f"""
import audit
from audit.errors import ExtraError
with audit.open({places["DATASET"]!r}) as dataset:
    answer = dataset.query("totals")
    assert answer._repr_html_() is None
    def charts(): import audit.charts
    for call in (answer.df, answer.pl, charts, lambda: audit.open("x", engine="spark")):
        try:
            call()
        except ExtraError as error:
            print(error)
"""
    ended = ran(script)
    assert ended.returncode == 0
    # DuckDB's binding may print at the end of a process that objects of its own are left.
    assert ended.stderr.partition("nanobind: leaked")[0] == ""
    expected = ["a data frame of pandas needs pandas", "a frame of polars needs polars", "a chart needs altair"]
    expected += ["a question to another engine needs sqlglot"]
    assert [line.partition(",")[0] for line in ended.stdout.splitlines()] == expected
