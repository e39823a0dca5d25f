"""Commands in the documents exist, and the examples beside them are what they claim to be."""

import configparser
import doctest
import json
import re
import shlex
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import typer.core
import typer.main
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin

from audit import charts
from audit.answers.crawl import crawl_text
from audit.cli import COULD_NOT_RUN, DONE, INCOMPLETE, WRONG_USAGE
from audit.cli.app import app
from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.dataset.definition import Definition
from audit.queries.header import parse as parse_header
from docs.generator.blocks import blocks
from docs.generator.pages import GENERATED
from tests.answers.test_crawl import summary
from tests.dataset_builder import CRAWLED_AT, make_dataset

TOP = Path(__file__).parent.parent
EXAMPLES = TOP / "docs" / "examples"
WRITTEN = [path for path in sorted((TOP / "docs").glob("*.md")) if path.name not in GENERATED]
# A script is run by a test of its own.
OF_TEXT = [path for path in sorted(EXAMPLES.iterdir()) if path.suffix not in {".py", ".sh"}]
SOURCES = [TOP / "README.md", *WRITTEN, *OF_TEXT]
PROGRAM = re.compile(r"(?:^|[\s`/(])release-audit(?= (?!\d))")  # a version follows its name
# What ends a command in a shell, or in a sentence.
END = re.compile(r"`|\s(?:\|\|?|&&|;|\d?>>?|<|--\s)|$")


def commands(path: Path) -> Iterator[list[str]]:
    """Every ``release-audit ARGUMENT...``: in the code of a document, and anywhere but in comments in an example."""
    is_prose = path.suffix == ".md"
    is_fenced = False
    for line in path.read_text("utf-8").replace("\\\n", " ").splitlines():
        is_fenced ^= line.startswith("```")
        if line.lstrip().startswith(("#", "$ release-audit --help", "Usage: ")):  # comments, and the help block
            continue
        is_code = not is_prose or is_fenced or line.startswith("    ")
        for code in [line] if is_code else re.findall(r"`([^`]+)`", line):
            for found in PROGRAM.finditer(code):
                rest = code[found.end() :]
                ending = END.search(rest)
                yield shlex.split(rest[: ending.start() if ending else None])


COMMANDS = [
    pytest.param(arguments, id=f"{path.name}: {' '.join(arguments)}")
    for path in SOURCES
    for arguments in commands(path)
]


def parse(arguments: list[str]) -> None:
    """Checks the arguments with the program's own parser, and runs nothing."""
    root = typer.main.get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    if arguments in (["--version"], ["--install-completion"]):  # they answer while they are parsed
        return
    with ExitStack() as stack:
        context = stack.enter_context(root.make_context("release-audit", list(arguments), resilient_parsing=False))
        group: object = root
        # A help is shown while it is parsed, and ends the program.
        rest = ["1" if argument == "N" else argument for argument in arguments if argument != "--help"]
        while rest and isinstance(group, typer.core.TyperGroup):
            name, command, rest = group.resolve_command(context, rest)
            assert command is not None
            if rest:  # a command's bare name is a mention of it
                context = stack.enter_context(command.make_context(name, list(rest), parent=context))
            group = context.command


@pytest.mark.parametrize("arguments", COMMANDS)
def test_every_command_in_the_documents_parses(arguments: list[str]) -> None:
    parse(arguments)


def test_commands_are_found_where_documents_have_them() -> None:
    found = {" ".join(arguments) for path in SOURCES for arguments in commands(path)}
    assert any(text.startswith("crawl --projects /opt/release-audit/top.json") for text in found), "fenced"
    assert "status --dataset DIR --format json" in found, "between backticks"
    assert "status --dataset data/pypi --format markdown" in found, "in a workflow"


@pytest.mark.parametrize(
    "arguments",
    [
        ["crawl", "--no-such"],
        ["crawls"],
        ["changes", "--event", "gone"],
        ["crawl", "--top", "x"],
        ["sql", "a", "b"],
        ["flags", "no-such", "--project", "numpy"],
        ["flags", "late-files", "--no-such", "x"],
        ["stats", "late-by-year", "--window-days", "x"],
    ],
)
def test_a_command_that_does_not_exist_is_seen(arguments: list[str]) -> None:
    with pytest.raises(Exception, match=r"(?i)no such|no query|is not one of|valid integer|unexpected extra"):
        parse(arguments)


def test_every_command_of_the_program_is_in_a_document() -> None:
    root = typer.main.get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    documented = {arguments[0] for path in SOURCES for arguments in commands(path)}
    assert set(root.commands) <= documented


