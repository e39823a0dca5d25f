"""The only output of findings: every command with findings has the same formats."""

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
        help="table is for people; sarif, github and junit are for other programs. parquet needs --output.",
    ),
]


def check_columns(columns: str | None, form: Form) -> None:
    """Checks that columns are chosen only for a format that has columns.

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
    """Writes findings to ``out``, which must be ``outside`` the dataset; None: to standard output.

    ``rows`` are the findings as a table, for the formats of rows; ``limit`` and ``notes`` are as for `show`, and only
    for these formats. Paths are relative to the working directory.

    Raises:
        UsageError: ``out`` is not a possible place for a file, or Parquet would go to a terminal.
        OutputError: it cannot be written; what was there before is as it was.
    """
    if form.of_rows is not None:
        show(rows, form.of_rows, limit, notes, out=out, outside=outside)
        return
    from audit.findings.render import render

    write_text(render(found, form, Path.cwd()), out, outside=outside)
