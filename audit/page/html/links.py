"""Text that names a page of the documentation: the report has its text, so the name becomes a link to it."""

import re
from collections.abc import Iterator

from audit.answers.words import ABOUT

_PAGE = re.compile(r"\bdocs/([a-z-]+)\.md\b")


def pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """``text`` in pieces, each with the name of the page that it means (None: plain text)."""
    end = 0
    for found in _PAGE.finditer(text):
        name = found[1]
        if name in ABOUT:
            yield text[end : found.start()], None
            yield ABOUT[name].title, name
            end = found.end()
    yield text[end:], None
