"""What runs a scan for others: the hook, the action, the pipeline and the page's lines, each run unchanged."""

import gzip
import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml

from audit.replay.server import serving
from audit.scan.inputs.finding import find
from audit.scan.inputs.recognize import InputFormat, named
from docs.generator.blocks import blocks
from tests.recorded import SAMPLE
from tests.scan.test_formats import run_of

TOP = Path(__file__).parent.parent
EXAMPLES = TOP / "docs" / "examples"
PAGE = TOP / "docs" / "scan.md"
# What real pip takes for it on CPython 3.8 and Linux today came 705.9 days after the first file.
LATE, FINE, UNJUDGED = "markupsafe==1.1.1\n", "idna==3.10\n", "idna==3.10\nz-broken==1.0\n"
# The program as it is, but it asks only once where it would retry.
PROGRAM = f"""exec "{sys.executable}" -c 'import stamina; stamina.set_active(False)
from audit.cli import main; main()' "$@\""""


@pytest.fixture(scope="module")
def index_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An index of two recorded projects, and of one that it cannot answer for."""
    folder = tmp_path_factory.mktemp("index")
    (folder / "index").mkdir()
    for name in ("idna.json.gz", "markupsafe.json.gz"):
        (folder / "index" / name).write_bytes((SAMPLE / "index" / name).read_bytes())
    broken = {"meta": {"api-version": "1.1"}, "name": "z-broken", "files": 3}
    (folder / "index" / "z-broken.json.gz").write_bytes(gzip.compress(json.dumps(broken).encode()))
    with serving(folder) as address:
        yield address


@pytest.fixture
def environment(index_url: str, tmp_path: Path) -> Mapping[str, str]:
    """An environment with the program on the path, the replay as its index, and nothing kept outside its folder."""
    programs = tmp_path / "programs"
    programs.mkdir()
    write_program(programs / "release-audit", PROGRAM)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RELEASE_AUDIT", "GIT_"))}
    return inherited | {
        "PATH": f"{programs}:{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
        "PYTHONPATH": str(TOP),
        "RELEASE_AUDIT_INDEX_URL": index_url,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a list of requirements for which a late file would be taken, and another text."""
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / "requirements.txt").write_text(LATE)
    (folder / "notes.txt").write_text(LATE)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    author = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "--quiet"], ["add", "."], [*author, "commit", "--quiet", "--message", "x"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)


def write_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def ran(
    command: list[str], folder: Path, environment: Mapping[str, str], **variables: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=folder, env={**environment, **variables}, capture_output=True, text=True, check=False, timeout=300
    )


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", TOP / "action.yml"),
        ("vendor.github-workflows", EXAMPLES / "scan-github.yml"),
        ("vendor.github-workflows", EXAMPLES / "github-actions.yml"),
        ("vendor.gitlab-ci", EXAMPLES / "scan-gitlab.yml"),
    ],
)
def test_files_for_ci_keep_to_their_schemas(schema: str, file: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    checked = ran([*program, str(file)], tmp_path, os.environ)
    assert checked.returncode == 0, checked.stdout


# pre-commit


def test_pre_commit_reads_the_hook_and_the_example() -> None:
    program = [sys.executable, "-m", "pre_commit"]
    for arguments in (
        ["validate-manifest", str(TOP / ".pre-commit-hooks.yaml")],
        ["validate-config", str(EXAMPLES / "scan-pre-commit.yaml")],
    ):
        checked = ran([*program, *arguments], TOP, os.environ)
        assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout
    [hook] = read(TOP / ".pre-commit-hooks.yaml")
    [repository] = read(EXAMPLES / "scan-pre-commit.yaml")["repos"]
    assert [each["id"] for each in repository["hooks"]] == [hook["id"]]


NAMES = [
    *(each.value for each in InputFormat if named(each.value)),
    *("pylock.dev.toml", "requirements.txt"),
    *("dev-requirements.txt", "requirements-dev.txt", "requirements.dev.txt", "constraints.txt", "requirements.in"),
    *("requirements/base.txt", "requirements/base.in", "app.cdx.json", "app.spdx.json", "bom.json", "sbom.json"),
    *(
        "notes.txt",
        "docs/base.txt",
        "package.json",
        "Cargo.lock",
        "pyproject.toml",
        "myrequirements.txt",
        "requirements.txt.bak",
        "uv.lock.orig",
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_the_hook_is_about_the_files_that_a_scan_of_the_folder_finds(name: str, tmp_path: Path) -> None:
    [hook] = read(TOP / ".pre-commit-hooks.yaml")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    for path in (name, f"a/b/{name}"):
        assert (re.search(hook["files"], path) is not None) == bool(find(tmp_path)), path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("requirements", "passes", "expected"),
    [(LATE, False, "RA001: markupsafe 1.1.1"), (FINE, True, "Passed"), (UNJUDGED, False, "RA008")],
)
def test_pre_commit_runs_the_hook(
    project: Path, environment: Mapping[str, str], requirements: str, passes: bool, expected: str
) -> None:
    [hook] = read(TOP / ".pre-commit-hooks.yaml")
    (project / "requirements.txt").write_text(requirements)
    # As in an environment that pre-commit has made: the program is on the path.
    repository = {"repo": "local", "hooks": [{**hook, "language": "system"}]}
    (project / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [repository]}))
    commit(project)
    done = ran([sys.executable, "-m", "pre_commit", "run", "--all-files"], project, environment)
    assert (done.returncode == 0) is passes, done.stdout + done.stderr
    assert expected in done.stdout
    assert "notes.txt" not in done.stdout


