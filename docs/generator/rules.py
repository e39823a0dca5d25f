"""The pages of a scan's rules, from the text that the program has for each, and the page that lists them."""

import tempfile
from pathlib import Path

from audit.scan.rules import FOLDER, find, load
from docs.generator.blocks import refreshed
from docs.generator.console import clone
from docs.generator.markdown import rows

_DATASET = "data/demo"
_INTRODUCTION = """\
# The rules of a scan

What [`release-audit scan`](scan.md) looks for. `release-audit rules RA001` says the same as the page of a rule. The
settings can [give a rule another level, or ignore a finding](settings.md#what-a-scan-does-with-its-findings).

"""


def page_names() -> dict[str, str]:
    """Of each rule's page, by its path from the folder of the pages: the rule."""
    return {f"rules/{path.stem}.md": path.stem for path in sorted(FOLDER.glob("RA*.md"))}


def list_page() -> str:
    """The page of all rules: a table, and the pages below it."""
    cells = [[f"[{rule.id}](rules/{rule.id}.md)", ", ".join(rule.levels), rule.summary] for rule in load().values()]
    below = "\n".join(f"rules/{rule}" for rule in load())
    return f"{_INTRODUCTION}{rows(['rule', 'level', 'finding'], cells)}\n```{{toctree}}\n:hidden:\n\n{below}\n```\n"


def rule_page(rule: str) -> str:
    """The page of one rule."""
    return find(rule).page


def answered() -> dict[Path, str]:
    """Of each rule's own file: what it should hold now, its example's commands run anew over the sample."""
    with tempfile.TemporaryDirectory(prefix="release-audit-rules-") as folder, clone(Path(folder)) as console:
        console.run("make demo")
        console.run(f"printf 'dataset = \"{_DATASET}\"\\n' > release-audit.toml")
        return {path: refreshed(path.read_text("utf-8"), console.run, str) for path in sorted(FOLDER.glob("RA*.md"))}
