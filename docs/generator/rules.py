"""The pages of a scan's rules, from the text that the program has for each."""

import tempfile
from pathlib import Path

from audit.scan.rules import FOLDER, find
from docs.generator.blocks import refreshed
from docs.generator.console import clone

_DATASET = "data/demo"


def page_names() -> dict[str, str]:
    """Of each rule's page, by its path from the folder of the pages: the rule."""
    return {f"rules/{path.stem}.md": path.stem for path in sorted(FOLDER.glob("RA*.md"))}


def rule_page(rule: str) -> str:
    """The page of one rule."""
    return find(rule).page


def answered() -> dict[Path, str]:
    """Of each rule's own file: what it should hold now, its example's commands run anew over the sample."""
    with tempfile.TemporaryDirectory(prefix="release-audit-rules-") as folder, clone(Path(folder)) as console:
        console.run("make demo")
        console.run(f"printf 'dataset = \"{_DATASET}\"\\n' > release-audit.toml")
        return {path: refreshed(path.read_text("utf-8"), console.run, str) for path in sorted(FOLDER.glob("RA*.md"))}
