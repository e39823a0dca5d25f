"""The note on ``--including-deleted`` for answers without notes, or that it does not change."""

from typing import TYPE_CHECKING

from audit.answers.format import Format
from audit.cli.verbosity import LOG

if TYPE_CHECKING:
    from audit.dataset.dataset import Dataset
    from audit.queries.catalog import Query


def tell_deleted(opened: "Dataset", query: "Query", form: Format) -> None:
    """Writes to standard error what the answer to ``query`` cannot say itself about deleted files, if they count."""
    from audit.queries.catalog import load

    if (note := opened.deleted_note()) is None:
        return
    if not load().counts_deleted(query):
        LOG.info("--including-deleted changes nothing in %s", query.title)
    elif form in {Format.CSV, Format.JSON, Format.PARQUET}:
        LOG.info("%s", note)
