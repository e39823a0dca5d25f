"""Finds the lines of things in a text: one pass over it, however many are searched. Pure."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

_HASH: Final = re.compile(r"[0-9A-Fa-f]{64}")
# Characters of filenames and purls; the characters around them in an address, a list or a text are not included.
_WORD: Final = re.compile(r"[\w.+!%@:~-]{3,}")
_KEY: Final = re.compile(r'"([^"\\\n]+)"\s*:\s*\{')
_TABLE: Final = re.compile(r"^\[\[(packages?)\]\][^\n]*\n(?=(name\b)?)", re.MULTILINE)


class Places:
    """The lines of one text, counted from 1. If something occurs more than once, the first place counts."""

    def __init__(self, text: str) -> None:
        """Searches nothing yet."""
        self._text = text

    def of(self, sha256: str | None, name: str | None) -> int | None:
        """The line of a hash, or of a filename if there is no hash; None: neither is in the text."""
        if sha256 is not None and (line := self._hashes.get(sha256)) is not None:
            return line
        return None if name is None else self.words.get(name)

    def table(self, number: int) -> int | None:
        """The line of the name in the table ``[[package]]`` with this number, from 0."""
        return self._tables[number] if number < len(self._tables) else None

    def key(self, name: str) -> int | None:
        """The line where the JSON object with this name begins."""
        return self._keys.get(name)

    @cached_property
    def words(self) -> Mapping[str, int]:
        """The line of each word that may be a filename, a purl or a project with its version."""
        return self._first(_WORD)

    @cached_property
    def _hashes(self) -> Mapping[str, int]:
        return {found.lower(): line for found, line in self._first(_HASH).items()}

    @cached_property
    def _keys(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for each, line in self._each(_KEY):
            found.setdefault(each[1], line)
        return found

    @cached_property
    def _tables(self) -> list[int]:
        return [line + 1 if found[2] else line for found, line in self._each(_TABLE)]

    def _first(self, wanted: re.Pattern[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for each, line in self._each(wanted):
            found.setdefault(each[0], line)
        return found

    def _each(self, wanted: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
        line, last = 1, 0
        for found in wanted.finditer(self._text):
            line += self._text.count("\n", last, found.start())
            last = found.start()
            yield found, line
