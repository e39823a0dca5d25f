"""A dataset that is written to: what whoever stages and commits does before anything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.dataset.commit import recover
from audit.dataset.snapshot import check_schema
from audit.dataset.staging import Staging
from audit.dataset.store import Store


@contextmanager
def writing(folder: Path, *, is_fresh: bool) -> Iterator[tuple[Store, Staging]]:
    """The dataset in ``folder``, which nobody else writes to within the block, and its staging.

    A staging whose commit took hold is dropped, unless ``is_fresh`` drops whatever is staged anyway.

    Raises:
        CrawlError: another crawl has the dataset; or what is staged does not read.
        DatasetError: the folder is none to write to, or its last commit is damaged or of another schema.
    """
    store = Store(folder)
    staging = Staging(store.staging)
    with store.locked():
        if not is_fresh:
            recover(store, staging)
        if store.current:
            check_schema(store.current)
        yield store, staging
