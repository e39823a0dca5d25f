"""The notebooks run from top to bottom on the sample, hold no output, and keep to what notebooks are for."""

import ast
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from audit.access import Dataset

TOP = Path(__file__).parent.parent
FOLDER = TOP / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
YOUR_OWN = "06_your_own_question.ipynb"

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Any:  # nbformat's nodes have no types
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def code(path: Path) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == "code"]


def executed(path: Path, dataset: Path, monkeypatch: pytest.MonkeyPatch, **variables: str) -> Any:
    """The notebook with its outputs, run as JupyterLab runs it: in its own folder, by its own kernel."""
    monkeypatch.setenv("RELEASE_AUDIT_DATASET", str(dataset))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    notebook = read(path)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(FOLDER)}}).execute()
    return notebook


def printed(notebook: Any) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs)


def test_they_are_numbered_from_one() -> None:
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{number:02}_" for number in range(1, len(NOTEBOOKS) + 1)]


def test_make_says_that_it_runs_them() -> None:
    told = subprocess.run(["make", "-n", "report"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    assert told.index("running the notebooks") < told.index("nbconvert")


@each
def test_its_title_is_a_question(path: Path) -> None:
    first = read(path).cells[0]
    title = first.source.partition("\n")[0]
    assert (first.cell_type, title[:2], title[-1]) == ("markdown", "# ", "?")


@each
def test_git_holds_no_output(path: Path) -> None:
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)
    assert read(path).metadata.kernelspec.name == "python3"


@each
def test_it_defines_no_function(path: Path) -> None:
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    trees = [ast.parse(source) for source in code(path)]
    assert not [node for tree in trees for node in ast.walk(tree) if isinstance(node, definitions)]


@each
def test_sql_of_its_own_stands_where_the_question_is_the_readers(path: Path) -> None:
    called = {
        node.func.attr
        for source in code(path)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert ("sql" in called) == (path.name == YOUR_OWN)


@pytest.mark.slow
@each
def test_it_runs_from_top_to_bottom(path: Path, crawled_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = executed(path, crawled_sample, monkeypatch)
    shown = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in shown] == list(range(1, len(shown) + 1))
    assert not [output for cell in shown for output in cell.outputs if output.get("name") == "stderr"]
    html = [output.get("data", {}).get("text/html", "") for cell in shown for output in cell.outputs]
    assert not [text for text in html if "<script" in text], "charts are drawn, not fetched"


@pytest.mark.slow
def test_its_numbers_are_the_statistics_own(crawled_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(executed(FOLDER / "02_how_late_how_often.ipynb", crawled_sample, monkeypatch))
    with Dataset(crawled_sample) as opened:
        late = opened.query("reasons").rows()[0]["late_files"]
        files = opened.query("policies").rows()[0]["files"]
    assert f"{late:,} of {files:,} files ({late / files:.2%}) came more than 14 days after" in text


@pytest.mark.slow
def test_the_project_is_a_parameter(crawled_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [path] = [path for path in NOTEBOOKS if "one_project" in path.name]
    tagged = [cell.source for cell in read(path).cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    text = printed(executed(path, crawled_sample, monkeypatch, NOTEBOOK_PROJECT="pillow"))
    assert "Pillow-" in text or "pillow-" in text
    assert "numpy-" not in text
