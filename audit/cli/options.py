"""Options that several commands share, and the one way of an answer to the screen."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.errors import UsageError
from audit.reports.format import Format

if TYPE_CHECKING:
    from audit.scan import Answer

DEFAULT_DATASET = Path("data/pypi")
TABLE_ROWS = 20

DatasetOption = Annotated[Path, typer.Option("--dataset", metavar="DIR", help="Folder that crawls wrote.")]
FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="table is for people and rounds; the others are exact.")
]
WindowOption = Annotated[
    int | None, typer.Option("--window-days", metavar="N", help="Allowed lag in days (default: 14).")
]
SettingsOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any parameter of the query; repeatable.")
]
LimitOption = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=0,
        help=f"Rows to show, 0 for all (default: {TABLE_ROWS} in a table, else all).",
    ),
]


def show(answer: "Answer", form: Format, limit: int | None, notes: Sequence[str] = ()) -> None:
    """Writes an answer to standard output: UTF-8 and LF on every machine; ``limit`` 0 is all rows."""
    from audit.reports.render import render

    if limit is None and form is Format.TABLE:
        limit = TABLE_ROWS
    width = shutil.get_terminal_size((80, 24)).columns
    text = render(answer.arrow(), form, limit=limit or None, notes=notes, width=width)
    typer.echo(text.encode(), nl=False)


def parsed(settings: list[str]) -> dict[str, str]:
    """``name=value`` texts as a mapping; a dash in a name is an underscore."""
    pairs = [(setting, *setting.partition("=")) for setting in settings]
    for setting, name, equals, _ in pairs:
        if not (name and equals):
            raise UsageError(f"--set {setting!r} does not fit: expected NAME=VALUE")
    return {name.replace("-", "_"): value for _, name, _, value in pairs}
