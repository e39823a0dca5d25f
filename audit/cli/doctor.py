"""``release-audit doctor``: finds what is wrong with an installation, a dataset or an index."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli import FINDINGS
from audit.cli.findings import FindingsFormatOption, show_findings
from audit.cli.options import (
    DEFAULT_DATASET,
    DatasetOption,
    IndexOption,
    JsonUrlOption,
    OutputOption,
    answer_of,
    index_address,
)
from audit.errors import IndexAddressError
from audit.findings.form import Form

if TYPE_CHECKING:
    from audit.findings.finding import Case


class PatientKind(StrEnum):
    """What the doctor examines."""

    INSTALLATION = "installation"
    DATASET = "dataset"
    INDEX = "index"


def doctor(
    context: typer.Context,
    patients: Annotated[
        list[PatientKind] | None,
        typer.Argument(metavar="WHAT", help="installation, dataset or index (default: the first two)."),
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
    form: FindingsFormatOption = Form.TABLE,
    out: OutputOption = None,
) -> None:
    """Say what is wrong with an installation, a dataset or an index; ends with 1 if anything is.

    An index is asked only if it is named here, as index or by --index-url: for its list of projects, and for some of
    them through both APIs. For each thing that a specification asks for, it says whether the index has it, and what it
    means for an audit if not; --format json or markdown is for the people who run that index.

    Example: release-audit doctor index --index-url https://host.example/simple/
    """
    from audit.doctor import check_dataset, check_installation, findings_of, row_of

    cases: list[Case] = []
    usual = [PatientKind.INSTALLATION, PatientKind.DATASET, *([PatientKind.INDEX] if index_url else [])]
    for patient in patients or usual:
        if patient is PatientKind.INSTALLATION:
            cases += check_installation()
        elif patient is PatientKind.DATASET:
            cases += check_dataset(dataset)
        else:
            cases += _index(context, index_url, json_url, project, sample)
    rows = [row_of(case) for case in cases]
    shown = list(map(_in_table, rows)) if form is Form.TABLE else rows
    show_findings(findings_of(cases), answer_of(shown), form, out=out, outside=dataset)
    if any(case.outcome == "failed" for case in cases):
        raise typer.Exit(FINDINGS)


def _index(
    context: typer.Context, index_url: str | None, json_url: str | None, project: str | None, sample: int
) -> "Iterable[Case]":
    from audit.crawl.index import parse_name
    from audit.doctor import check_index
    from audit.doctor.index import bad_address

    try:
        address = index_address(context, index_url, json_url)
    except IndexAddressError as error:
        return [bad_address(index_url, str(error))]
    return check_index(address, datetime.now(UTC), parse_name(project) if project else None, sample)


def _in_table(row: Mapping[str, str]) -> dict[str, str]:
    """A row as a table shows it: what was found, then the effect and the specification."""
    said = ": ".join(filter(None, [row["finding"], row["effect"]]))
    spec = f" [{row['spec']}]" if row["spec"] else ""
    return {"verdict": row["verdict"], "about": row["about"], "finding": f"{said}{spec}"}
