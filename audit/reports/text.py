"""Strangers' text made inert for a terminal or a line of a log."""

import unicodedata

# Control, format (bidirectional marks, zero-width), surrogate, private use, line and paragraph separators.
_ACTIVE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(text: str) -> str:
    """``text`` with every character that a terminal could act on written as its escape, such as backslash-x1b."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _ACTIVE else char for char in text
    )
