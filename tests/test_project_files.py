"""What GitHub and a contributor's tools read: it fits their schemas, and says what the project says elsewhere."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

TOP: Final = Path(__file__).parents[1]
GITHUB: Final = TOP / ".github"
CI: Final = GITHUB / "workflows" / "ci.yml"
PINNED: Final = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
FORMS: Final = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    return table


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        *(("vendor.github-issue-forms", form) for form in FORMS),
        ("vendor.github-issue-config", GITHUB / "ISSUE_TEMPLATE" / "config.yml"),
        ("vendor.dependabot", GITHUB / "dependabot.yml"),
        ("vendor.github-workflows", CI),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_files_keep_to_their_schemas(schema: str, file: Path) -> None:
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    checked = subprocess.run(program, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.name)
def test_a_form_names_commands_and_pages_that_there_are(form: Path) -> None:
    text = form.read_text("utf-8")
    for page in re.findall(r"\b(?:docs/)?[\w-]+\.md\b", text):
        assert (TOP / page).is_file(), page
    ids = [each["id"] for each in read(form)["body"] if "id" in each]
    assert len(ids) == len(set(ids)) > 1


def workflows() -> Iterator[tuple[str, str]]:
    for path in sorted((GITHUB / "workflows").glob("*.yml")):
        for used in re.findall(r"uses: (.+)", path.read_text("utf-8")):
            yield path.name, used


@pytest.mark.parametrize(("workflow", "used"), list(workflows()))
def test_no_action_can_change_under_its_name(workflow: str, used: str) -> None:
    assert PINNED.fullmatch(used)


def test_two_workflows_pin_the_same_commit_of_an_action() -> None:
    assert len({used for _, used in workflows()}) == len({used.partition("@")[0] for _, used in workflows()})


def test_the_pythons_that_are_promised_are_those_that_are_tried() -> None:
    [job] = [job for job in read(CI)["jobs"].values() if "strategy" in job]
    matrix = job["strategy"]["matrix"]
    matches = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each) for each in project()["classifiers"]]
    assert matrix["python"] == [found[1] for found in matches if found]
    admitted = SpecifierSet(project()["requires-python"])
    assert [admitted.contains(each) for each in ("3.10", *matrix["python"])] == [False, *[True] * len(matrix["python"])]
    assert len(list(product(matrix["python"], matrix["os"]))) == 8
    assert not [system for system in matrix["os"] if "windows" in system], "datasets need symbolic links"
    assert "Operating System :: MacOS" in project()["classifiers"]


def test_ci_may_read_and_no_more() -> None:
    workflow = read(CI)
    assert workflow["permissions"] == {}
    assert [job["permissions"] for job in workflow["jobs"].values()] == [{"contents": "read"}] * 2
    assert "secrets." not in CI.read_text("utf-8")
    assert "${{" not in "".join(step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"])
    targets = re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text("utf-8"), re.MULTILINE)
    for job in workflow["jobs"].values():
        command = job["steps"][-1]["run"]
        assert command == ".ci/run" or command.split()[1] in targets


def test_dependabot_looks_where_there_is_something() -> None:
    for update in read(GITHUB / "dependabot.yml")["updates"]:
        for folder in update.get("directories", []):
            assert (TOP / folder.strip("/") / "package-lock.json").is_file()


def test_a_commit_is_held_by_the_tools_of_the_tests() -> None:
    file = TOP / ".pre-commit-config.yaml"
    program = [sys.executable, "-m", "pre_commit", "validate-config", str(file)]
    checked = subprocess.run(program, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    [repository] = read(file)["repos"]
    makefile = (TOP / "Makefile").read_text("utf-8").replace("$(BIN)", ".venv/bin")
    for hook in repository["hooks"]:
        words = [word for word in hook["entry"].split() if not word.startswith("--")]
        assert f"@{' '.join(words)}" in makefile, "the same program, with the same rules"


def test_the_project_says_whose_it_is() -> None:
    assert project()["authors"] == [{"name": "The release-audit contributors"}] == read(TOP / "CITATION.cff")["authors"]


def test_the_least_releases_are_tried_that_are_promised() -> None:
    text = (TOP / "requirements" / "lowest.txt").read_text("utf-8")
    tried: dict[str, set[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.!+]+)", text, re.MULTILINE):
        tried.setdefault(name, set()).add(Version(version))
    extras = project()["optional-dependencies"]
    [everything] = map(Requirement, extras["all"])
    requirements = [*project()["dependencies"], *(each for extra in everything.extras for each in extras[extra])]
    for requirement in map(Requirement, requirements):
        [least] = requirement.specifier
        assert least.operator == ">="
        assert Version(least.version) in tried[canonicalize_name(requirement.name)], requirement
