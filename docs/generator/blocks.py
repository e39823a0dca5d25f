"""The fenced blocks of a page that are run, and the page with what they answer now."""

import doctest
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from markdown_it import MarkdownIt

Run = Callable[[str], str]
"""A command, or a statement of SQL, to what it prints."""

PROMPT = "$ "
_ENTRY = re.compile(r"^\$ (?P<typed>(?:.*\\\n)*.*\n)(?P<printed>(?:(?!\$ ).*\n)*)", re.MULTILINE)
# What differs from run to run: a crawl's id, its start (which has whole seconds) and its day, a port, an age; and from
# commit to commit: the program's version, alone in a line or behind its name.
_PASSING = [
    (re.compile(r"\d{8}T\d{6}Z"), "CRAWL"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000000Z"), "START"),
    (re.compile(r"answers of \d{4}-\d{2}-\d{2}(?: to \d{4}-\d{2}-\d{2})?"), "DAYS"),
    (re.compile(r"127\.0\.0\.1:\d+"), "ADDRESS"),
    (re.compile(r"\d+ (?:s|ms|min) ago"), "AGO"),
    (re.compile(r"(?:^|(?<=release-audit ))\d+(?:\.\d+)+(?:\+[a-z\d.]+)?$", re.MULTILINE), "VERSION"),
]


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, its text, and the lines of the page that hold the text."""

    language: str
    text: str
    first_line: int
    last_line: int


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    fences = [token for token in MarkdownIt().parse(page) if token.type == "fence" and token.map]
    return [Block(fence.info, fence.content, fence.map[0] + 1, fence.map[1] - 1) for fence in fences if fence.map]


def refreshed(page: str, command: Run, sql: Run) -> str:
    """The page with what its ``console`` blocks and its ``sql`` blocks answer now.

    A console block holds commands after ``$ `` and what they print; the answer to a sql block is the ``text`` block
    after it. What is written stays where it says the same: ``...`` stands for any text, and crawl ids, their
    starts, ports and ages are not compared.

    Raises:
        ValueError: a sql block has no text block after it.
    """
    lines = page.splitlines(keepends=True)
    for block, text in reversed(list(_answers(blocks(page), command, sql))):
        lines[block.first_line : block.last_line] = [text]
    return "".join(lines)


def _answers(found: list[Block], command: Run, sql: Run) -> Iterator[tuple[Block, str]]:
    for block, following in zip_longest(found, found[1:]):
        if block.language == "console":
            yield block, "".join(_session(block.text, command))
        elif block.language == "sql":
            if following is None or following.language != "text":
                raise ValueError(f"line {block.first_line}: the sql block has no text block for its answer after it")
            yield following, _kept_if_same(following.text, sql(block.text))


def _session(text: str, command: Run) -> Iterator[str]:
    """Each command of a console block with what it prints; a backslash at a line's end goes on with the next."""
    for entry in _ENTRY.finditer(text):
        yield PROMPT + entry["typed"] + _kept_if_same(entry["printed"], command(entry["typed"]))


def _kept_if_same(written: str, answered: str) -> str:
    same = doctest.OutputChecker().check_output(_lasting(written), _lasting(answered), doctest.ELLIPSIS)
    return written if same else answered


def _lasting(text: str) -> str:
    for pattern, word in _PASSING:
        text = pattern.sub(word, text)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