# The action


def step(name: str) -> Mapping[str, Any]:
    [found] = [each for each in read(TOP / "action.yml")["runs"]["steps"] if each["name"] == name]
    assert found["shell"] == "bash"
    assert "${{" not in found["run"], "what an input says is never part of the script"
    return dict(found)


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """The runner's temporary folder, with the program where the action's first step installs it."""
    program = tmp_path / "runner temp" / "release-audit" / "bin" / "release-audit"
    program.parent.mkdir(parents=True)
    write_program(program, PROGRAM)
    return tmp_path / "runner temp"


def scan_step(
    runner: Path, folder: Path, environment: Mapping[str, str], **inputs: str
) -> "subprocess.CompletedProcess[str]":
    """The action's scan with these inputs, as the runner calls it; an underscore is a dash in an input's name."""
    action = read(TOP / "action.yml")
    given = {name: each["default"] for name, each in action["inputs"].items()}
    changed = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert changed.keys() <= given.keys()
    given |= changed
    found = step("Scan")
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: given[match[1]], value)
        for name, value in found["env"].items()
    }
    script = runner / "script.sh"
    script.write_text(found["run"])
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    return ran(shell, folder, environment, RUNNER_TEMP=str(runner), **variables)


@pytest.mark.slow
def test_the_action_reports_to_github_and_fails(runner: Path, project: Path, environment: Mapping[str, str]) -> None:
    done = scan_step(runner, project, environment, sarif="out.sarif")
    assert done.returncode == 1, done.stderr
    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert commands[0].startswith("::error file=requirements.txt,line=1,title=RA001%3A ")
    run = run_of((project / "out.sarif").read_text("utf-8"))
    assert {result["ruleId"] for result in run["results"]} >= {"RA001"}
    assert scan_step(runner, project, environment, fail_on="none").returncode == 0
    assert scan_step(runner, project, environment, fail_on="RA005,RA004").returncode == 0


@pytest.mark.slow
def test_the_action_takes_paths_and_options_as_they_are(
    runner: Path, project: Path, environment: Mapping[str, str]
) -> None:
    odd = project / "a * $(touch owned) folder"
    odd.mkdir()
    (odd / "my requirements.txt").write_text(FINE)
    (project / "-r.txt").write_text(FINE)
    paths = f"{odd.name}/my requirements.txt\n\n-r.txt\n"
    done = scan_step(runner, project, environment, paths=paths, options="--cooldown-days\n7\n")
    assert done.returncode == 0, done.stderr
    assert "Looked at 2 inputs, 2 pins" in done.stdout
    assert not (project / "owned").exists()


@pytest.mark.slow
def test_what_cannot_be_judged_fails_the_action_unless_it_is_allowed(
    runner: Path, project: Path, environment: Mapping[str, str]
) -> None:
    (project / "requirements.txt").write_text(UNJUDGED)
    assert scan_step(runner, project, environment, sarif="x.sarif").returncode == 4
    assert scan_step(runner, project, environment, sarif="x.sarif", allow_incomplete="true").returncode == 0
    done = scan_step(runner, project, environment, paths="gone.txt", allow_incomplete="true")
    assert done.returncode == 3, "what could not run passes never"


