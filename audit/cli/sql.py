"""``release-audit sql``: any reading query over a dataset, or a shell for many."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.answers.format import Format
from audit.cli.options import (
    DEFAULT_DATASET,
    DatasetOption,
    DeletedOption,
    FormatOption,
    LimitOption,
    OutputOption,
    rendered,
    show,
)
from audit.cli.output import is_terminal, write
from audit.cli.verbosity import LOG
from audit.errors import UsageError
from audit.extras import needing

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from audit.dataset.answer import Answer
    from audit.shell import Dialogue

_IDE = "harlequin"


def sql(
    query: Annotated[
        str | None,
        typer.Argument(metavar="SQL", help="Statements that only read; none: a shell, or those on standard input."),
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    including_deleted: DeletedOption = False,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table", metavar="NAME=FILE", help="A table of your own, CSV (all text) or Parquet; repeatable."
        ),
    ] = None,
    simple: Annotated[
        bool, typer.Option("--simple", help=f"The small prompt, even where {_IDE} is installed.")
    ] = False,
) -> None:
    """Run DuckDB's SQL over the tables, all views and the queries, such as late_files().

    Without SQL, a terminal gets a shell: harlequin if that is installed, else a prompt.

    Example: release-audit sql "select kind, count(*) from files group by kind"
    """
    if query is None and (out or form is Format.PARQUET):
        raise UsageError("--output and --format parquet hold the answer to one statement: give it as an argument")
    is_shell = query is None and is_terminal(sys.stdin)
    if is_shell and not simple and not table and (ide := shutil.which(_IDE)):
        raise typer.Exit(_run_ide(ide, dataset, including_deleted=including_deleted))
    # Imported late: these load DuckDB and Arrow, which --help does not need.
    from audit.dataset.dataset import Dataset
    from audit.shell import Dialogue, Manner

    own = _own_tables(table or [])
    with Dataset(dataset, including_deleted=including_deleted) as opened:
        if note := opened.deleted_note():
            LOG.info("%s", note)
        if query and (out or form is Format.PARQUET):
            show(opened.sql(query, tables=own), form, limit, out=out, outside=dataset)
            return
        rest = ".limit 0 shows all from now on" if is_shell else None
        cut = ".mode csv shows all" if is_shell else "--format csv writes all"

        def shown(answer: "Answer", manner: Manner) -> str:
            is_seen = False if manner.is_file else None
            return rendered(answer, manner.form, manner.limit, is_seen=is_seen, rest=rest, cut=cut)

        dialogue = Dialogue(opened, shown, Manner(form, limit), own, may_write=is_shell)
        if is_shell:
            _converse(dialogue, dataset)
        else:
            text = query or (sys.stdin.read() if query is None and sys.stdin else "")
            _answer(dialogue, text, between="\n" if form is Format.TABLE else "")


def _own_tables(given: "Sequence[str]") -> "dict[str, pa.Table]":
    """The tables given as NAME=FILE.

    Raises:
        UsageError: one has another form, or cannot be read; a name does not fit.
    """
    from audit.dataset.own_tables import own_tables
    from audit.shell import read_table

    files: dict[str, Path] = {}
    for each in given:
        name, equals, file = each.partition("=")
        if not (name and equals and file) or name in files:
            raise UsageError(f"--table {each!r} does not fit: expected NAME=FILE, each name once")
        files[name] = Path(file)
    return own_tables({name: read_table(file) for name, file in files.items()})


def _answer(dialogue: "Dialogue", text: str, *, between: str) -> None:
    """Writes the answers to all statements, up to the first that fails, and ``between`` where one follows another.

    Raises:
        UsageError: there is none.
    """
    is_empty = True
    for answer in dialogue.answers(text):
        write(answer if is_empty else f"{between}{answer}")
        is_empty = False
    if is_empty:
        raise UsageError("no SQL: give a statement, or write some to standard input")


def _converse(dialogue: "Dialogue", dataset: Path) -> None:
    from platformdirs import user_state_path

    with needing("shell", "the prompt"):  # a statement given as an argument needs no prompt
        from audit.shell.prompt import converse

    write(f"SQL over {dataset!s}: .help shows more, .quit ends.\n")
    history = user_state_path("release-audit") / "sql-history"
    converse(dialogue, write, history)


def _run_ide(program: str, dataset: Path, *, including_deleted: bool) -> int:
    """Runs an IDE on a temporary database of views; returns its exit code."""
    from audit.dataset.export.duckdb import temporary_database

    typer.echo(f"{_IDE} opens; its SQL can write files, as COPY does: --simple is a prompt that only reads.", err=True)
    with temporary_database(dataset, including_deleted=including_deleted) as file:
        return subprocess.run([program, "--adapter", "duckdb", "--read-only", str(file)], check=False).returncode  # noqa: S603 - found on the user's own PATH
