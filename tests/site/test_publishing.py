"""What publishes: the workflows, the recipe and the container of docs/site.md, and a release, each run unchanged."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import audit
from audit.cli import DONE
from audit.replay.server import serving
from docs.generator.blocks import blocks
from tests.containers import Image, instructions
from tests.nights import EXAMPLES, TOP, Actions, program
from tests.pages import spam
from tests.site.reading import Site

PAGE: Final = TOP / "docs" / "site.md"
RELEASE: Final = TOP / ".github" / "workflows" / "release.yml"
COMMIT: Final = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def lines(first_word: str) -> list[str]:
    """The lines of the page's blocks that begin with this word."""
    texts = [block.text for block in blocks(PAGE.read_text("utf-8")) if block.language == "text"]
    return [line for text in texts for line in text.splitlines() if line.startswith(f"{first_word} ")]


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", RELEASE),
        ("vendor.github-workflows", EXAMPLES / "site-github.yml"),
        ("vendor.citation-file-format", TOP / "CITATION.cff"),
    ],
)
def test_files_keep_to_their_schemas(schema: str, file: Path) -> None:
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, "--default-filetype", "yaml"]
    checked = subprocess.run([*program, str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


# rsync


@pytest.mark.slow
def test_rsync_copies_the_site_and_drops_what_is_old(site: Site, tmp_path: Path) -> None:
    if shutil.which("rsync") is None:
        assert not os.environ.get("CI"), "no rsync"
        pytest.skip("no rsync: `apt-get install rsync` (or another system's package) brings it")
    [line] = lines("rsync")
    target = tmp_path / "srv"
    target.mkdir()
    (target / "old.html").write_text("old")
    command = line.replace("/var/lib/release-audit/site/", f"{site.folder}/")
    command = command.replace("www.example.org:/srv/numbers/", f"{target}/")
    ended = subprocess.run(shlex.split(command), check=True, capture_output=True, text=True)
    assert ended.stderr == ""
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=target, check=True)
    assert {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()} == set(site.files)
    again = subprocess.run([*shlex.split(command), "--itemize-changes"], check=True, capture_output=True, text=True)
    assert [line for line in again.stdout.splitlines() if line.startswith(">f")] == []


# GitHub Pages


class Pages(Actions):
    """site-github.yml; ``served`` is what Pages gets."""

    served: Path

    @property
    def steps(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = read(EXAMPLES / "site-github.yml")["jobs"]["build"]["steps"]
        return found

    def _use(self, action: str, given: Mapping[str, Any], machine: Path) -> None:
        if action == "actions/setup-python":
            super()._use(action, given, machine)
            put_workbench(machine / "checkout", machine / "python" / "bin")
        elif action == "actions/upload-pages-artifact":
            self.served = (machine / "checkout" / given["path"]).resolve(strict=True)
        elif action != "actions/configure-pages":
            super()._use(action, given, machine)


def put_workbench(checkout: Path, programs: Path) -> None:
    """What the workbench is built from, and a program in npm's place that builds a file of one word."""
    place = checkout / "audit" / "site" / "workbench"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(TOP / "audit" / "site" / "workbench", place, ignore=shutil.ignore_patterns("node_modules", "built"))
    shutil.copy(TOP / "Makefile", checkout)
    programs.mkdir(parents=True, exist_ok=True)
    built = "audit/site/workbench/built"
    script = f'#!/bin/sh\ncase "$*" in ci*) ;; *build*) mkdir -p {built} && echo built > {built}/workbench.js;; esac\n'
    (programs / "npm").write_text(script)
    (programs / "npm").chmod(0o755)


@pytest.mark.slow
def test_pages_serves_the_site_of_the_nights_dataset(tmp_path: Path) -> None:
    pages, projects = tmp_path / "pages", '{"rows": [{"project": "spam"}]}'
    spam(pages, "spam-1.0.tar.gz")
    (tmp_path / "night").mkdir()
    nightly = Actions(tmp_path / "night", projects)
    with serving(pages) as address:
        night = nightly.night(address)
    assert night.is_success, night.output
    (tmp_path / "site").mkdir()
    publishing = Pages(tmp_path / "site", projects, cache=nightly.cache)
    done = publishing.night("http://127.0.0.1:9/")
    assert done.is_success, done.output
    found = Site(publishing.served)
    assert found.pages["index.html"].meta("og:url") == "https://you.example.org/release-audit/"


@pytest.mark.slow
def test_without_a_dataset_nothing_is_published(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    publishing = Pages(tmp_path / "site", "{}")
    done = publishing.night("http://127.0.0.1:9/")
    assert not done.is_success
    assert "no dataset at data/pypi" in done.output
    assert not hasattr(publishing, "served")


def test_it_follows_the_nightly_crawl() -> None:
    text = (EXAMPLES / "site-github.yml").read_text("utf-8")
    assert f"workflows: [{read(EXAMPLES / 'github-actions.yml')['name']}]" in text
    crawl = read(EXAMPLES / "github-actions.yml")["jobs"]["crawl"]
    build = read(EXAMPLES / "site-github.yml")["jobs"]["build"]
    [kept] = [step["with"] for step in crawl["steps"] if "cache/save" in step.get("uses", "")]
    [taken] = [step["with"] for step in build["steps"] if "cache/restore" in step.get("uses", "")]
    assert taken["path"] == kept["path"]
    assert kept["key"].startswith(taken["restore-keys"])


# The container


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return Image(TOP / "Containerfile", TOP, tmp_path / "image")


@pytest.mark.slow
def test_the_container_crawls_and_writes_the_site(image: Image, tmp_path: Path) -> None:
    spam(tmp_path / "pages", "spam-1.0.tar.gz")
    [line] = lines("podman run")
    words = shlex.split(line)
    given = words[words.index("late-files") + 1 :]
    (tmp_path / "top.json").write_text("spam\n")
    given[given.index("/top.json")] = str(tmp_path / "top.json")
    with serving(tmp_path / "pages") as address:
        ended = image.run(*given, RELEASE_AUDIT_INDEX_URL=address, BASE_URL="https://numbers.example.org/")
    assert ended.returncode == DONE, ended.stdout
    home = Path(image.here("/var/lib/release-audit"))
    assert sorted(path.name for path in home.iterdir()) == ["pypi", "site"]
    assert Site(home / "site").pages["index.html"].meta("og:url") == "https://numbers.example.org/"


@pytest.mark.slow
def test_the_container_says_what_it_needs_and_how_a_night_failed(image: Image) -> None:
    assert "Usage: release-audit crawl" in image.run().stdout
    failed = image.run("--whole-index", RELEASE_AUDIT_INDEX_URL="http://127.0.0.1:9/")
    assert failed.returncode == 3, failed.stdout
    assert not (Path(image.here("/var/lib/release-audit")) / "site").exists()


def test_the_context_of_the_container_is_what_it_copies() -> None:
    kept = [line[1:] for line in (TOP / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    steps = instructions((TOP / "Containerfile").read_text())
    copied = [rest.split()[:-1] for word, rest in steps if word == "COPY"]
    assert sorted(kept) == sorted(word for words in copied for word in words)


def builder() -> str | None:
    """A program that builds images here, and can."""
    for name in ("podman", "docker"):
        if shutil.which(name) and not subprocess.run([name, "info"], capture_output=True, check=False).returncode:
            return name
    return None


@pytest.mark.slow
def test_the_container_builds() -> None:
    name = builder()
    if name is None:
        pytest.skip("nothing here builds images")
    [line] = lines("podman build")
    command = line.replace("`.venv/bin/release-audit --version`", audit.__version__)
    built = subprocess.run([name, *shlex.split(command)[1:], "--file", "Containerfile"], cwd=TOP, check=False)
    assert built.returncode == 0
    ran = subprocess.run([name, "run", "--rm", "late-files"], capture_output=True, text=True, check=True)
    assert "Usage: release-audit crawl" in ran.stdout


# A release


def test_a_release_uses_nothing_that_can_change_under_its_name() -> None:
    text, jobs = RELEASE.read_text("utf-8"), read(RELEASE)["jobs"]
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert len(used) == 6
    assert all(COMMIT.fullmatch(each) for each in used)
    assert read(RELEASE)["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "publish": {"id-token": "write", "attestations": "write"},
    }
    assert "secrets." not in text, "no token exists"
    assert "${{" not in "".join(step.get("run", "") for job in jobs.values() for step in job["steps"])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the files that a release is built from."""
    folder = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "built", "_version.py")
    for name in ("audit", "queries", "requirements"):
        shutil.copytree(TOP / name, folder / name, ignore=ignored)
    for name in (".gitignore", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(TOP / name, folder)
    program(tmp_path / "made")
    author = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    commit = [*author, "commit", "--quiet", "--message", "x"]
    for command in (["init", "--quiet"], ["add", "."], commit, ["tag", "v98.0"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder


def step(name: str, checkout: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    [script] = [each["run"] for each in read(RELEASE)["jobs"]["build"]["steps"] if each.get("name") == name]
    environment = {"PATH": f"{checkout.parent / 'programs'}:/usr/bin:/bin", "HOME": str(checkout.parent)} | variables
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_release_is_built_from_its_tag(checkout: Path) -> None:
    programs = checkout.parent / "programs"
    programs.mkdir(exist_ok=True)
    made = checkout.parent / "made"
    (programs / "python").write_text(f'#!/bin/sh\ntest "$*" = "-m venv .venv" && cp -r {made} .venv\n')
    (programs / "python").chmod(0o755)
    assert step("Install", checkout).returncode == 0
    wrong = step("The tag is the version", checkout, TAG="v99.0")
    assert (wrong.returncode, wrong.stdout) == (1, "::error::The tag is v99.0, the version 98.0.\n")
    assert step("The tag is the version", checkout, TAG="v98.0").returncode == 0
    put_workbench(checkout, programs)
    assert step("Workbench", checkout).returncode == 0
    built = step("Build", checkout)
    assert built.returncode == 0, built.stderr
    [sdist, wheel] = sorted((checkout / "dist").iterdir(), key=lambda path: path.suffix)
    assert wheel.name == "release_audit-98.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as packed:
        inside = packed.namelist()
        assert b"INSTALLED = '98.0'" in packed.read("audit/_version.py")
    for name in (
        "audit/site/workbench/built/workbench.js",
        "audit/site/templates/base.html.j2",
        "audit/queries/sql/flags/late_files.sql",
    ):
        assert name in inside
    with tarfile.open(sdist) as source:
        assert "release_audit-98.0/audit/site/site.py" in source.getnames()
