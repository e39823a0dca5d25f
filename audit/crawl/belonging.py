"""Which index a dataset belongs to."""

from audit.crawl.request import CrawlRequest
from audit.dataset.mark import Mark, mark_of, read_mark
from audit.dataset.store import Store
from audit.errors import UsageError


def own_mark(store: Store, request: CrawlRequest) -> Mark:
    """The dataset's mark; an empty one before the first commit, as the dataset belongs to no index yet.

    Raises:
        UsageError: the dataset belongs to another index than the one asked for.
        DatasetError: there is a mark that cannot be read.
    """
    mark = read_mark(store.folder)
    if mark is None or store.current is None:
        return mark_of()
    if mark.index_url not in {None, request.address.simple} and not request.is_moved:
        raise UsageError(
            f"{store.folder} belongs to {mark.index_url}, not to {request.address.simple}: choose another --dataset, "
            "or say --moved-index if it is the same index at a new address"
        )
    return mark
