"""``release-audit site``: all numbers as a folder of pages, for any web server."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.options import DEFAULT_DATASET, DatasetOption, WindowOption, naming_options
from audit.cli.verbosity import LOG
from audit.extras import needing

# With this limit a whole index needs less than 4 GB in all; what does not fit goes to a temporary folder.
_MEMORY = "3GB"


def site(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to make, or the site there to replace.")
    ],
    dataset: DatasetOption = DEFAULT_DATASET,
    projects: Annotated[
        int,
        typer.Option(
            "--projects", metavar="TOP", min=0, help="How many projects get a page: those with the most late files."
        ),
    ] = 200,
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", metavar="URL", help="Address of the published site, for its site map and previews."),
    ] = None,
    window_days: WindowOption = None,
) -> None:
    """Write all numbers as a static site: a page for each, with its rows to download, on any web server.

    Example: release-audit site --dataset data/pypi --out public
    """
    # Imported late: these load DuckDB, Altair and Jinja, which --help does not need.
    from audit.dataset.dataset import Dataset
    from audit.page.gathering import WINDOW_DAYS

    with needing("report", "a site"):
        from audit.site.site import check_site, served_from, write_site
    from audit.site.workbench import MISSING

    check_site(out, dataset)  # fails before the work, not after it
    with Dataset(dataset, memory=_MEMORY) as opened, naming_options({"window_days": window_days}):
        made = write_site(
            opened,
            out,
            window_days=WINDOW_DAYS if window_days is None else window_days,
            projects=projects,
            base_url=None if base_url is None else served_from(base_url),
        )
    if not made.has_workbench:
        LOG.info("%s", MISSING)
    LOG.info("%s: %s pages, %s bytes", out, f"{made.page_count:,}", f"{made.byte_count:,}")
