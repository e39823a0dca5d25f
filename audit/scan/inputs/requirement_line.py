"""One logical line of a list of requirements, read by pip's own code, which ``pip-requirements-parser`` has. Pure."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from optparse import OptionParser, Values
from typing import Any, Final

import pip_requirements_parser as pip

from audit.scan.inputs.document import Document

# pip's code searches for blanks and splits again and again: a longer line would take minutes.
_LONGEST_LINE: Final = 1 << 20
_LONGEST_REQUIREMENT: Final = 8_192
_MOST_LINES: Final = 1_000_000
_OPTIONS: Final = re.compile(r"(?:^| )-")
_QUOTES: Final = frozenset("'\"\\")


@dataclass(frozen=True, slots=True)
class Line:
    """The content of one line: a requirement, or only options (``requirement`` is None).

    ``requirement`` has the attributes ``requirement`` (a parsed one or None), ``link``, ``marker`` and ``extras``.
    """

    number: int
    text: str
    requirement: Any
    options: Values


def lines_of(document: Document) -> Iterator[Line]:
    """The lines of a list without blank ones and comments; the number is that of the first of joined lines.

    Raises:
        InputError: pip could not read a line either, or a line is far too long.
    """
    if document.text.count("\n") > _MOST_LINES:
        raise document.fault(None, f"at most {_MOST_LINES:,} lines are expected")
    joined = pip.join_lines(enumerate(document.text.splitlines(), start=1))
    for line in pip.split_comments(_calm(document, joined)):
        if isinstance(line, pip.TextLine):
            yield _line(document, line.line_number, line.line)


def _calm(document: Document, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines with single blanks: the time of the search for comments grows with the square of a run of blanks."""
    for number, line in lines:
        if len(line) > _LONGEST_LINE:
            raise document.fault(number, f"a line of at most {_LONGEST_LINE:,} characters is expected")
        yield number, " ".join(line.split())


def _line(document: Document, number: int, text: str) -> Line:
    begin = found.start() if (found := _OPTIONS.search(text)) else len(text)
    asked, option_text = text[:begin].strip(), text[begin:].strip()
    if len(asked) > _LONGEST_REQUIREMENT:
        raise document.fault(number, f"a requirement of at most {_LONGEST_REQUIREMENT:,} characters is expected")
    try:
        options = _options(option_text)
    except (pip.OptionParsingError, ValueError):  # a quote that is not closed
        raise document.fault(number, "an option that pip takes in a list of requirements is expected") from None
    return Line(number, text, _requirement(document, number, asked) if asked else None, options)


def _options(text: str) -> Values:
    """The options on a line, by pip's names for them."""
    parser: OptionParser = pip.build_parser()
    # Options newer than the library.
    parser.add_option("--config-setting", "--config-settings", "-C", dest="config_settings", action="append")
    parser.add_option("--no-require-hashes", action="store_true")
    parser.add_option("--all-releases", action="append")
    parser.add_option("--only-final", action="append")
    words = shlex.split(text) if _QUOTES.intersection(text) else text.split()
    return parser.parse_args(words, parser.get_default_values())[0]


def _requirement(document: Document, number: int, asked: str) -> Any:
    try:
        return pip.parse_reqparts_from_string(asked)
    except Exception:  # the library raises its own errors, and all those of packaging and urllib
        raise document.fault(number, "a requirement is expected, such as name==1.0 (PEP 508)") from None
