"""Makes strangers' text inert for a terminal or a line of a log."""

import re
import textwrap
import unicodedata

from audit.masking import masked_text

# Control, format (bidirectional marks, zero-width), surrogate, private use, line and paragraph separators.
_ACTIVE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """``text`` with every character that could control a terminal written as its escape, such as backslash-x1b."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _ACTIVE else char for char in text
    )


def in_a_line(value: object) -> str:
    """A value, such as a parameter's, in one line and inert; for a text of several lines, their count."""
    lines = str(value).splitlines()
    return f"{len(lines):,} lines" if len(lines) > 1 else plain(str(value))


def xml_text(text: str) -> str:
    """``text`` of several lines, inert, and without the characters that XML 1.0 does not allow.

    Which these are: https://www.w3.org/TR/xml/#charsets
    """
    return _NOT_XML.sub("", inert(text))


def inert(text: str) -> str:
    """``text`` of several lines, each as `plain` makes it."""
    return "\n".join(map(plain, text.split("\n")))


def pointed(error: Exception) -> str:
    """An error's message for a person: inert, with the line of SQL that it points to.

    The line is left out if it cannot be shown unchanged: the caret would be in the wrong place.
    """
    pointer = getattr(error, "pointer", "")
    is_shown = pointer and pointer == inert(masked_text(pointer))
    return plain(masked_text(str(error))) + (f"\n{pointer}" if is_shown else "")


def folded(text: str, width: int, *, start: str = "", indent: int = 0) -> str:
    """``text``, inert, after ``start``, as lines of at most ``width`` characters.

    The lines after the first are indented, by at most half the width. They break between words, and in a word only
    where it alone is too long.
    """
    rest = " " * min(indent, width // 2)
    return textwrap.fill(plain(text), width, initial_indent=start, subsequent_indent=rest, break_on_hyphens=False)
