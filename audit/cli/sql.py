"""``release-audit sql``: any reading query over a dataset."""

from typing import Annotated

import typer

from audit.cli.options import DEFAULT_DATASET, DatasetOption, FormatOption, LimitOption, show
from audit.reports.format import Format


def sql(
    query: Annotated[str, typer.Argument(metavar="SQL", help="One statement that only reads.")],
    dataset: DatasetOption = DEFAULT_DATASET,
    form: FormatOption = Format.TABLE,
    limit: LimitOption = None,
) -> None:
    """Run SQL (DuckDB's) over files, projects, events, crawls and all views, such as releases and file_lags.

    Example: release-audit sql "select kind, count(*) from files group by kind"
    """
    from audit.scan import Dataset

    with Dataset(dataset) as opened:
        show(opened.sql(query), form, limit)
