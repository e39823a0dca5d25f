"""The rules of a scan, each explained in a file of its own: ``RA001.md``, with the stem of its SQL ``ra001.sql``.

A file is Markdown after a front matter of TOML between two lines ``+++``. The same text is shown by ``release-audit
rules``, by the documentation, and in SARIF as the rule's help.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from audit.errors import UsageError, hint
from audit.findings.finding import Rule
from audit.findings.level import Level

FOLDER: Final = Path(__file__).parent
_FENCE: Final = "+++\n"


class _Front(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    levels: tuple[Level, ...]
    summary: str


@cache
def load() -> Mapping[str, Rule]:
    """All rules by id, in order."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("RA*.md"))}


def find(name: str) -> Rule:
    """The rule of this id, in any case.

    Raises:
        UsageError: there is no such rule; says which is close.
    """
    rule = load().get(name.upper())
    if rule is None:
        raise UsageError(f"no rule {name[:100]!r}: {hint(name[:100], load())}")
    return rule


def _read(path: Path) -> Rule:
    _, front, text = path.read_text("utf-8").split(_FENCE, maxsplit=2)
    header = msgspec.convert(tomllib.loads(front), _Front)
    return Rule(path.stem, header.title, header.levels, header.summary, text.strip() + "\n")