@pytest.mark.slow
def test_the_action_installs_what_is_locked(tmp_path: Path) -> None:
    """Offline: what is locked is installed already, and pip accepts it if its version is that of the lock.

    A Python before 3.12 puts a setuptools of its own beside it, which would count first.
    """
    programs, runner = tmp_path / "programs", tmp_path / "runner temp"
    programs.mkdir()
    here = f"{runner}/release-audit/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages/here.pth"
    libraries = sysconfig.get_path("purelib")
    own = f'rm -rf "{Path(here).parent}"/setuptools*'
    write_program(programs / "python3", f'"{sys.executable}" "$@" && {own} && echo "{libraries}" > "{here}"')
    variables = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "RUNNER_TEMP": str(runner),
        "GITHUB_ACTION_PATH": str(TOP),
    }
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("Install release-audit")["run"]]
    done = ran(script, tmp_path, inherited, **variables)
    assert done.returncode == 0, done.stderr
    ended = ran([f"{runner}/release-audit/bin/release-audit", "rules", "RA001"], tmp_path, inherited)
    assert ended.stdout.startswith("# RA001: "), ended.stderr


def test_the_example_of_a_workflow_gives_the_action_what_it_takes() -> None:
    [job] = read(EXAMPLES / "scan-github.yml")["jobs"].values()
    [used] = [each for each in job["steps"] if each["uses"].startswith("example/release-audit")]
    assert used["with"].keys() <= read(TOP / "action.yml")["inputs"].keys()
    [upload] = [each for each in job["steps"] if "upload-sarif" in each["uses"]]
    assert upload["with"]["sarif_file"] == used["with"]["sarif"]


# GitLab


@pytest.mark.slow
@pytest.mark.parametrize(("requirements", "code"), [(LATE, 1), (FINE, 0), (UNJUDGED, 4)])
def test_the_pipeline_writes_its_report(
    project: Path, environment: Mapping[str, str], tmp_path: Path, requirements: str, code: int
) -> None:
    job = read(EXAMPLES / "scan-gitlab.yml")["late files"]
    (project / "requirements.txt").write_text(requirements)
    place = re.escape("/tmp/scanner/bin/release-audit")
    script = "\n".join(re.sub(place, str(tmp_path / "programs" / "release-audit"), line) for line in job["script"])
    done = ran(["bash", "-e", "-c", script], project, environment)
    assert done.returncode == code, done.stderr
    [suite] = JUnitXml.fromfile(str(project / job["artifacts"]["reports"]["junit"]))
    assert suite.name == "requirements.txt"
    assert (suite.failures > 0) is (code == 1)
    assert job["allow_failure"]["exit_codes"] == 4


# The page


@pytest.mark.parametrize("name", ["scan-pre-commit.yaml", "scan-github.yml", "scan-gitlab.yml"])
def test_what_the_page_shows_of_an_example_is_in_it(name: str) -> None:
    text = PAGE.read_text("utf-8")
    assert f"(examples/{name})" in text
    example = lines_of((EXAMPLES / name).read_text("utf-8"))
    shown = [lines_of(block.text) for block in blocks(text) if block.language == "yaml"]
    assert len(shown) == 3
    assert [lines for lines in shown if lines in [example[at : at + len(lines)] for at in range(len(example))]]


def lines_of(text: str) -> list[str]:
    """The lines of YAML, anywhere in a document."""
    return [line.strip() for line in text.splitlines() if not line.startswith("#")]


def started_by(program: str) -> list[list[str]]:
    """The page's commands that start this program, without those that say where release-audit is."""
    lines = [line for block in blocks(PAGE.read_text("utf-8")) for line in block.text.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith(f"{program} ")]


@pytest.mark.slow
@pytest.mark.parametrize("program", ["uvx", "pipx"])
def test_the_pages_lines_for_uvx_and_pipx_scan(program: str, project: Path, environment: Mapping[str, str]) -> None:
    [words] = started_by(program)
    at = words.index("release-audit")
    assert words[1:at] == {"uvx": ["--from", "."], "pipx": ["run", "--spec", "."]}[program]
    done = ran(words[at:], project, environment)
    assert done.returncode == 1, done.stderr
    assert "RA001: markupsafe 1.1.1" in done.stdout
