"""Checkers of pages from npm: a validator of HTML, and axe, which finds barriers for people with disabilities."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page

# `make checkers` fills it from tests/site/npm.
MODULES: Final = Path(sys.prefix) / "checkers" / "node_modules"
MISSING: Final = f"{MODULES} is not there: `make checkers` installs what checks the site's pages (needs npm)"
_RULES: Final = Path(__file__).parent / "npm" / "htmlvalidate.json"
_SERIOUS: Final = {"serious", "critical"}


def module(name: str) -> Path:
    """A file of an installed package; skips the test if there is none; in CI the test fails."""
    path = MODULES / name
    if not path.exists() or shutil.which("node") is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    return path


def invalid(folder: Path) -> Iterator[str]:
    """What is not valid HTML in the pages of a folder: where, which rule, and why."""
    program = module("html-validate/bin/html-validate.mjs")
    ended = subprocess.run(
        ["node", str(program), "--config", str(_RULES), "--formatter", "json", f"{folder}/**/*.html"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in {0, 1}, ended.stderr
    for file in json.loads(ended.stdout):
        for found in file["messages"]:
            place = Path(file["filePath"]).relative_to(folder)
            yield f"{place}:{found['line']}: {found['ruleId']}: {found['message']}"


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical on a page: which rule, and where."""
    page.evaluate(module("axe-core/axe.min.js").read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((results) => results.violations)")
    return [
        f"{each['id']} ({each['help']}): {node['target']}"
        for each in found
        if each["impact"] in _SERIOUS
        for node in each["nodes"]
    ]
