"""Completions for a shell, asked like bash asks."""

import pytest

from tests.cli.programs import run_here


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("da", ["dataset"]),
        ("crawl --ret", ["--retry-failed"]),
        ("dataset ex", ["export"]),
        ("dataset export --fo", ["--force"]),
        ("flags late-", ["late-by-deleted", "late-files", "late-releases"]),
        ("stats polici", ["policies"]),
        ("stats al", ["all"]),
        ("flags late-files --win", ["--window-days"]),
        ("flags late-files --reason s", ["sdist"]),
        ("flags changes --event un", ["unyanked"]),
        ("queries file-l", ["file-lags"]),
        ("flags no-such", []),
        ("crawl --api ", ["auto", "json", "simple"]),
    ],
)
def test_a_shell_completes(typed: str, offered: list[str]) -> None:
    words = f"release-audit {typed}"
    asked = {
        "_RELEASE_AUDIT_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    ended = run_here(env=asked)
    assert (ended.returncode, ended.stdout.split(), ended.stderr) == (0, offered, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(shell: str) -> None:
    ended = run_here(env={"_RELEASE_AUDIT_COMPLETE": f"source_{shell}"})
    assert ended.returncode == 0
    assert "_RELEASE_AUDIT_COMPLETE=complete_" in ended.stdout
