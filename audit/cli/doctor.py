"""``release-audit doctor``: what is wrong with an installation, a dataset or an index."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from audit.answers.format import Format
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
    sample: Annotated[
        int, typer.Option(metavar="N", min=1, max=100, help="How many of an index's projects to look at.")
    ] = 3,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what is wrong with an installation, a dataset or an index; ends with 1 if anything is.

    An index is asked only if it is named here, as index or by --index-url: for its list of projects, and for some of
    them through both APIs. Of each thing that a specification asks for it is told whether the index has it, and what
    it does to an audit if not; --format json or markdown is for whoever runs that index.

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
            findings += _index(context, index_url, json_url, project, sample)
    show_rows([_row(finding, form) for finding in findings], form)
    if any(finding.verdict is Verdict.FAIL for finding in findings):
        raise typer.Exit(FINDINGS)


def _index(
    context: typer.Context, index_url: str | None, json_url: str | None, project: str | None, sample: int
) -> "Iterable[Finding]":
    from audit.crawl.index import parse_name
    from audit.doctor import check_index
    from audit.doctor.finding import fail

    try:
        address = index_address(context, index_url, json_url)
    except IndexAddressError as error:
        return [fail("index address", str(error))]
    return check_index(address, datetime.now(UTC), parse_name(project) if project else None, sample)


def _row(finding: "Finding", form: Format) -> dict[str, str]:
    """A finding as a row: in a table its effect follows what was found, and the specification is named."""
    row = {"verdict": finding.verdict.value, "about": finding.about}
    if form is Format.TABLE:
        told = f"{finding.told}: {finding.effect}" if finding.effect else finding.told
        return row | {"finding": f"{told} [{finding.spec}]" if finding.spec else told}
    return row | {
        "finding": finding.told,
        "effect": finding.effect,
        "spec": finding.spec,
        "spec_url": finding.spec_url,
    }
