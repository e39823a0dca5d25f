"""``release-audit preflight``: what an index will say of built files, before they are uploaded."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from audit.answers.format import Format
from audit.cli import FINDINGS
from audit.cli.options import (
    ColumnsOption,
    EnvironmentOption,
    IndexOption,
    OutputOption,
    ThisOption,
    chosen,
    chosen_environment,
    index_address,
    instant,
    show,
)
from audit.cli.output import write_text
from audit.errors import UsageError
from audit.preflight.choice import Check, Form, RuleChoice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packaging.utils import NormalizedName

    from audit.preflight.listed import Listed
    from audit.preflight.preflight import Preflight

# A moment before and after each of these is a time too.
_YEARS: Final = range(1970, 9999)


def preflight(
    context: typer.Context,
    dist: Annotated[
        list[str] | None, typer.Argument(metavar="DIST", help="Built files, or patterns of them (default: dist/*).")
    ] = None,
    index_url: IndexOption = None,
    from_dataset: Annotated[
        Path | None,
        typer.Option("--dataset", metavar="DIR", help="Ask a dataset, which knows deleted files too, not the index."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When the upload is to be, as 2026-11-23T10:15Z (default: now).")
    ] = None,
    rule: Annotated[
        RuleChoice, typer.Option(help="Whose rules hold; auto: PyPI's if the index is PyPI, else none.")
    ] = RuleChoice.AUTO,
    fail_on: Annotated[
        list[Check] | None,
        typer.Option("--fail-on", metavar="FINDING", help="End with 1 also for this, such as displaces; repeatable."),
    ] = None,
    environment: EnvironmentOption = None,
    this: ThisOption = False,
    form: Annotated[
        Form,
        typer.Option(
            "--format",
            "-f",
            help="table is for people; sarif, github and junit are for other programs. parquet is for --output.",
        ),
    ] = Form.TABLE,
    columns: ColumnsOption = None,
    out: OutputOption = None,
) -> None:
    """Say of each built file what the index will do with it, and what stands out in all; ends with 1 if one is refused.

    Nothing is uploaded. Where no index is named, the one that pip is set to is asked. Files that join a release are
    held against what installers pick of it now, in the environments of today or in those that are named.

    Example: release-audit preflight dist/* --format json --output preflight.json
    """
    # Imported late: these load the HTTP client, Arrow and DuckDB, which --help does without.
    from audit.preflight.built import find_built, read_built
    from audit.preflight.findings import render
    from audit.preflight.listed import index_of
    from audit.preflight.preflight import preflight as run
    from audit.preflight.preflight import projects_of
    from audit.preflight.rule import rule_for
    from audit.queries.environments.environment import ERAS

    when = datetime.now(UTC) if at is None else instant("--at", at, _YEARS)  # the one clock of the command
    era = chosen_environment(environment, this=this)
    if columns is not None and form.of_answer is None:
        raise UsageError(f"--columns chooses columns, and --format {form} has none")
    paths = find_built(dist or ["dist/*"])
    files = read_built(paths)
    address = None if from_dataset is not None else index_address(context, index_url, None)
    named = address.simple if address is not None else index_of(from_dataset) if from_dataset is not None else None
    rules = rule_for(rule, named, when)
    listed = _listed(context, index_url, from_dataset, projects_of(files))
    found = run(files, listed, rules, when, era or ERAS[0])
    if form.of_answer is not None:
        _show(found, form.of_answer, columns, out, from_dataset)
    else:
        write_text(render(found, form, paths, fail_on or [], Path.cwd()), out, outside=from_dataset)
    if found.is_refused or found.has(fail_on or []):
        raise typer.Exit(FINDINGS)


def _show(found: "Preflight", form: Format, columns: str | None, out: Path | None, outside: Path | None) -> None:
    """Writes the rows; a table shows a person what matters most.

    Raises:
        UsageError: there is no such column, or ``out`` is no place for a file.
        OutputError: it cannot be written.
    """
    from audit.dataset.answer import Answer
    from audit.preflight.preflight import SHOWN

    names = columns or (",".join(SHOWN) if form is Format.TABLE else None)
    shown, _ = chosen(Answer(found.rows()), names, form)
    show(shown, form, 0, [found.summary()], out=out, outside=outside)


def _listed(
    context: typer.Context, index_url: str | None, dataset: Path | None, projects: "Sequence[NormalizedName]"
) -> "Mapping[NormalizedName, Listed]":
    """What the index, or the dataset, has of the projects.

    Raises:
        UsageError: both are named.
    """
    from audit.preflight.listed import of_dataset, of_index

    if dataset is None:
        return of_index(index_address(context, index_url, None), projects)
    source = context.get_parameter_source("index_url")
    if index_url is not None and source is not None and source.name == "COMMANDLINE":
        raise UsageError("--index-url and --dataset are two sources: give one")
    return of_dataset(dataset, projects)
