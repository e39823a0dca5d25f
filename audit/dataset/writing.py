"""Opens a dataset for writing: the first step of everything that stages and commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.dataset.commit import recover
from audit.dataset.snapshot import check_schema
from audit.dataset.staging import Staging
from audit.dataset.store import Store


@contextmanager
def writing(folder: Path, *, is_fresh: bool) -> Iterator[tuple[Store, Staging]]:
    """The dataset in ``folder`` and its staging; nothing else writes to it within the block.

    A staging whose commit took effect is dropped, unless ``is_fresh`` drops all staging anyway.

    Raises:
        CrawlError: another crawl uses the dataset; or what is staged cannot be read.
        DatasetError: the folder may not be written to, or its last commit is damaged or of another schema.
    """
    store = Store(folder)
    staging = Staging(store.staging)
    with store.locked():
        if not is_fresh:
            recover(store, staging)
        if store.current:
            check_schema(store.current)
        yield store, staging
