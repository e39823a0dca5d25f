"""``release-audit check``: checks that a dataset keeps its promises."""

from contextlib import nullcontext
from typing import Annotated

import typer

from audit.answers.format import Format
from audit.cli import FINDINGS
from audit.cli.findings import FindingsFormatOption, show_findings
from audit.cli.options import DEFAULT_DATASET, DatasetOption, LimitOption, OutputOption, answer_of, rendered
from audit.cli.output import write_text
from audit.cli.verbosity import LOG
from audit.findings.form import Form


def check(
    dataset: DatasetOption = DEFAULT_DATASET,
    is_all: Annotated[
        bool, typer.Option("--all", help="Check every project, not only those whose rows the last crawl wrote.")
    ] = False,
    form: FindingsFormatOption = Form.TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
) -> None:
    """Run every assertion: each is a query that must find nothing; ends with 1 if one does.

    Each crawl is followed by a check of what it wrote. So without --all only the projects that the last crawl wrote
    are checked, which takes as long as that night's changes need. (A file name that two projects share is found only
    if both are checked.) Use --all after a disk was damaged, a backup restored, or an upgrade.

    A table shows the rows that should not exist; the other formats count them. The formats of rows, and junit, also
    have the assertions that hold.

    Example: release-audit check --dataset data/pypi
    """
    # Imported late: these load DuckDB and Arrow, which --help does not need.
    from audit.dataset.dataset import Dataset
    from audit.findings.assertions import findings_of
    from audit.queries.catalog import Group, load

    with Dataset(dataset) as opened, nullcontext(opened) if is_all else opened.last_written() as part:
        broken = part.check()
        checked, there = part.project_count, opened.project_count
    for answer in broken:
        LOG.warning("%s: %s rows that should not exist", answer.name, f"{len(answer):,}")
    assertions = load().group(Group.ASSERTIONS)
    of = "" if checked == there else f" of the {checked:,} (of {there:,}) projects that the last crawl wrote"
    summary = f"{len(assertions) - len(broken):,} of {len(assertions):,} assertions hold{of}"
    if form is Form.TABLE:
        tables = [rendered(answer, Format.TABLE, limit) for answer in broken]
        write_text("".join(tables), out, outside=dataset)
    else:
        counts = {answer.name or "": len(answer) for answer in broken}
        rows = [{"assertion": query.title, "row_count": counts.get(query.title, 0)} for query in assertions]
        found = findings_of(assertions, counts, str(dataset), [f"{summary}."])
        show_findings(found, answer_of(rows), form, out=out, outside=dataset)
    LOG.info(summary)
    if broken:
        raise typer.Exit(FINDINGS)
