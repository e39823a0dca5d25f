"""The notebooks run from top to bottom on the sample, have no output, and do only what notebooks are for."""

import ast
import functools
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset

TOP = Path(__file__).parent.parent
FOLDER = TOP / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
DOCUMENTED = set(re.findall(r"\w+", (TOP / "docs" / "python.md").read_text("utf-8")))
YOUR_OWN = "06_your_own_question.ipynb"

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Any:  # nbformat's nodes have no types
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def code(path: Path) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == "code"]


def executed(path: Path, dataset: Path, **variables: str) -> Any:
    """The notebook with its outputs, run as JupyterLab runs it: in its own folder, by its own kernel."""
    notebook = read(path)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"RELEASE_AUDIT_DATASET": str(dataset), **variables}.items():
            patch.setenv(name, value)
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(FOLDER)}}).execute()
    return notebook


@pytest.fixture(scope="module")
def run_once(crawled_sample: Path) -> Callable[[Path], Any]:
    """Gives a notebook with its outputs on the sample; each is executed when it is first asked for."""
    return functools.cache(lambda path: executed(path, crawled_sample))


def printed(notebook: Any) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs)


def displayed(notebook: Any) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("data", {}).get("text/html", "") for output in outputs)


def test_they_are_numbered_from_one() -> None:
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{number:02}_" for number in range(1, len(NOTEBOOKS) + 1)]


def test_make_says_that_it_runs_them() -> None:
    output = subprocess.run(["make", "-n", "report"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    assert output.index("running the notebooks") < output.index("nbconvert")


@each
def test_its_title_is_a_question(path: Path) -> None:
    first = read(path).cells[0]
    title = first.source.partition("\n")[0]
    assert (first.cell_type, title[:2], title[-1]) == ("markdown", "# ", "?")


@each
def test_it_begins_with_its_title_and_then_opens_the_dataset(path: Path) -> None:
    cells = read(path).cells
    assert [cell.cell_type for cell in cells[:2]] == ["markdown", "code"]
    assert "audit.open(" in cells[1].source
    assert cells[1].source.endswith("print(dataset.basis())"), "what the numbers are based on comes before them"


@each
def test_its_text_holds_no_number_that_a_crawl_could_change(path: Path) -> None:
    texts = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    prose = [re.sub(r"`[^`]*`|PEP \d+", "", text) for text in texts]
    assert not [text for text in prose if re.search(r"\d", text)]


@each
def test_it_uses_only_what_is_documented(path: Path) -> None:
    """`audit` and `audit.charts`, and the names in docs/python.md of what they give."""
    imports = [node for source in code(path) for node in ast.walk(ast.parse(source))]
    modules = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    taken = {
        f"{node.module}.{alias.name}" for node in imports if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert modules | taken <= {"os", "pathlib.Path", "altair", "duckdb", "pandas", "polars", "audit", "audit.charts"}
    used = {node.attr for node in imports if isinstance(node, ast.Attribute)}
    inner = {name for kind in (Dataset, Answer) for name in vars(kind)} - DOCUMENTED
    assert not used & inner


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
def test_a_notebook_has_sql_only_where_the_question_is_the_readers(path: Path) -> None:
    called = {
        node.func.attr
        for source in code(path)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert ("sql" in called) == (path.name == YOUR_OWN)


@pytest.mark.slow
@each
def test_it_runs_from_top_to_bottom(path: Path, run_once: Callable[[Path], Any], crawled_sample: Path) -> None:
    notebook = run_once(path)
    shown = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in shown] == list(range(1, len(shown) + 1))
    assert not [output for cell in shown for output in cell.outputs if output.get("name") == "stderr"]
    html = [output.get("data", {}).get("text/html", "") for cell in shown for output in cell.outputs]
    assert not [text for text in html if "<script" in text], "charts are drawn, not fetched"
    with Dataset(crawled_sample) as opened:
        assert opened.basis() in printed(notebook)


@pytest.mark.slow
def test_its_numbers_are_the_statistics_own(run_once: Callable[[Path], Any], crawled_sample: Path) -> None:
    text = printed(run_once(FOLDER / "02_how_late_how_often.ipynb"))
    with Dataset(crawled_sample) as opened:
        late = opened.query("reasons").rows()[0]["late_files"]
        files = opened.query("policies").rows()[0]["files"]
        later = opened.query("policies").rows()[0]["later_file_count"]
    assert f"{late:,} of {files:,} files ({late / files:.2%}) came more than 14 days after" in text
    assert f"they are {late:,} of {later:,} ({late / later:.2%})" in text


@pytest.mark.slow
def test_it_says_whom_late_files_reach(run_once: Callable[[Path], Any], crawled_sample: Path) -> None:
    text = printed(run_once(FOLDER / "04_whom_it_reaches.ipynb"))
    with Dataset(crawled_sample) as opened:
        row = opened.query("displacement").rows()[0]
    share = row["displacing_file_count"] / row["late_files"]
    assert f"{row['displacing_file_count']:,} of {row['late_files']:,} late files ({share:.2%}) displace" in text
    assert f"{row['environment_count']:,} environments were asked" in text


@pytest.mark.slow
def test_the_project_is_a_parameter(crawled_sample: Path) -> None:
    [path] = [path for path in NOTEBOOKS if "one_project" in path.name]
    tagged = [cell.source for cell in read(path).cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    text = displayed(executed(path, crawled_sample, NOTEBOOK_PROJECT="MarkupSafe"))
    with Dataset(crawled_sample) as opened:
        displacing = opened.query("displacing-files").where(project="markupsafe")
    assert len(displacing) > 0
    assert str(displacing._repr_html_()) in text, "whatever the spelling of the name"
    assert "numpy-" not in text
