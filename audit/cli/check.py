"""``release-audit check``: does a dataset keep its promises?"""

import typer

from audit.cli import FINDINGS
from audit.cli.options import DEFAULT_DATASET, DatasetOption, FormatOption, LimitOption, show, show_rows
from audit.cli.verbosity import LOG
from audit.reports.format import Format


def check(
    dataset: DatasetOption = DEFAULT_DATASET, form: FormatOption = Format.TABLE, limit: LimitOption = None
) -> None:
    """Run every assertion: each is a query that must find nothing; end with 1 if one does.

    A table shows the rows that should not be; the other formats count them, for assertions that hold as well.

    Example: release-audit check --dataset data/pypi
    """
    # Imported late: these load DuckDB and Arrow, which --help does without.
    from audit.access import Dataset
    from audit.queries.catalog import Group, load

    with Dataset(dataset) as opened:
        broken = opened.check()
    for answer in broken:
        LOG.warning("%s: %s rows that should not be", answer.name, f"{len(answer):,}")
        if form is Format.TABLE:
            show(answer, form, limit)
    assertions = [query.title for query in load().group(Group.ASSERTIONS)]
    if form is not Format.TABLE:
        found = {answer.name: len(answer) for answer in broken}
        show_rows([{"assertion": name, "row_count": found.get(name, 0)} for name in assertions], form)
    LOG.info("%d of %d assertions hold", len(assertions) - len(broken), len(assertions))
    if broken:
        raise typer.Exit(FINDINGS)