OUTSIDE = [TOP / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")] + [
    TOP / "benchmarks/README.md"
]


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(TOP)))
def test_links_outside_the_pages_lead_somewhere(path: Path) -> None:
    """Links inside the pages are checked by Sphinx, which must build them without a warning."""
    for target in re.findall(r"\]\(([^):]+)\)", path.read_text("utf-8")):
        file, _, anchor = target.partition("#")
        there = path.parent / file if file else path
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and the site make them."""
    page = MarkdownIt().use(anchors_plugin, max_level=3).parse(path.read_text("utf-8"))
    return {str(token.attrs["id"]) for token in page if "id" in token.attrs}


def test_anchors_are_read_from_headings(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# The schema\n\n## What it is, exactly\n", "utf-8")
    assert anchors(page) == {"the-schema", "what-it-is-exactly"}


def test_the_quick_and_the_slow_tests_are_documented_and_run_before_a_merge() -> None:
    marked = re.findall(r"\$\(PYTEST\) -m (.+)", (TOP / "Makefile").read_text("utf-8"))
    assert marked == ['"not slow"', '"slow or hypothesis" --hypothesis-profile prove'], "each test is in one of them"
    for name in ("README.md", "CONTRIBUTING.md"):
        assert {"test", "prove"} <= set(re.findall(r"make (\w+)", (TOP / name).read_text("utf-8"))), name
    assert (TOP / ".ci" / "run").read_text("utf-8").endswith("\nmake test prove coverage\n")


def test_documented_exit_codes_are_the_programs_own() -> None:
    codes = re.findall(r"^\| (\d) \|", (TOP / "docs" / "nightly.md").read_text("utf-8"), re.MULTILINE)
    assert [int(code) for code in codes] == [DONE, WRONG_USAGE, COULD_NOT_RUN, INCOMPLETE]
    [success] = re.findall(r"SuccessExitStatus=(\d+)", (EXAMPLES / "release-audit.service").read_text("utf-8"))
    assert int(success) == INCOMPLETE


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("release-audit.service", {"Unit": "Description", "Service": "ExecStart"}),
        ("release-audit.timer", {"Unit": "Description", "Timer": "OnCalendar", "Install": "WantedBy"}),
    ],
)
def test_units_parse(name: str, needed: dict[str, str]) -> None:
    unit = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign] # the way that its documentation shows
    unit.read_string((EXAMPLES / name).read_text("utf-8"))
    for section, option in needed.items():
        assert unit[section][option]


def test_the_workflow_parses() -> None:
    workflow: dict[Any, Any] = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text("utf-8"))
    assert workflow[True]["schedule"] == [{"cron": "17 3 * * *"}], "YAML 1.1 reads the key `on` as true"
    [job] = workflow["jobs"].values()
    assert all(("run" in step) != ("uses" in step) for step in job["steps"])


def test_the_commands_that_a_crawl_suggests_parse() -> None:
    suggested = re.findall(r"release-audit (.+)", crawl_text(summary(events={"changed": 1})))
    assert [command.split()[0] for command in suggested] == ["sql", "changes"]
    for command in suggested:
        parse(shlex.split(command))


def test_the_readmes_python_runs(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path, [{"uploaded_at": CRAWLED_AT}])
    [code] = [block.text for block in blocks((TOP / "README.md").read_text("utf-8")) if block.language == "python"]
    namespace: dict[str, Any] = {}
    exec(code.replace("data/demo", str(dataset)), namespace)
    assert (len(namespace["late"]), namespace["kinds"]) == (0, [{"kind": "sdist", "file_count": 1}])


def test_the_page_of_the_python_api_is_correct(
    crawled_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (TOP / "docs" / "python.md").read_text("utf-8").replace("data/demo", str(crawled_sample.absolute()))
    monkeypatch.chdir(tmp_path)
    code = "".join(block.text for block in blocks(page) if block.language == "pycon")
    output: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(doctest.DocTestParser().get_doctest(code, {}, "python.md", None, None), out=output.append)
    assert runner.tries > 20
    assert not output, "".join(output)
    assert (tmp_path / "policies.png").read_bytes().startswith(b"\x89PNG")


def test_the_page_of_the_python_api_names_the_query_of_each_chart(crawled_sample: Path) -> None:
    page = (TOP / "docs" / "python.md").read_text("utf-8")
    drawn = dict(re.findall(r"^\| `(\w+)` \| `([a-z-]+)`", page, re.MULTILINE))
    assert drawn.keys() | {"nights", "policy_panels"} == set(charts.__all__)
    with Dataset(crawled_sample) as opened:
        for name, query in drawn.items():
            getattr(charts, name)(opened.query(query, **({"project": "numpy"} if query == "timeline" else {})))


def test_the_page_of_the_python_api_has_every_public_name() -> None:
    page = (TOP / "docs" / "python.md").read_text("utf-8")
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    code = " ".join([*re.findall(r"`([^`]+)`", prose), *(block.text for block in blocks(page))])
    public = {name for kind in (Dataset, Answer) for name in vars(kind) if not name.startswith("_")}
    public |= {*Definition.__slots__, *charts.__all__}
    for_the_program = {"path", "statements", "lend", "table", "policy_panels"}
    assert public - for_the_program <= set(re.findall(r"\w+", code))


def test_the_page_of_the_python_api_names_the_notebooks() -> None:
    page = (TOP / "docs" / "python.md").read_text("utf-8")
    named = dict(re.findall(r"^\| `(\d\w+)` \| (.*?\?)", page, re.MULTILINE))
    titles = {}
    for path in sorted((TOP / "notebooks").glob("*.ipynb")):
        first = json.loads(path.read_text("utf-8"))["cells"][0]["source"]
        titles[path.stem] = first[0].strip().removeprefix("# ")
    assert named == titles


def test_the_query_that_contributing_adds_is_one(tmp_path: Path) -> None:
    text = (TOP / "CONTRIBUTING.md").read_text("utf-8")
    [sql] = re.findall(r"^ *```sql\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    header = parse_header(textwrap.dedent(sql), "my_flag")
    with Dataset(make_dataset(tmp_path)) as dataset:
        answer = dataset.sql(textwrap.dedent(sql), {name: given.default for name, given in header.parameters.items()})
    assert answer.columns == list(header.columns)
