"""``release-audit preflight``: what an index will do with built files, before they are uploaded."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from audit.cli import FINDINGS
from audit.cli.findings import FindingsFormatOption, check_columns, show_findings
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
)
from audit.errors import UsageError
from audit.findings.form import Form
from audit.preflight.choice import Check, RuleChoice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packaging.utils import NormalizedName

    from audit.dataset.answer import Answer
    from audit.preflight.listed import Listed
    from audit.preflight.preflight import Preflight

# The years for which a moment before and after is still a valid time.
_YEARS: Final = range(1970, 9999)


def preflight(
    context: typer.Context,
    dist: Annotated[
        list[str] | None,
        typer.Argument(metavar="DIST", help="Built files, patterns or folders of them (default: dist/*)."),
    ] = None,
    index_url: IndexOption = None,
    from_dataset: Annotated[
        Path | None,
        typer.Option("--dataset", metavar="DIR", help="Ask a dataset, which knows deleted files too, not the index."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When you will upload, such as 2026-11-23T10:15Z (default: now).")
    ] = None,
    rule: Annotated[
        RuleChoice, typer.Option(help="Whose rules apply; auto: PyPI's if the index is PyPI, else none.")
    ] = RuleChoice.AUTO,
    fail_on: Annotated[
        list[Check] | None,
        typer.Option(
            "--fail-on", metavar="FINDING", help="End with 1 for this finding too, such as displaces; repeatable."
        ),
    ] = None,
    environment: EnvironmentOption = None,
    this: ThisOption = False,
    form: FindingsFormatOption = Form.TABLE,
    columns: ColumnsOption = None,
    out: OutputOption = None,
) -> None:
    """Say what the index will do with each built file, and what is odd about them; ends with 1 if one is refused.

    Nothing is uploaded. If no index is named, the one that pip is set to is asked. Files that join a release are
    compared with what installers pick from it now, in the environments of today or in those that are named.

    Example: release-audit preflight dist/* --format json --output preflight.json
    """
    # Imported late: these load the HTTP client, Arrow and DuckDB, which --help does not need.
    from audit.preflight.built import find_built, read_built
    from audit.preflight.findings import findings_of
    from audit.preflight.listed import index_of
    from audit.preflight.preflight import preflight as run
    from audit.preflight.preflight import projects_of
    from audit.preflight.rule import rule_for
    from audit.queries.environments.environment import ERAS

    when = datetime.now(UTC) if at is None else instant("--at", at, _YEARS)  # the only clock of the command
    era = chosen_environment(environment, this=this)
    check_columns(columns, form)
    paths = find_built(dist or ["dist/*"])
    files = read_built(paths)
    address = None if from_dataset is not None else index_address(context, index_url, None)
    named = address.simple if address is not None else index_of(from_dataset) if from_dataset is not None else None
    rules = rule_for(rule, named, when)
    listed = _listed(context, index_url, from_dataset, projects_of(files))
    found = run(files, listed, rules, when, era or ERAS[0])
    findings = findings_of(found, paths, fail_on or [])
    shown = _shown(found, form, columns)
    show_findings(findings, shown, form, notes=findings.summary, out=out, outside=from_dataset)
    if found.is_refused or found.has(fail_on or []):
        raise typer.Exit(FINDINGS)


def _shown(found: "Preflight", form: Form, columns: str | None) -> "Answer":
    """The rows; in a table only the columns that matter most to a person.

    Raises:
        UsageError: there is no such column.
    """
    from audit.dataset.answer import Answer
    from audit.preflight.preflight import SHOWN

    names = columns or (",".join(SHOWN) if form is Form.TABLE else None)
    shown, _ = chosen(Answer(found.rows()), names, form.of_rows)
    return shown


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
