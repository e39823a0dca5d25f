"""``release-audit check``: does a dataset keep its promises?"""

import typer

from audit.cli import FINDINGS
from audit.cli.options import DEFAULT_DATASET, DatasetOption, FormatOption, LimitOption, show
from audit.cli.verbosity import LOG
from audit.reports.format import Format


def check(
    dataset: DatasetOption = DEFAULT_DATASET, form: FormatOption = Format.TABLE, limit: LimitOption = None
) -> None:
    """Run every assertion: each is a query that must find nothing; end with 1 if one does.

    Example: release-audit check --dataset data/pypi
    """
    # Imported late: these load DuckDB and Arrow, which --help does without.
    from audit.queries.catalog import Group, load
    from audit.scan import Dataset

    with Dataset(dataset) as opened:
        broken = opened.check()
    for answer in broken:
        LOG.warning("%s: %s rows that should not be", answer.name, f"{len(answer):,}")
        show(answer, form, limit)
    count = len(load().group(Group.ASSERTIONS))
    LOG.info("%d of %d assertions hold", count - len(broken), count)
    if broken:
        raise typer.Exit(FINDINGS)
