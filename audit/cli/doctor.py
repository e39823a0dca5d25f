"""``release-audit doctor``: what is wrong with an installation, a dataset or an index."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli import FINDINGS
from audit.cli.options import (
    DEFAULT_DATASET,
    DatasetOption,
    FormatOption,
    IndexOption,
    JsonUrlOption,
    index_address,
    show_rows,
)
from audit.errors import IndexAddressError
from audit.reports.format import Format

if TYPE_CHECKING:
    from audit.doctor import Finding


class Patient(StrEnum):
    """What the doctor looks at."""

    INSTALLATION = "installation"
    DATASET = "dataset"
    INDEX = "index"


def doctor(
    context: typer.Context,
    patients: Annotated[
        list[Patient] | None,
        typer.Argument(metavar="WHAT", help="installation, dataset or index; if not said: the first two."),
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    index_url: IndexOption = None,
    json_url: JsonUrlOption = None,
    project: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose page to ask an index for (default: its first).")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what is wrong with an installation, a dataset or an index; ends with 1 if anything is.

    An index is asked only if it is named here, as index or by --index-url, with three requests: for its list of
    projects, and for one project through each API.

    Example: release-audit doctor index --index-url https://host.example/simple/
    """
    from audit.doctor import Verdict, check_dataset, check_installation

    findings: list[Finding] = []
    usual = [Patient.INSTALLATION, Patient.DATASET, *([Patient.INDEX] if index_url else [])]
    for patient in patients or usual:
        if patient is Patient.INSTALLATION:
            findings += check_installation()
        elif patient is Patient.DATASET:
            findings += check_dataset(dataset)
        else:
            findings += _index(context, index_url, json_url, project)
    show_rows([{"verdict": f.verdict.value, "about": f.about, "finding": f.told} for f in findings], form)
    if any(finding.verdict is Verdict.FAIL for finding in findings):
        raise typer.Exit(FINDINGS)


def _index(
    context: typer.Context, index_url: str | None, json_url: str | None, project: str | None
) -> "Iterable[Finding]":
    from audit.doctor import check_index
    from audit.doctor.finding import fail
    from audit.index import parse_name

    try:
        address = index_address(context, index_url, json_url)
    except IndexAddressError as error:
        return [fail("index address", str(error))]
    return check_index(address, parse_name(project) if project else None)
