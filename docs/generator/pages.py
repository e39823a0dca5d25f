"""The pages: which are generated, which hold answers, and what each should hold now."""

import os
import tempfile
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

from audit.answers.format import Format
from audit.answers.render import render
from audit.dataset.dataset import Dataset
from audit.queries import catalog
from docs.generator.attacks import with_attacks
from docs.generator.blocks import blocks, refreshed
from docs.generator.commands import commands_page
from docs.generator.console import TOP, clone
from docs.generator.queries import queries_page
from docs.generator.rules import list_page, page_names, rule_page
from docs.generator.schema import schema_page

FOLDER = TOP / "docs"
GENERATED: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "queries.md": lambda: queries_page(catalog.load()),
    "schema.md": schema_page,
    "security.md": lambda: with_attacks((FOLDER / "security.md").read_text("utf-8")),
    "scan-rules.md": list_page,
    **{name: partial(rule_page, rule) for name, rule in page_names().items()},
}
_SHOWN_ROWS = 5
_DATASET = "data/demo"


@cache
def executed() -> Sequence[str]:
    """The pages that hold commands or SQL to run, by their path from the folder of the pages; the README is one."""
    return [
        os.path.relpath(path, FOLDER)
        for path in (TOP / "README.md", *sorted(FOLDER.glob("*.md")))
        if any(block.language in {"console", "sql"} for block in blocks(path.read_text("utf-8")))
    ]


def current(name: str) -> str:
    """What the page ``name`` should hold: generated anew, or its commands and its SQL run anew.

    Raises:
        ValueError: a command fails, or a sql block has no place for its answer.
    """
    if name in GENERATED:
        return GENERATED[name]()
    with tempfile.TemporaryDirectory(prefix="release-audit-docs-") as folder, clone(Path(folder)) as console:
        return refreshed((FOLDER / name).read_text("utf-8"), console.run, lambda sql: _answer(Path(folder), sql))


def _answer(clone_folder: Path, sql: str) -> str:
    """The first rows of an answer from the dataset that the page's commands have made, as a terminal shows them."""
    with Dataset(clone_folder / _DATASET) as dataset:
        return render(dataset.sql(sql).arrow(), Format.TABLE, limit=_SHOWN_ROWS, width=80)
