"""``release-audit check``: does a dataset keep its promises?"""

from contextlib import nullcontext
from typing import Annotated

import typer

from audit.answers.format import Format
from audit.cli import FINDINGS
from audit.cli.options import DEFAULT_DATASET, DatasetOption, FormatOption, LimitOption, show, show_rows
from audit.cli.verbosity import LOG


def check(
    dataset: DatasetOption = DEFAULT_DATASET,
    is_all: Annotated[
        bool, typer.Option("--all", help="Check every project, not only those whose rows the last crawl wrote.")
    ] = False,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
) -> None:
    """Run every assertion: each is a query that must find nothing; end with 1 if one does.

    What earlier crawls wrote was checked after them: without --all, only the projects are checked that the last crawl
    wrote anew, so that a check after a night takes as long as that night brought changes. (A file of one name in two
    projects is found where both are checked.) Say --all after a disk was damaged, a backup restored, or an upgrade.

    A table shows the rows that should not be; the other formats count them, for assertions that hold as well.

    Example: release-audit check --dataset data/pypi
    """
    # Imported late: these load DuckDB and Arrow, which --help does without.
    from audit.dataset.dataset import Dataset
    from audit.queries.catalog import Group, load

    with Dataset(dataset) as opened, nullcontext(opened) if is_all else opened.last_written() as part:
        broken = part.check()
        checked, there = part.project_count, opened.project_count
    for answer in broken:
        LOG.warning("%s: %s rows that should not be", answer.name, f"{len(answer):,}")
        if form is Format.TABLE:
            show(answer, form, limit)
    assertions = [query.title for query in load().group(Group.ASSERTIONS)]
    if form is not Format.TABLE:
        found = {answer.name: len(answer) for answer in broken}
        show_rows([{"assertion": name, "row_count": found.get(name, 0)} for name in assertions], form)
    of = "" if checked == there else f" of the {checked:,} (of {there:,}) projects that the last crawl wrote"
    LOG.info("%d of %d assertions hold%s", len(assertions) - len(broken), len(assertions), of)
    if broken:
        raise typer.Exit(FINDINGS)
