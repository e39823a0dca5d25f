"""The templates and styles in this folder, and the names that the templates can use."""

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
    """The templates in this folder, after those in ``folders``; they get only text.

    ``definition`` gives the address of a query column's meaning, ``about`` that of the text of a documentation page: by
    default on the same page.
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
    """A file in this folder."""
    return (_HERE / name).read_text("utf-8")
