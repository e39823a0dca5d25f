"""``release-audit status``: the state of a dataset, at any time."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from audit.answers.format import Format, check_text
from audit.cli.options import DEFAULT_DATASET, DatasetOption, FormatOption
from audit.cli.output import write
from audit.errors import DatasetError

if TYPE_CHECKING:
    from audit.answers.status import Status


def status(dataset: DatasetOption = DEFAULT_DATASET, form: FormatOption = Format.TABLE) -> None:
    """Show coverage, age, the last crawls, failures by reason, and a crawl that is running or was left unfinished.

    Example: release-audit status --dataset data/pypi --format json
    """
    from audit.answers.status import render

    check_text(form)
    width = shutil.get_terminal_size((80, 24)).columns
    write(render(_read(dataset, datetime.now(UTC)), form, width=width))


def _read(dataset: Path, now: datetime) -> "Status":
    # Imported late: these load DuckDB and Arrow, which --help does not need.
    import dataclasses

    import pyarrow as pa

    from audit.answers.status import Status
    from audit.dataset.dataset import Dataset
    from audit.dataset.unfinished import read_unfinished
    from audit.program import version

    left = read_unfinished(dataset)
    unfinished = None if left is None else dataclasses.asdict(left)
    try:
        opened = Dataset(dataset)
    except DatasetError:
        if left is None or not left.is_first:
            raise
        return Status(dataset, now, version(), unfinished=unfinished)
    with opened:
        held = dataclasses.asdict(opened.describe())
        crawls, failures = (opened.query(name).arrow() for name in ("last-crawls", "failures-by-reason"))
        programs = [opened.programs.get(crawl_id) or None for crawl_id in crawls["crawl_id"].to_pylist()]
        crawls = crawls.append_column("program", pa.array(programs, pa.string()))
    return Status(dataset, now, version(), held, crawls, failures, unfinished)
