"""The templates and styles beside this file, and what the templates know."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from audit.answers.text import plain
from audit.answers.values import days
from audit.page.html.cells import columns_of, rows_of
from audit.page.html.links import pieces
from audit.page.sentence import Figure

_HERE = Path(__file__).parent


def templates(
    *folders: Path,
    definition: Callable[[str, str], str] = "#{}.{}".format,
    about: Callable[[str], str] = "#about-{}".format,
) -> Environment:
    """The templates beside this file, and before them those in ``folders``: they are given text and nothing else.

    ``definition`` says where a reader finds what the column of a query means, ``about`` where the words on a page of
    the documentation stand: on the same page, if nothing else is said.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, _HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["plain"] = plain
    made.filters["columns"] = columns_of
    made.filters["rows"] = rows_of
    made.filters["days"] = days
    made.filters["pieces"] = pieces
    made.globals["definition"] = definition
    made.globals["about_address"] = about
    made.tests["figure"] = lambda piece: isinstance(piece, Figure)
    return made


def text(name: str) -> str:
    """A file that lies beside this one."""
    return (_HERE / name).read_text("utf-8")
