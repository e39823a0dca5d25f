"""The one way out of findings: every command that has some has the same formats."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli.options import show
from audit.cli.output import write_text
from audit.errors import UsageError
from audit.findings.form import Form

if TYPE_CHECKING:
    from audit.dataset.answer import Answer
    from audit.findings.finding import Findings

FindingsFormatOption = Annotated[
    Form,
    typer.Option(
        "--format",
        "-f",
        help="table is for people; sarif, github and junit are for other programs. parquet is for --output.",
    ),
]


def check_columns(columns: str | None, form: Form) -> None:
    """Checks that columns are chosen for a format that has some.

    Raises:
        UsageError: the format is one of findings.
    """
    if columns is not None and form.of_rows is None:
        raise UsageError(f"--columns chooses columns, and --format {form} has none")


def show_findings(
    found: "Findings",
    rows: "Answer",
    form: Form,
    *,
    limit: int | None = 0,
    notes: Sequence[str] = (),
    out: Path | None = None,
    outside: Path | None = None,
) -> None:
    """Writes findings to ``out``, which is ``outside`` the dataset; None: to standard output.

    ``rows`` are the same as a table, for the formats of rows; ``limit`` and ``notes`` are as for `show`, and of these
    formats alone. Paths are relative to the folder that the command was typed in.

    Raises:
        UsageError: ``out`` is no place for a file, or Parquet would go to a terminal.
        OutputError: it cannot be written; what was there before is as it was.
    """
    if form.of_rows is not None:
        show(rows, form.of_rows, limit, notes, out=out, outside=outside)
        return
    from audit.findings.render import render

    write_text(render(found, form, Path.cwd()), out, outside=outside)
