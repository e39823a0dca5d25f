"""The program's own version: of releases, of commits after them, and outside a checkout."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

import audit
from audit.program import version, version_of

TOP = Path(__file__).parents[1]


def git(folder: Path, *command: str) -> str:
    author = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ended = subprocess.run(
        ["git", "-C", str(folder), *author, *command], env=environment, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "code").write_text("1")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "one")
    return folder


def commit_of(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD")[:9]


def test_a_release_is_its_tag_and_what_follows_names_its_commit(checkout: Path) -> None:
    git(checkout, "tag", "v0.3.0")
    git(checkout, "tag", "deployed")
    assert version_of(checkout, "0.1.0") == "0.3.0"
    (checkout / "code").write_text("2")
    assert version_of(checkout, "0.1.0") == f"0.3.0+g{commit_of(checkout)}.dirty"
    git(checkout, "commit", "--quiet", "--all", "--message", "two")
    assert version_of(checkout, "0.1.0") == f"0.3.0+g{commit_of(checkout)}"


def test_without_a_tag_the_commit_follows_the_installed_version(checkout: Path) -> None:
    assert version_of(checkout, "0.1.0+g000000000.d20260101") == f"0.1.0+g{commit_of(checkout)}"
    (checkout / "code").write_text("2")
    found = version_of(checkout, "0.1.0")
    assert found == f"0.1.0+g{commit_of(checkout)}.dirty"
    assert str(Version(found)) == found


def test_clones_without_history_and_other_work_trees_name_their_commit(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "tag", "v0.3.0")
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "two")
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--no-tags", checkout.as_uri(), "shallow")
    git(checkout, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    assert version_of(tmp_path / "shallow", "0.1.0") == f"0.1.0+g{commit_of(checkout)}"
    assert version_of(tmp_path / "tree", "0.1.0") == f"0.3.0+g{commit_of(checkout)}"


def test_in_a_hook_the_variables_of_git_name_another_repository(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "two")
    git(tmp_path, "clone", "--quiet", checkout.as_uri(), "other")
    git(tmp_path / "other", "commit", "--quiet", "--allow-empty", "--message", "three")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    assert version_of(checkout, "0.1.0") == f"0.1.0+g{commit_of(checkout)}"


def test_if_git_cannot_say_the_installed_version_counts(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    assert version_of(tmp_path / "empty", "0.1.0+g123456789") == "0.1.0+g123456789"
    (tmp_path / "empty" / ".git").write_text("gitdir: /nowhere")
    assert version_of(tmp_path / "empty", "0.1.0") == "0.1.0"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert version_of(checkout, "0.1.0") == "0.1.0"


def test_the_package_gives_its_version_when_it_is_asked_for() -> None:
    assert audit.__version__ == version()
    assert str(Version(version())) == version()
    with pytest.raises(AttributeError, match="nothing"):
        audit.nothing  # type: ignore[attr-defined]  # noqa: B018 - a name that is not there
    loaded = "import sys, audit.cli.app; print('audit.program' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=TOP)
    assert ended.stdout.split() == ["False"], "--help asks for no version"


def test_every_place_names_the_same_release() -> None:
    """What is renewed at a release: see CONTRIBUTING.md."""
    built = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["version"]["fallback-version"]
    citation = (TOP / "CITATION.cff").read_text("utf-8")
    archive = (TOP / ".git_archival.txt").read_text("utf-8")
    dated = [line for line in (TOP / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## ")]
    assert dated[0] == "## Unreleased"
    assert f"\nversion: {built}\n" in citation
    assert f"\ndescribe-name: v{built}-1-g" in archive
    assert dated[1].startswith(f"## {built} (20")
    assert dated[1].removeprefix(f"## {built} (").removesuffix(")") in citation
