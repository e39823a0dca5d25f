"""Checks that what CONTRIBUTING.md names exists: files, folders, commands, targets of make, names in the code."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from audit.cli.app import COMMANDS

TOP = Path(__file__).parent.parent
TEXT = (TOP / "CONTRIBUTING.md").read_text("utf-8")
# What the reader makes, as the page names it.
_NEW = re.compile(r"my_flag|my-flag|(?i:ra009)")
# What a build or a crawl makes.
_MADE = {"audit/_version.py", "data/demo"}
_ENDING = re.compile(r"\w\.(py|sql|toml|md|yaml|yml|cff|txt)$")
_NAME = re.compile(r"[A-Za-z]\w*")


def spans() -> list[str]:
    """What the page has in backquotes, outside its blocks."""
    prose = re.sub(r"^ *```.*?^ *```$", "", TEXT.replace("````", ""), flags=re.MULTILINE | re.DOTALL)
    return sorted({span for span in re.findall(r"`([^`\n]+)`", prose) if not _NEW.search(span)})


FILES = [span for span in spans() if ("/" in span or _ENDING.search(span)) and " " not in span]
NAMES = [span for span in spans() if _NAME.fullmatch(span) and span not in FILES]
TARGETS = sorted(set(re.findall(r"\bmake ([a-z]+)\b`", TEXT)))
CALLED = sorted(set(re.findall(r"`release-audit ([a-z]+)", TEXT)))


@cache
def tracked() -> list[str]:
    """The files of the repository, but this one and the page."""
    listed = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout.split("\n")
    return [path for path in listed if path and path not in {"CONTRIBUTING.md", "tests/test_contributing.py"}]


@cache
def words() -> frozenset[str]:
    """Every word of the code, the SQL and what builds the project, and of the names of its folders and modules."""
    named = [path for path in tracked() if path.endswith((".py", ".sql", ".toml")) or path == "Makefile"]
    text = "\n".join((TOP / path).read_text("utf-8", errors="replace") for path in named if (TOP / path).exists())
    return frozenset(_NAME.findall(text)).union(part for path in tracked() for part in re.split(r"[/.]", path))


def test_the_page_names_many_things() -> None:
    assert min(len(FILES) // 10, len(NAMES) // 10, len(TARGETS) // 5, len(CALLED) // 3) >= 1


@pytest.mark.parametrize("span", FILES)
def test_a_file_is_there(span: str) -> None:
    """From the top, or in a folder that the sentence names."""
    begin = "^" if span.startswith(("audit/", "tests/", "queries/")) else "(^|/)"
    path = re.compile(begin + re.escape(span.rstrip("/")).replace(r"\*", ".*") + "($|/)")
    assert span in _MADE or any(map(path.search, tracked()))


@pytest.mark.parametrize("span", NAMES)
def test_a_name_is_used(span: str) -> None:
    assert span in words()


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_of_make_is_there(name: str) -> None:
    assert re.search(rf"^{name}:", (TOP / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", CALLED)
def test_a_command_is_there(name: str) -> None:
    assert name in COMMANDS
